/** Operations that issue credentials of a role: AssumeRole, AssumeRoleWithOIDC and AssumeRoleWithSAML. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { timestamp } from "../../protocol/encoding.js"
import { type AssumeRoleInput, AssumeRoleOperation } from "../../schemas/alibaba/AssumeRole.js"
import {
  type AssumeRoleWithOIDCInput,
  AssumeRoleWithOIDCOperation
} from "../../schemas/alibaba/AssumeRoleWithOIDC.js"
import {
  type AssumeRoleWithSAMLInput,
  AssumeRoleWithSAMLOperation
} from "../../schemas/alibaba/AssumeRoleWithSAML.js"
import { RoleSessionName } from "../../schemas/alibaba/Fields.js"
import type { Plain } from "../../schemas/Operation.js"
import * as IdentityProvider from "../IdentityProvider.js"
import { type Context, type Note, Ram, type RamDocument, trustOf } from "../Policy.js"
import * as Saml from "../Saml.js"
import { type Assertion, pairsOf, type SamlFault } from "../SamlDocument.js"
import type { Refusal } from "../Service.js"
import { arnOf, findOidcProvider, findSamlProvider, type Held, type Role } from "./Account.js"
import * as Refusals from "./Refusals.js"
import {
  assumedRoleUserOf,
  type Caller,
  checkDuration,
  credentialsOf,
  operation,
  policiesOf,
  principalsOf,
  roleOf,
  type Session,
  type SignedCall,
  type State
} from "./State.js"

const action = "sts:AssumeRole"

const defaultSeconds = 3600

const parsePolicy = (text: string | undefined): Result.Result<RamDocument | undefined, Refusal> =>
  text === undefined
    ? Result.succeed(undefined)
    : Result.fromOption(Ram.parse(text), () => Refusals.policyGrammar)

const checkPermission = (
  { caller, note }: SignedCall<unknown>,
  { account, value: role }: Held<Role>,
  context: Context
): Result.Result<void, Refusal> => {
  const resource = arnOf(account, "role", role.name)
  const permitted = policiesOf(caller).every(({ documents, name }) =>
    Ram.allows(note, name, documents, { action, resource, context })
  )
  const principal = { kind: "RAM", names: principalsOf(caller) } as const
  return permitted && Ram.allows(note, trustOf(resource), [role.trustPolicy], { action, principal, context })
    ? Result.void
    : Result.fail(Refusals.noPermission)
}

const sourceIdentityOf = (
  caller: Caller,
  asked: string | undefined
): Result.Result<string | undefined, Refusal> => {
  const kept = caller._tag === "AssumedRoleUser" ? caller.session.sourceIdentity : undefined
  if (kept === undefined) return Result.succeed(asked)
  // It names who is behind the whole chain, so no later session may change it.
  return asked === undefined || asked === kept ? Result.succeed(kept) : Result.fail(Refusals.noPermission)
}

const listOf = (value: string | undefined): ReadonlyArray<string> => (value === undefined ? [] : [value])

const check = (state: State, call: SignedCall<Plain<AssumeRoleInput>>) =>
  Result.gen(function* () {
    const { caller, fields } = call
    const { durationSeconds: seconds = defaultSeconds, externalId, roleArn, roleSessionName: name } = fields
    const policy = yield* parsePolicy(fields.policy)
    if (caller._tag === "Account") return yield* Result.fail(Refusals.noPermission)
    const held = yield* roleOf(state.accounts, roleArn)
    const { account, value: role } = held
    const sourceIdentity = yield* sourceIdentityOf(caller, fields.sourceIdentity)
    yield* checkPermission(call, held, {
      "sts:ExternalId": listOf(externalId),
      "sts:SourceIdentity": listOf(sourceIdentity),
      "sts:RoleSessionName": [name]
    })
    yield* checkDuration(role, seconds)
    return { seconds, session: { account, role, name, policy, sourceIdentity } }
  })

/** Issues credentials of a role to a caller that it trusts. */
export const assumeRole = operation(AssumeRoleOperation, (state, call) =>
  Effect.gen(function* () {
    const { seconds, session } = yield* Effect.fromResult(check(state, call))
    const issued = yield* state.issue(session, seconds, call.now)
    return {
      Credentials: credentialsOf(issued),
      AssumedRoleUser: assumedRoleUserOf(issued, "role"),
      ...(issued.sourceIdentity === undefined ? undefined : { SourceIdentity: issued.sourceIdentity })
    }
  })
)

/** Refuses a provider that the role does not trust, or not under these conditions. */
const checkProvider = (
  note: Note,
  { account, role }: Pick<Session, "account" | "role">,
  providerArn: string,
  context: Context
): Result.Result<void, Refusal> => {
  const principal = { kind: "Federated", names: [providerArn] } as const
  const trust = trustOf(arnOf(account, "role", role.name))
  return Ram.allows(note, trust, [role.trustPolicy], { action, principal, context })
    ? Result.void
    : Result.fail(Refusals.federationNoPermission)
}

const checkOidc = (state: State, fields: Plain<AssumeRoleWithOIDCInput>) =>
  Result.gen(function* () {
    const { durationSeconds: seconds = defaultSeconds, roleSessionName: name = "" } = fields
    const policy = yield* parsePolicy(fields.policy)
    const provider = yield* Result.fromNullishOr(
      findOidcProvider(state.accounts, fields.oidcProviderArn),
      () => Refusals.oidcProviderNotFound
    )
    const { account, value: role } = yield* roleOf(state.accounts, fields.roleArn)
    yield* checkDuration(role, seconds)
    return { provider, seconds, session: { account, role, name, policy, sourceIdentity: undefined } }
  })

