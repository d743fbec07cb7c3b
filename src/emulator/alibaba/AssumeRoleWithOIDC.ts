/** AssumeRoleWithOIDC. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { timestamp } from "../../protocol/encoding.js"
import * as Oidc from "../Oidc.js"
import { Ram } from "../Policy.js"
import type { Refusal } from "../Service.js"
import { arnOf, findOidcProvider, type Held, type OidcProvider, type Role } from "./Account.js"
import { assumedRoleUserOf, type Call, checkDuration, credentialsOf, roleOf } from "./Caller.js"
import * as Fields from "./Fields.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"

const maxTokenLength = 20_000

const check = (state: State, { parameters }: Call) =>
  Result.gen(function* () {
    const providerArn = yield* Fields.arn(parameters, "OIDCProviderArn", "oidc-provider")
    const roleArn = yield* Fields.roleArn(parameters)
    const token = yield* Fields.proof(parameters, "OIDCToken", maxTokenLength)
    const name = yield* Fields.roleSessionName(parameters)
    const seconds = yield* Fields.durationSeconds(parameters)
    const policy = yield* Fields.policy(parameters)
    const provider = yield* Result.fromNullishOr(
      findOidcProvider(state.accounts, providerArn),
      () => Refusals.oidcProviderNotFound
    )
    const { account, value: role } = yield* roleOf(state.accounts, roleArn)
    yield* checkDuration(role, seconds)
    return { token, provider, seconds, session: { account, role, name, policy, sourceIdentity: undefined } }
  })

const refusalOf = ({ _tag, detail }: Oidc.OidcFault): Refusal =>
  _tag === "Expired" ? Refusals.oidcExpired : Refusals.oidcInvalid(detail)

const checkTrust = (
  role: Role,
  { account, value: provider }: Held<OidcProvider>,
  verified: Oidc.Verified
): Result.Result<void, Refusal> =>
  Ram.allows([role.trustPolicy], {
    action: "sts:AssumeRole",
    principal: { kind: "Federated", names: [arnOf(account, "oidc-provider", provider.name)] },
    context: {
      "oidc:iss": [verified.issuer],
      "oidc:aud": verified.audience,
      "oidc:sub": [verified.subject]
    }
  })
    ? Result.void
    : Result.fail(Refusals.federationNoPermission)

const tokenInfoOf = (verified: Oidc.Verified) => ({
  Subject: verified.subject,
  Issuer: verified.issuer,
  ClientIds: verified.audience.join(","),
  ExpirationTime: timestamp(verified.expirationTime * 1000),
  IssuanceTime: timestamp(verified.issuanceTime * 1000),
  VerificationInfo: "Success"
})

/** Issues credentials of a role to whom an OIDC provider vouches for. */
export const assumeRoleWithOIDC = (state: State, call: Call): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const { provider, seconds, session, token } = yield* Effect.fromResult(check(state, call))
    const verified = yield* Oidc.verify(token, provider.value, state.ownKey, call.now, refusalOf)
    yield* Effect.fromResult(checkTrust(session.role, provider, verified))
    const issued = yield* state.issue(session, seconds, call.now)
    return {
      Credentials: credentialsOf(issued),
      AssumedRoleUser: assumedRoleUserOf(issued, "provider"),
      OIDCTokenInfo: tokenInfoOf(verified)
    }
  })
