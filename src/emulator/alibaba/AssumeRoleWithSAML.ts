/** AssumeRoleWithSAML. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Ram } from "../Policy.js"
import * as Saml from "../Saml.js"
import { type Assertion, pairsOf, type SamlFault } from "../SamlDocument.js"
import type { Refusal } from "../Service.js"
import { arnOf, findSamlProvider, type Held, type Role, type SamlProvider } from "./Account.js"
import { assumedRoleUserOf, type Call, checkDuration, credentialsOf, roleOf } from "./Caller.js"
import * as Fields from "./Fields.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"

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
const maxLength = 100_000

const check = (state: State, { parameters }: Call) =>
  Result.gen(function* () {
    const providerArn = yield* Fields.arn(parameters, "SAMLProviderArn", "saml-provider")
    const roleArn = yield* Fields.roleArn(parameters)
    const encoded = yield* Fields.proof(parameters, "SAMLAssertion", maxLength)
    const seconds = yield* Fields.durationSeconds(parameters)
    const policy = yield* Fields.policy(parameters)
    const response = yield* Result.fromNullishOr(Saml.decode(encoded), () =>
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

const refusalOf = (fault: SamlFault): Refusal => {
  switch (fault._tag) {
    case "Key":
      return Refusals.idpMetadata
    case "Expired":
      return Refusals.samlExpired
    default:
      return Refusals.samlInvalid(fault.detail)
  }
}

const sessionNameOf = (assertion: Assertion, pair: string): Result.Result<string, Refusal> => {
  const invalid = (detail: string) => Result.fail(Refusals.samlInvalid(detail))
  if (!pairsOf(assertion, samlAttributes.role).includes(pair)) {
    return invalid("it does not name the role and the provider")
  }
  const [name, ...others] = assertion.attributes[samlAttributes.roleSessionName] ?? []
  return name !== undefined && others.length === 0 && Fields.isSessionName(name)
    ? Result.succeed(name)
    : invalid("its RoleSessionName is missing or malformed")
}

const checkTrust = (
  role: Role,
  { account, value: provider }: Held<SamlProvider>,
  { recipient }: Assertion
): Result.Result<void, Refusal> =>
  Ram.allows([role.trustPolicy], {
    action: "sts:AssumeRole",
    principal: { kind: "Federated", names: [arnOf(account, "saml-provider", provider.name)] },
    context: { "saml:recipient": [recipient] }
  })
    ? Result.void
    : Result.fail(Refusals.federationNoPermission)

/** Issues credentials of a role to whom a SAML provider vouches for. */
export const assumeRoleWithSAML = (state: State, call: Call): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const { account, pair, policy, provider, response, role, seconds } = yield* Effect.fromResult(
      check(state, call)
    )
    const expected = { audiences, isRecipient, now: call.now }
    const assertion = yield* Saml.verify(response, provider.value, state.ownKey, expected, refusalOf)
    const name = yield* Effect.fromResult(sessionNameOf(assertion, pair))
    yield* Effect.fromResult(checkTrust(role, provider, assertion))
    const session = { account, role, name, policy, sourceIdentity: undefined }
    const issued = yield* state.issue(session, seconds, call.now)
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
