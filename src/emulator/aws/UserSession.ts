/**
 * Operations that issue credentials without naming a role: GetFederationToken, GetSessionToken, and
 * GetDelegatedAccessToken with the tokens that it takes.
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type GetDelegatedAccessTokenInput,
  GetDelegatedAccessTokenOperation
} from "../../schemas/aws/GetDelegatedAccessToken.js"
import {
  type GetFederationTokenInput,
  GetFederationTokenOperation
} from "../../schemas/aws/GetFederationToken.js"
import { type GetSessionTokenInput, GetSessionTokenOperation } from "../../schemas/aws/GetSessionToken.js"
import type { Plain } from "../../schemas/Operation.js"
import { findRole } from "./Account.js"
import { arnOfIdentity, assumedRole, type FederatedUser, userIdOf } from "./Identity.js"
import { type Call, operation } from "./Operation.js"
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import * as Seed from "./Seed.js"
import { credentialsOf, defaultSeconds, narrow, tagContext, uniqueTags, userSeconds } from "./Session.js"
import type { State } from "./State.js"

const checkFederation = ({ caller, fields, now }: Call<Plain<GetFederationTokenInput>>) =>
  Result.gen(function* () {
    const { durationSeconds, name, policy, policyArns, tags: asked = [] } = fields
    if (caller.session !== undefined)
      return yield* Result.fail(Refusals.noSessionCredentials("GetFederationToken"))
    const tags = yield* uniqueTags(asked)
    const { account } = caller.identity
    const identity: FederatedUser = { _tag: "FederatedUser", account, name, tags }
    const context = { ...tagContext("aws:RequestTag", tags), "aws:TagKeys": Object.keys(tags) }
    const actions = ["sts:GetFederationToken", ...(asked.length > 0 ? ["sts:TagSession"] : [])]
    for (const action of actions) {
      yield* Permission.check(caller, now, action, { resource: arnOfIdentity(identity), context })
    }
    const { packedPolicySize } = yield* narrow({ policy, policyArns, tags })
    return { identity, packedPolicySize, seconds: userSeconds(caller.identity, durationSeconds) }
  })

/** Issues credentials to a user whom the caller vouches for. */
export const getFederationToken = operation(GetFederationTokenOperation, (state, call) =>
  Effect.gen(function* () {
    const { identity, packedPolicySize, seconds } = yield* Effect.fromResult(checkFederation(call))
    const session = yield* state.issue(identity, seconds, call.now)
    return {
      credentials: credentialsOf(session),
      federatedUser: { federatedUserId: userIdOf(identity), arn: arnOfIdentity(identity) },
      packedPolicySize
    }
  })
)

const checkSession = ({ caller, fields: asked, now }: Call<Plain<GetSessionTokenInput>>) =>
  Result.gen(function* () {
    if (caller.session !== undefined)
      return yield* Result.fail(Refusals.noSessionCredentials("GetSessionToken"))
    const mfa = yield* Permission.checkMfa(caller, asked, now)
    return { mfa, seconds: userSeconds(caller.identity, asked.durationSeconds) }
  })

/** Issues temporary credentials of the caller itself. */
export const getSessionToken = operation(GetSessionTokenOperation, (state, call) =>
  Effect.gen(function* () {
    const { mfa, seconds } = yield* Effect.fromResult(checkSession(call))
    const session = yield* state.issue(call.caller.identity, seconds, call.now, mfa)
    return { credentials: credentialsOf(session) }
  })
)

const delegation = "sts:GetDelegatedAccessToken"

/** What a customer delegates. */
export interface TradeInTokenOptions {
  /** The role whose permissions are delegated; the seeded one where left out. */
  readonly roleArn?: string | undefined
  /** One hour where left out. */
  readonly expiresIn?: Duration.Input | undefined
}

/** A token by which a customer delegates access. */
export const mintTradeInToken = (
  state: State,
  { expiresIn = "1 hour", roleArn = Seed.arns.role }: TradeInTokenOptions,
  now: number
): Effect.Effect<Redacted.Redacted> =>
  Effect.map(state.generator.text(120), (token) => {
    state.tradeInTokens.set(token, { roleArn, expiration: now + Duration.toMillis(expiresIn) }, now)
    return Redacted.make(token)
  })

const checkDelegation = (state: State, { caller, fields, now }: Call<Plain<GetDelegatedAccessTokenInput>>) =>
  Result.gen(function* () {
    yield* Permission.check(caller, now, delegation)
    const token = state.tradeInTokens.get(fields.tradeInToken, now)
    const role = token === undefined ? undefined : findRole(state.accounts, token.roleArn)
    if (token === undefined || role === undefined) {
      return yield* Result.fail(Refusals.notAuthorized(arnOfIdentity(caller.identity), delegation, "*"))
    }
    if (token.expiration <= now) return yield* Result.fail(Refusals.expiredTradeInToken)
    return { identity: assumedRole(role, "delegated-access"), assumedPrincipal: token.roleArn }
  })

/** Issues credentials in exchange for a token by which a customer delegated access. */
export const getDelegatedAccessToken = operation(GetDelegatedAccessTokenOperation, (state, call) =>
  Effect.gen(function* () {
    const { assumedPrincipal, identity } = yield* Effect.fromResult(checkDelegation(state, call))
    const session = yield* state.issue(identity, defaultSeconds, call.now)
    return { credentials: credentialsOf(session), packedPolicySize: 0, assumedPrincipal }
  })
)
