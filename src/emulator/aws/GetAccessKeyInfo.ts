/** GetAccessKeyInfo. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { GetAccessKeyInfo } from "../../schemas/aws/GetAccessKeyInfo.js"
import * as Constraint from "./Constraint.js"
import { accountOf } from "./Identity.js"
import { signed } from "./Operation.js"
import * as Permission from "./Permission.js"
import { validation } from "./Refusals.js"

const constraint = Constraint.structure({
  accessKeyId: Constraint.text({ min: 16, max: 128, pattern: "[\\w]*" })
})

/** Tells which account a key belongs to: any key whose id tells, and every key that is known here. */
export const getAccessKeyInfo = signed(GetAccessKeyInfo, (state, { caller, fields, now }) =>
  Effect.fromResult(
    Result.gen(function* () {
      const { accessKeyId } = yield* Constraint.check(constraint, fields)
      const context = Permission.contextOf(caller, caller.session?.mfa ?? false, now)
      yield* Permission.check(caller, { action: "sts:GetAccessKeyInfo", resource: "*", context })
      const account = state.findKey(accessKeyId)?.identity.account.id ?? accountOf(accessKeyId)
      return account === undefined
        ? yield* Result.fail(validation("The specified access key id is not valid."))
        : { account }
    })
  )
)
