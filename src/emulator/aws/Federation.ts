/**
 * Operations that issue credentials of a role to users of an identity provider: AssumeRoleWithWebIdentity and
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
import {
  type AssumeRoleWithWebIdentityInput,
  AssumeRoleWithWebIdentityOperation
} from "../../schemas/aws/AssumeRoleWithWebIdentity.js"
import { RoleSessionName } from "../../schemas/aws/Fields.js"
import type { Plain } from "../../schemas/Operation.js"
import * as IdentityProvider from "../IdentityProvider.js"
import * as Saml from "../Saml.js"
import { type Assertion, pairsOf, type SamlFault } from "../SamlDocument.js"
import type { Refusal } from "../Service.js"
import {
  type Account,
  arnOf,
  findRole,
  findSamlProvider,
  type Held,
  nameOf,
  type OidcProvider,
  type SamlProvider
} from "./Account.js"
import * as Refusals from "./Refusals.js"
import { checkArn, issueFederated, joinTags, noTags, type SessionTags, type Vouched } from "./Session.js"
import { operation, type State } from "./State.js"

const webIdentityAction = "sts:AssumeRoleWithWebIdentity"

const notJwt = Refusals.invalidIdentityToken(
  "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)

const decodeIssuer = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Struct({ iss: Schema.String })))

const issuerOf = (token: string): Result.Result<string, Refusal> => {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")
  return Result.mapBoth(decodeIssuer(payload), { onFailure: () => notJwt, onSuccess: ({ iss }) => iss })
}

const providerOf = (account: Account, token: string): Result.Result<OidcProvider, Refusal> =>
  Result.flatMap(issuerOf(token), (issuer) =>
    Result.fromNullishOr(
      account.oidcProviders.find((provider) => provider.issuer === issuer),
      () => Refusals.invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`)
    )
  )

const webIdentityRefusal = (fault: IdentityProvider.OidcFault): Refusal => {
  switch (fault._tag) {
    case "Expired":
      return Refusals.expiredIdentityToken(
        "Token expired: the current date/time must be before the expiration date/time"
      )
    case "Audience":
      return Refusals.invalidIdentityToken("Incorrect token audience")
    case "Invalid":
      return fault.detail === "not a JWT"
        ? notJwt
        : Refusals.invalidIdentityToken(`The token is not valid: ${fault.detail}`)
  }
}

const tagsClaim = "https://aws.amazon.com/tags"
const sourceIdentityClaim = "https://aws.amazon.com/source_identity"

const Claims = Schema.Struct({
  [tagsClaim]: Schema.optional(
    Schema.Struct({
      principal_tags: Schema.optional(Schema.Record(Schema.String, Schema.Tuple([Schema.String]))),
      transitive_tag_keys: Schema.optional(Schema.Array(Schema.String))
    })
  ),
  [sourceIdentityClaim]: Schema.optional(Schema.String)
})

const decodeClaims = Schema.decodeUnknownResult(Claims)

const vouchedByToken = (
  account: Account,
  provider: OidcProvider,
  verified: IdentityProvider.Verified,
  name: string
) =>
  Result.gen(function* () {
    const { length } = verified.subject
    if (length < 6 || length > 255) {
      return yield* Result.fail(Refusals.idpRejectedClaim("The subject of the token is not valid."))
    }
    const claims = yield* Result.mapError(decodeClaims(verified.claims), () =>
      Refusals.invalidIdentityToken("The tags or the source identity in the token are malformed.")
    )
    const { principal_tags = {}, transitive_tag_keys = [] } = claims[tagsClaim] ?? {}
    const asked = Object.entries(principal_tags).map(([key, [value]]) => ({ key, value }))
    const key = nameOf(provider)
    const vouched: Vouched = {
      action: webIdentityAction,
      providerArn: arnOf(account, "oidc-provider", key),
      name,
      sourceIdentity: claims[sourceIdentityClaim],
      tags: yield* joinTags(noTags, asked, transitive_tag_keys),
      context: { [`${key}:aud`]: verified.audience, [`${key}:sub`]: [verified.subject] }
    }
    return vouched
  })

const checkWebIdentity = (state: State, asked: Plain<AssumeRoleWithWebIdentityInput>) =>
  Result.gen(function* () {
    yield* checkArn(asked.roleArn)
    if (asked.providerId !== undefined) {
      return yield* Result.fail(
        Refusals.validation("ProviderId must not be given with an OpenID Connect token.")
      )
    }
    const role = yield* Result.fromNullishOr(findRole(state.accounts, asked.roleArn), () =>
      Refusals.federationNotAuthorized(webIdentityAction)
    )
    return { role, provider: yield* providerOf(role.account, asked.webIdentityToken) }
  })

/** Issues credentials of a role for the token of an OIDC provider. */
export const assumeRoleWithWebIdentity = operation(AssumeRoleWithWebIdentityOperation, (state, call) =>
  Effect.gen(function* () {
    const { fields: asked, now } = call
    const { provider, role } = yield* Effect.fromResult(checkWebIdentity(state, asked))
    const verified = yield* IdentityProvider.verify(
      asked.webIdentityToken,
      provider,
      state.ownKey,
      now,
      webIdentityRefusal
    )
    const vouched = yield* Effect.fromResult(
      vouchedByToken(role.account, provider, verified, asked.roleSessionName)
    )
    return {
      ...(yield* issueFederated(state, role, vouched, call)),
      subjectFromWebIdentityToken: verified.subject,
      provider: verified.issuer,
      audience: verified.audience.join(",")
    }
  })
)

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

