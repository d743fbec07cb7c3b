/** Operations that issue credentials to users, without any role: GetFederationToken and GetSessionToken. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { GetFederationToken } from "../../schemas/aws/GetFederationToken.js"
import { GetSessionToken } from "../../schemas/aws/GetSessionToken.js"
import * as Constraint from "./Constraint.js"
import { arnOfIdentity, type FederatedUser, userIdOf } from "./Identity.js"
import * as Mfa from "./Mfa.js"
import { type SignedCall, signed } from "./Operation.js"
import * as Permission from "./Permission.js"
import { noSessionCredentials } from "./Refusals.js"
import { credentialsOf, narrow, tagContext, uniqueTags, userSeconds } from "./Session.js"

const { optional, structure, text } = Constraint

const federationConstraint = structure({
  name: text({ min: 2, max: 32, pattern: "[\\w+=,.@-]*" }),
  policy: optional(Constraint.policy),
  policyArns: optional(Constraint.policyArns),
  durationSeconds: optional(Constraint.userDuration),
  tags: optional(Constraint.tags)
})

const checkFederation = ({ caller, fields, now }: SignedCall) =>
  Result.gen(function* () {
    const {
      durationSeconds,
      name,
      policy,
      policyArns,
      tags: asked = []
    } = yield* Constraint.check(federationConstraint, fields)
    if (caller.session !== undefined) return yield* Result.fail(noSessionCredentials("GetFederationToken"))
    const tags = yield* uniqueTags(asked)
    const { account } = caller.identity
    const identity: FederatedUser = { _tag: "FederatedUser", account, name, tags }
    const context = {
      ...Permission.contextOf(caller, false, now),
      ...tagContext("aws:RequestTag", tags),
      "aws:TagKeys": Object.keys(tags)
    }
    const actions = ["sts:GetFederationToken", ...(asked.length > 0 ? ["sts:TagSession"] : [])]
    for (const action of actions) {
      yield* Permission.check(caller, { action, resource: arnOfIdentity(identity), context })
    }
    const { packedPolicySize } = yield* narrow({ policy, policyArns, tags })
    return { identity, packedPolicySize, seconds: userSeconds(caller.identity, durationSeconds) }
  })

/** Issues credentials to a user whom the caller vouches for. */
export const getFederationToken = signed(GetFederationToken, (state, call) =>
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

const sessionConstraint = structure({
  durationSeconds: optional(Constraint.userDuration),
  serialNumber: optional(Constraint.serialNumber),
  tokenCode: optional(Constraint.tokenCode)
})

const checkSession = ({ caller, fields, now }: SignedCall) =>
  Result.gen(function* () {
    const asked = yield* Constraint.check(sessionConstraint, fields)
    if (caller.session !== undefined) return yield* Result.fail(noSessionCredentials("GetSessionToken"))
    const mfa = yield* Mfa.check(caller, asked, now)
    return { mfa, seconds: userSeconds(caller.identity, asked.durationSeconds) }
  })

/** Issues temporary credentials of the caller itself. */
export const getSessionToken = signed(GetSessionToken, (state, call) =>
  Effect.gen(function* () {
    const { mfa, seconds } = yield* Effect.fromResult(checkSession(call))
    const session = yield* state.issue(call.caller.identity, seconds, call.now, mfa)
    return { credentials: credentialsOf(session) }
  })
)