const oidcRefusal = ({ _tag, detail }: IdentityProvider.OidcFault): Refusal =>
  _tag === "Expired" ? Refusals.oidcExpired : Refusals.oidcInvalid(detail)

const tokenInfoOf = (verified: IdentityProvider.Verified) => ({
  Subject: verified.subject,
  Issuer: verified.issuer,
  ClientIds: verified.audience.join(","),
  ExpirationTime: timestamp(verified.expirationTime * 1000),
  IssuanceTime: timestamp(verified.issuanceTime * 1000),
  VerificationInfo: "Success"
})

/** Issues credentials of a role for the token of an OIDC provider. */
export const assumeRoleWithOIDC = operation(AssumeRoleWithOIDCOperation, (state, { fields, note, now }) =>
  Effect.gen(function* () {
    const { provider, seconds, session } = yield* Effect.fromResult(checkOidc(state, fields))
    const verified = yield* IdentityProvider.verify(
      fields.oidcToken,
      provider.value,
      state.ownKey,
      now,
      oidcRefusal
    )
    const { audience, issuer, subject } = verified
    yield* Effect.fromResult(
      checkProvider(note, session, arnOf(provider.account, "oidc-provider", provider.value.name), {
        "oidc:iss": [issuer],
        "oidc:aud": audience,
        "oidc:sub": [subject]
      })
    )
    const issued = yield* state.issue(session, seconds, now)
    return {
      Credentials: credentialsOf(issued),
      AssumedRoleUser: assumedRoleUserOf(issued, "provider"),
      OIDCTokenInfo: tokenInfoOf(verified)
    }
  })
)

/** The attributes that a response for a role carries. */
export const samlAttributes = {
  /** Pairs of a role's and a provider's ARN, with a comma between them. */
  role: "https://www.aliyun.com/SAML-Role/Attributes/Role",
  roleSessionName: "https://www.aliyun.com/SAML-Role/Attributes/RoleSessionName"
} as const

/** The audience of a response for a role, on the international site. */
export const samlAudience = "urn:alibaba:cloudcomputing:international"

const audiences = [samlAudience, "urn:alibaba:cloudcomputing"]
const recipients = [
  "https://signin.alibabacloud.com/saml-role/sso",
  "https://signin.aliyun.com/saml-role/sso"
]
const isRecipient = (recipient: string): boolean => recipients.includes(recipient)

const checkSaml = (state: State, fields: Plain<AssumeRoleWithSAMLInput>) =>
  Result.gen(function* () {
    const { durationSeconds: seconds = defaultSeconds, roleArn, samlProviderArn: providerArn } = fields
    const policy = yield* parsePolicy(fields.policy)
    const response = yield* Result.fromNullishOr(Saml.decode(fields.samlAssertion), () =>
      Refusals.wronglyFormed("SAMLAssertion")
    )
    const provider = yield* Result.fromNullishOr(
      findSamlProvider(state.accounts, providerArn),
      () => Refusals.samlProviderNotFound
    )
    const { account, value: role } = yield* roleOf(state.accounts, roleArn)
    yield* checkDuration(role, seconds)
    return { response, provider, seconds, account, role, policy, pair: `${roleArn},${providerArn}` }
  })

const samlRefusal = (fault: SamlFault): Refusal => {
  switch (fault._tag) {
    case "Key":
      return Refusals.idpMetadata
    case "Expired":
      return Refusals.samlExpired
    default:
      return Refusals.samlInvalid(fault.detail)
  }
}

const isSessionName = Schema.is(RoleSessionName.schema)

const sessionNameOf = (assertion: Assertion, pair: string): Result.Result<string, Refusal> => {
  const invalid = (detail: string) => Result.fail(Refusals.samlInvalid(detail))
  if (!pairsOf(assertion, samlAttributes.role).includes(pair)) {
    return invalid("it does not name the role and the provider")
  }
  const [name, ...others] = assertion.attributes[samlAttributes.roleSessionName] ?? []
  return name !== undefined && others.length === 0 && isSessionName(name)
    ? Result.succeed(name)
    : invalid("its RoleSessionName is missing or malformed")
}

/** Issues credentials of a role for the response of a SAML provider. */
export const assumeRoleWithSAML = operation(AssumeRoleWithSAMLOperation, (state, { fields, note, now }) =>
  Effect.gen(function* () {
    const { account, pair, policy, provider, response, role, seconds } = yield* Effect.fromResult(
      checkSaml(state, fields)
    )
    const expected = { audiences, isRecipient, now }
    const assertion = yield* Saml.verify(response, provider.value, state.ownKey, expected, samlRefusal)
    const name = yield* Effect.fromResult(sessionNameOf(assertion, pair))
    yield* Effect.fromResult(
      checkProvider(note, { account, role }, arnOf(provider.account, "saml-provider", provider.value.name), {
        "saml:recipient": [assertion.recipient]
      })
    )
    const session = { account, role, name, policy, sourceIdentity: undefined }
    const issued = yield* state.issue(session, seconds, now)
    return {
      Credentials: credentialsOf(issued),
      AssumedRoleUser: assumedRoleUserOf(issued, "provider"),
      SAMLAssertionInfo: {
        SubjectType: assertion.subjectType,
        Subject: assertion.subject,
        Issuer: assertion.issuer,
        Recipient: assertion.recipient
      }
    }
  })
)