/** The source identity of the session. */
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

const samlAction = "sts:AssumeRoleWithSAML"

/** The audience of a response for a role. */
export const samlAudience = "urn:amazon:webservices"

const audiences = [samlAudience, "https://signin.aws.amazon.com/saml"]
const recipient = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml$/
const isRecipient = (text: string): boolean => recipient.test(text)

const samlRefusal = (fault: SamlFault): Refusal => {
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

const checkSaml = (state: State, asked: Asked) =>
  Result.gen(function* () {
    yield* checkArn(asked.roleArn)
    yield* checkArn(asked.principalArn)
    const response = yield* Result.fromNullishOr(Saml.decode(asked.samlAssertion), () =>
      Refusals.invalidIdentityToken("Invalid base64 SAMLResponse")
    )
    const refused = () => Refusals.federationNotAuthorized(samlAction)
    const provider = yield* Result.fromNullishOr(
      findSamlProvider(state.accounts, asked.principalArn),
      refused
    )
    const role = yield* Result.fromNullishOr(findRole(state.accounts, asked.roleArn), refused)
    return { provider, role, response }
  })

const nameQualifierOf = ({ account, value: provider }: Held<SamlProvider>): string =>
  hash("sha1", `${provider.entityId}${account.id}/${provider.name}`, "base64")

const vouchedByAssertion = (
  assertion: Assertion,
  provider: Held<SamlProvider>,
  { principalArn, roleArn }: Asked
): Result.Result<Vouched, Refusal> =>
  Result.gen(function* () {
    const pairs = pairsOf(assertion, samlAttributes.role)
    if (!pairs.includes(`${roleArn},${principalArn}`) && !pairs.includes(`${principalArn},${roleArn}`)) {
      return yield* Result.fail(Refusals.federationNotAuthorized(samlAction))
    }
    return {
      action: samlAction,
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

/** Issues credentials of a role for the response of a SAML provider. */
export const assumeRoleWithSAML = operation(AssumeRoleWithSAMLOperation, (state, call) =>
  Effect.gen(function* () {
    const { fields: asked, now } = call
    const { provider, response, role } = yield* Effect.fromResult(checkSaml(state, asked))
    const expected = { audiences, isRecipient, now }
    const assertion = yield* Saml.verify(response, provider.value, state.ownKey, expected, samlRefusal)
    const vouched = yield* Effect.fromResult(vouchedByAssertion(assertion, provider, asked))
    return {
      ...(yield* issueFederated(state, role, vouched, call)),
      subject: assertion.subject,
      subjectType: assertion.subjectType,
      issuer: assertion.issuer,
      audience: assertion.recipient,
      nameQualifier: nameQualifierOf(provider)
    }
  })
)
