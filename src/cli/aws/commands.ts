/** `aws`: everything that is done with AWS. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Aws from "../../aws.js"
import { show } from "../output.js"
import { flags, withSession } from "./session.js"

const whoami = Command.make("whoami", flags, (session) =>
  Effect.flatMap(Aws.getCallerIdentity(), ({ account, arn, userId }) => show({ account, arn, userId })).pipe(
    withSession(session)
  )
).pipe(Command.withDescription("Tell whom the credentials belong to."))

/** The command. */
export const aws = Command.make("aws").pipe(Command.withSubcommands([whoami]))
