/**
 * Operations without a role in their request: those that issue credentials, GetFederationToken, GetSessionToken and
 * GetDelegatedAccessToken, and those that only tell something, GetCallerIdentity, GetAccessKeyInfo and
 * DecodeAuthorizationMessage; with the tokens and messages that they take.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { DecodeAuthorizationMessageOperation } from "../../schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfoOperation } from "../../schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentityOperation } from "../../schemas/aws/GetCallerIdentity.js"
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
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import * as Seed from "./Seed.js"
import { credentialsOf, defaultSeconds, narrow, tagContext, uniqueTags, userSeconds } from "./Session.js"
import {
  accountOf,
  arnOfIdentity,
  assumedRole,
  type FederatedUser,
  operation,
  type SignedCall,
  type State,
  userIdOf
} from "./State.js"

const checkFederation = (call: SignedCall<Plain<GetFederationTokenInput>>) =>
  Result.gen(function* () {
    const { caller, fields } = call
    const { durationSeconds, name, policy, policyArns, tags: asked = [] } = fields
    if (caller.session !== undefined)
      return yield* Result.fail(Refusals.noSessionCredentials("GetFederationToken"))
    const tags = yield* uniqueTags(asked)
    const { account } = caller.identity
    const identity: FederatedUser = { _tag: "FederatedUser", account, name, tags }
    const context = { ...tagContext("aws:RequestTag", tags), "aws:TagKeys": Object.keys(tags) }
    const actions = ["sts:GetFederationToken", ...(asked.length > 0 ? ["sts:TagSession"] : [])]
    for (const action of actions) {
      yield* Permission.check(call, action, { resource: arnOfIdentity(identity), context })
    }
    const { packedPolicySize } = yield* narrow({ policy, policyArns, tags })
    return { identity, packedPolicySize, seconds: userSeconds(caller.identity, durationSeconds) }
  })

/** Issues credentials to a federated user. */
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

const checkSession = ({ caller, fields: asked, now }: SignedCall<Plain<GetSessionTokenInput>>) =>
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

/** Options of a trade-in token. */
export interface TradeInTokenOptions {
  /** The role to delegate. Default: the seeded one. */
  readonly roleArn?: string | undefined
  /** Default: 1 hour. */
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

const checkDelegation = (state: State, call: SignedCall<Plain<GetDelegatedAccessTokenInput>>) =>
  Result.gen(function* () {
    const { caller, fields, now } = call
    yield* Permission.check(call, delegation)
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

/** States the caller's identity. No policy can deny it. */
export const getCallerIdentity = operation(GetCallerIdentityOperation, (_state, { caller: { identity } }) =>
  Effect.succeed({
    arn: arnOfIdentity(identity),
    userId: userIdOf(identity),
    account: identity.account.id
  })
)

/** States the account of an access key: from the key's id, or of any key that is known here. */
export const getAccessKeyInfo = operation(GetAccessKeyInfoOperation, (state, call) =>
  Effect.fromResult(
    Result.gen(function* () {
      const { accessKeyId } = call.fields
      yield* Permission.check(call, "sts:GetAccessKeyInfo")
      const account = state.findKey(accessKeyId)?.owner.account.id ?? accountOf(accessKeyId)
      return account === undefined
        ? yield* Result.fail(Refusals.validation("The specified access key id is not valid."))
        : { account }
    })
  )
)

/** The contents of an authorization message. */
export interface AuthorizationMessageOptions {
  /** The account that may decode it. Default: the seeded one. */
  readonly accountId?: string | undefined
  /** The action that was refused. Default: `ec2:RunInstances`. */
  readonly action?: string | undefined
  /** The resource, by its ARN. Default: none. */
  readonly resource?: string | undefined
}

const documentOf = ({ action, resource }: AuthorizationMessageOptions): object => ({
  allowed: false,
  explicitDeny: false,
  matchedStatements: { items: [] },
  failures: { items: [] },
  context: {
    principal: { id: "AIDAEMULATORBOB000001", name: "bob", arn: Seed.arns.userWithoutPermission },
    action: action ?? "ec2:RunInstances",
    resource: resource ?? `arn:aws:ec2:${Seed.region}:${Seed.accountId}:instance/*`,
    conditions: { items: [{ key: "ec2:InstanceType", values: { items: [{ value: "t3.micro" }] } }] }
  }
})

/** A message as a service encodes it in a refusal. */
export const mintAuthorizationMessage = (
  state: State,
  options: AuthorizationMessageOptions,
  now: number
): Effect.Effect<string> =>
  Effect.map(state.generator.text(200), (encoded) => {
    const message = {
      accountId: options.accountId ?? Seed.accountId,
      text: JSON.stringify(documentOf(options))
    }
    state.authorizationMessages.set(encoded, message, now)
    return encoded
  })

/** Decodes why a request was refused. */
export const decodeAuthorizationMessage = operation(DecodeAuthorizationMessageOperation, (state, call) =>
  Effect.fromResult(
    Result.gen(function* () {
      const { caller, fields, now } = call
      yield* Permission.check(call, "sts:DecodeAuthorizationMessage")
      const message = state.authorizationMessages.get(fields.encodedMessage, now)
      return message?.accountId === caller.identity.account.id
        ? { decodedMessage: message.text }
        : yield* Result.fail(Refusals.invalidAuthorizationMessage)
    })
  )
)
