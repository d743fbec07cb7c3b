/** `alibaba`: everything that is done with Alibaba Cloud. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../alibaba.js"
import { show } from "../output.js"
import { flags, withSession } from "./session.js"

const whoami = Command.make("whoami", flags, (session) =>
  Effect.flatMap(
    Alibaba.getCallerIdentity(),
    ({ accountId, arn, identityType, principalId, roleId, userId }) =>
      show({ identityType, accountId, arn, principalId, userId, roleId })
  ).pipe(withSession(session))
).pipe(Command.withDescription("Tell whom the credentials belong to."))

/** The command. */
export const alibaba = Command.make("alibaba").pipe(Command.withSubcommands([whoami]))
