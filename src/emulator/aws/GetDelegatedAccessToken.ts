/** GetDelegatedAccessToken, and the tokens that it takes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { GetDelegatedAccessToken } from "../../schemas/aws/GetDelegatedAccessToken.js"
import { findRole } from "./Account.js"
import * as Constraint from "./Constraint.js"
import { type AssumedRole, arnOfIdentity } from "./Identity.js"
import { type SignedCall, signed } from "./Operation.js"
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import * as Seed from "./Seed.js"
import { credentialsOf, defaultSeconds, noTags } from "./Session.js"
import type { State } from "./State.js"

const constraint = Constraint.structure({ tradeInToken: Constraint.text({ min: 1, sensitive: true }) })

const action = "sts:GetDelegatedAccessToken"

/** What a customer delegates. */
export interface TradeInTokenOptions {
  /** The role whose permissions are delegated; the seeded one where left out. */
  readonly roleArn?: string | undefined
  /** One hour where left out. */
  readonly expiresIn?: Duration.Input | undefined
}

/** A token by which a customer delegates access. */
export const mint = (
  state: State,
  { expiresIn = "1 hour", roleArn = Seed.arns.role }: TradeInTokenOptions,
  now: number
): Effect.Effect<Redacted.Redacted> =>
  Effect.map(state.generator.text(120), (token) => {
    state.tradeInTokens.set(token, { roleArn, expiration: now + Duration.toMillis(expiresIn) }, now)
    return Redacted.make(token)
  })

const check = (state: State, { caller, fields, now }: SignedCall) =>
  Result.gen(function* () {
    const { tradeInToken } = yield* Constraint.check(constraint, fields)
    const context = Permission.contextOf(caller, caller.session?.mfa ?? false, now)
    yield* Permission.check(caller, { action, resource: "*", context })
    const token = state.tradeInTokens.get(tradeInToken, now)
    const role = token === undefined ? undefined : findRole(state.accounts, token.roleArn)
    if (token === undefined || role === undefined) {
      return yield* Result.fail(Refusals.notAuthorized(arnOfIdentity(caller.identity), action, "*"))
    }
    if (token.expiration <= now) return yield* Result.fail(Refusals.expiredTradeInToken)
    const identity: AssumedRole = {
      _tag: "AssumedRole",
      account: role.account,
      role: role.value,
      name: "delegated-access",
      policies: undefined,
      sourceIdentity: undefined,
      ...noTags
    }
    return { identity, assumedPrincipal: token.roleArn }
  })

/** Issues credentials in exchange for a token by which a customer delegated access. */
export const getDelegatedAccessToken = signed(GetDelegatedAccessToken, (state, call) =>
  Effect.gen(function* () {
    const { assumedPrincipal, identity } = yield* Effect.fromResult(check(state, call))
    const session = yield* state.issue(identity, defaultSeconds, call.now)
    return { credentials: credentialsOf(session), packedPolicySize: 0, assumedPrincipal }
  })
)
