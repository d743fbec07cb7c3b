/** GetSessionToken. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { GetSessionToken } from "../../schemas/aws/GetSessionToken.js"
import * as Constraint from "./Constraint.js"
import { credentialsOf, userSeconds } from "./Issue.js"
import * as Mfa from "./Mfa.js"
import { type SignedCall, signed } from "./Operation.js"
import { noSessionCredentials } from "./Refusals.js"

const { optional, structure } = Constraint

const constraint = structure({
  durationSeconds: optional(Constraint.userDuration),
  serialNumber: optional(Constraint.serialNumber),
  tokenCode: optional(Constraint.tokenCode)
})

const check = ({ caller, fields, now }: SignedCall) =>
  Result.gen(function* () {
    const asked = yield* Constraint.check(constraint, fields)
    if (caller.session !== undefined) return yield* Result.fail(noSessionCredentials("GetSessionToken"))
    const mfa = yield* Mfa.check(caller, asked, now)
    return { mfa, seconds: userSeconds(caller.identity, asked.durationSeconds) }
  })

/** Issues temporary credentials of the caller itself. */
export const getSessionToken = signed(GetSessionToken, (state, call) =>
  Effect.gen(function* () {
    const { mfa, seconds } = yield* Effect.fromResult(check(call))
    const session = yield* state.issue(call.caller.identity, seconds, call.now, mfa)
    return { credentials: credentialsOf(session) }
  })
)
