/** GetCallerIdentity. */
import * as Effect from "effect/Effect"
import { GetCallerIdentity } from "../../schemas/aws/GetCallerIdentity.js"
import { arnOfIdentity, userIdOf } from "./Identity.js"
import { signed } from "./Operation.js"

/** Tells the caller who it is. No policy can deny it. */
export const getCallerIdentity = signed(GetCallerIdentity, (_state, { caller: { identity } }) =>
  Effect.succeed({
    arn: arnOfIdentity(identity),
    userId: userIdOf(identity),
    account: identity.account.id
  })
)
