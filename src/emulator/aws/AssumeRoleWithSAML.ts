/**
 * AssumeRoleWithSAML.
 *
 * Source: "Configure SAML assertions for the authentication response", IAM User Guide.
 */

import { hash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type AssumeRoleWithSAMLInput,
  AssumeRoleWithSAMLOperation
} from "../../schemas/aws/AssumeRoleWithSAML.js"
import { RoleSessionName } from "../../schemas/aws/Fields.js"
import type { Plain } from "../../schemas/Operation.js"
import * as Saml from "../Saml.js"
import { type Assertion, pairsOf, type SamlFault } from "../SamlDocument.js"
import type { Refusal } from "../Service.js"
import { findRole, findSamlProvider, type Held, type SamlProvider } from "./Account.js"
import { operation } from "./Operation.js"
import * as Refusals from "./Refusals.js"
import {
  assumedRoleUserOf,
  checkArn,
  credentialsOf,
  federatedSession,
  joinTags,
  noTags,
  type SessionTags,
  type Vouched
} from "./Session.js"
import type { State } from "./State.js"

const prefix = "https://aws.amazon.com/SAML/Attributes/"

/** The attributes that a response for a role carries. */
export const samlAttributes = {
  /** Pairs of a role's and a provider's ARN, with a comma between them. */
  role: `${prefix}Role`,
  roleSessionName: `${prefix}RoleSessionName`,
  sourceIdentity: `${prefix}SourceIdentity`,
  transitiveTagKeys: `${prefix}TransitiveTagKeys`,
  /** Followed by the tag's key. */
  principalTag: `${prefix}PrincipalTag:`
} as const

const isName = Schema.is(RoleSessionName.schema)

/** The name of the session. */
const sessionNameOf = ({ attributes }: Assertion): Result.Result<string, Refusal> => {
  const [name, ...others] = attributes[samlAttributes.roleSessionName] ?? []
  if (name === undefined || others.length > 0) {
    return Result.fail(Refusals.invalidIdentityToken("RoleSessionName is required in AuthnResponse"))
  }
  return isName(name)
    ? Result.succeed(name)
    : Result.fail(
        Refusals.invalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
      )
}

/** Who stands behind the session. */
const sourceIdentityOf = ({ attributes }: Assertion): Result.Result<string | undefined, Refusal> => {
  const [name] = attributes[samlAttributes.sourceIdentity] ?? []
  return name === undefined || isName(name)
    ? Result.succeed(name)
    : Result.fail(
        Refusals.invalidIdentityToken("SourceIdentity in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
      )
}

/** The tags of the session. */
const tagsOf = ({ attributes }: Assertion): Result.Result<SessionTags, Refusal> =>
  joinTags(
    noTags,
    Object.entries(attributes)
      .filter(([name]) => name.startsWith(samlAttributes.principalTag))
      .map(([name, [value = ""]]) => ({ key: name.slice(samlAttributes.principalTag.length), value })),
    attributes[samlAttributes.transitiveTagKeys] ?? []
  )

type Asked = Plain<AssumeRoleWithSAMLInput>

const action = "sts:AssumeRoleWithSAML"

/** The audience of a response for a role. */
export const samlAudience = "urn:amazon:webservices"

const audiences = [samlAudience, "https://signin.aws.amazon.com/saml"]
const recipient = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml$/
const isRecipient = (text: string): boolean => recipient.test(text)

const refusalOf = (fault: SamlFault): Refusal => {
  switch (fault._tag) {
    case "Rejected":
      return Refusals.idpRejectedClaim("The identity provider did not report success.")
    case "Issuer":
      return Refusals.invalidIdentityToken("Issuer not present in specified provider")
    case "Audience":
      return Refusals.invalidIdentityToken("Response does not contain the required audience.")
    case "Expired":
      return Refusals.expiredIdentityToken("Token must be redeemed within 5 minutes of issuance")
    case "Invalid":
    case "Key":
      return Refusals.invalidIdentityToken(`Response signature invalid: ${fault.detail}`)
  }
}

const check = (state: State, asked: Asked) =>
  Result.gen(function* () {
    yield* checkArn(asked.roleArn)
    yield* checkArn(asked.principalArn)
    const response = yield* Result.fromNullishOr(Saml.decode(asked.samlAssertion), () =>
      Refusals.invalidIdentityToken("Invalid base64 SAMLResponse")
    )
    const refused = () => Refusals.federationNotAuthorized(action)
    const provider = yield* Result.fromNullishOr(
      findSamlProvider(state.accounts, asked.principalArn),
      refused
    )
    const role = yield* Result.fromNullishOr(findRole(state.accounts, asked.roleArn), refused)
    return { provider, role, response }
  })

const nameQualifierOf = ({ account, value: provider }: Held<SamlProvider>): string =>
  hash("sha1", `${provider.entityId}${account.id}/${provider.name}`, "base64")

const vouchedBy = (
  assertion: Assertion,
  provider: Held<SamlProvider>,
  { principalArn, roleArn }: Asked
): Result.Result<Vouched, Refusal> =>
  Result.gen(function* () {
    const pairs = pairsOf(assertion, samlAttributes.role)
    if (!pairs.includes(`${roleArn},${principalArn}`) && !pairs.includes(`${principalArn},${roleArn}`)) {
      return yield* Result.fail(Refusals.federationNotAuthorized(action))
    }
    return {
      action,
      providerArn: principalArn,
      name: yield* sessionNameOf(assertion),
      sourceIdentity: yield* sourceIdentityOf(assertion),
      tags: yield* tagsOf(assertion),
      context: {
        "SAML:aud": [assertion.recipient],
        "SAML:iss": [assertion.issuer],
        "SAML:sub": [assertion.subject],
        "SAML:sub_type": [assertion.subjectType],
        "SAML:namequalifier": [nameQualifierOf(provider)]
      }
    }
  })

/** Issues credentials of a role to whom a SAML provider vouches for. */
export const assumeRoleWithSAML = operation(AssumeRoleWithSAMLOperation, (state, { fields: asked, now }) =>
  Effect.gen(function* () {
    const { provider, response, role } = yield* Effect.fromResult(check(state, asked))
    const expected = { audiences, isRecipient, now }
    const assertion = yield* Saml.verify(response, provider.value, state.ownKey, expected, refusalOf)
    const vouched = yield* Effect.fromResult(vouchedBy(assertion, provider, asked))
    const { identity, packedPolicySize, seconds } = yield* Effect.fromResult(
      federatedSession(role, vouched, asked)
    )
    const session = yield* state.issue(identity, seconds, now)
    return {
      credentials: credentialsOf(session),
      assumedRoleUser: assumedRoleUserOf(identity),
      packedPolicySize,
      subject: assertion.subject,
      subjectType: assertion.subjectType,
      issuer: assertion.issuer,
      audience: assertion.recipient,
      nameQualifier: nameQualifierOf(provider),
      sourceIdentity: identity.sourceIdentity
    }
  })
)
