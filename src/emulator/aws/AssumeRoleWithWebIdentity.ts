/** AssumeRoleWithWebIdentity. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type AssumeRoleWithWebIdentityInput,
  AssumeRoleWithWebIdentityOperation
} from "../../schemas/aws/AssumeRoleWithWebIdentity.js"
import type { Plain } from "../../schemas/Operation.js"
import * as Oidc from "../Oidc.js"
import type { Refusal } from "../Service.js"
import { type Account, arnOf, findRole, nameOf, type OidcProvider } from "./Account.js"
import { operation } from "./Operation.js"
import * as Refusals from "./Refusals.js"
import {
  assumedRoleUserOf,
  checkArn,
  credentialsOf,
  federatedSession,
  joinTags,
  noTags,
  type Vouched
} from "./Session.js"
import type { State } from "./State.js"

const action = "sts:AssumeRoleWithWebIdentity"

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

const refusalOf = (fault: Oidc.OidcFault): Refusal => {
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

const vouchedBy = (account: Account, provider: OidcProvider, verified: Oidc.Verified, name: string) =>
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
      action,
      providerArn: arnOf(account, "oidc-provider", key),
      name,
      sourceIdentity: claims[sourceIdentityClaim],
      tags: yield* joinTags(noTags, asked, transitive_tag_keys),
      context: { [`${key}:aud`]: verified.audience, [`${key}:sub`]: [verified.subject] }
    }
    return vouched
  })

const check = (state: State, asked: Plain<AssumeRoleWithWebIdentityInput>) =>
  Result.gen(function* () {
    yield* checkArn(asked.roleArn)
    if (asked.providerId !== undefined) {
      return yield* Result.fail(
        Refusals.validation("ProviderId must not be given with an OpenID Connect token.")
      )
    }
    const role = yield* Result.fromNullishOr(findRole(state.accounts, asked.roleArn), () =>
      Refusals.federationNotAuthorized(action)
    )
    return { role, provider: yield* providerOf(role.account, asked.webIdentityToken) }
  })

/** Issues credentials of a role to whom an OIDC provider vouches for. */
export const assumeRoleWithWebIdentity = operation(
  AssumeRoleWithWebIdentityOperation,
  (state, { fields: asked, now }) =>
    Effect.gen(function* () {
      const { provider, role } = yield* Effect.fromResult(check(state, asked))
      const verified = yield* Oidc.verify(asked.webIdentityToken, provider, state.ownKey, now, refusalOf)
      const vouched = yield* Effect.fromResult(
        vouchedBy(role.account, provider, verified, asked.roleSessionName)
      )
      const { identity, packedPolicySize, seconds } = yield* Effect.fromResult(
        federatedSession(role, vouched, asked)
      )
      const session = yield* state.issue(identity, seconds, now)
      return {
        credentials: credentialsOf(session),
        subjectFromWebIdentityToken: verified.subject,
        assumedRoleUser: assumedRoleUserOf(identity),
        packedPolicySize,
        provider: verified.issuer,
        audience: verified.audience.join(","),
        sourceIdentity: identity.sourceIdentity
      }
    })
)
