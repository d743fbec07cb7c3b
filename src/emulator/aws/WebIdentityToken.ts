/**
 * Web identity tokens that AWS issues: GetWebIdentityToken, and the discovery document and public keys by which others verify
 * them.
 *
 * Source: "OpenID Connect Discovery 1.0".
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type GetWebIdentityTokenInput,
  GetWebIdentityTokenOperation
} from "../../schemas/aws/GetWebIdentityToken.js"
import type { Plain } from "../../schemas/Operation.js"
import * as IdentityProvider from "../IdentityProvider.js"
import { packageMissing } from "../IdentityProvider.js"
import { type Answer, jsonReply, type Service, type WireRequest } from "../Service.js"
import * as Permission from "./Permission.js"
import * as Refusals from "./Refusals.js"
import { tagContext, uniqueTags } from "./Session.js"
import { type Identity, operation, ownNamesOf, type SignedCall, type State, type Tags } from "./State.js"

const defaultSeconds = 300

// The service keeps its limit to itself; no token of ordinary length comes near this one.
const maxPayload = 8192

const check = (call: SignedCall<Plain<GetWebIdentityTokenInput>>) =>
  Result.gen(function* () {
    const { caller, fields, now } = call
    const { audience, durationSeconds: seconds = defaultSeconds, signingAlgorithm: algorithm } = fields
    const { identity, session } = caller
    const issuer = identity.account.webIdentityIssuer
    if (issuer === undefined) return yield* Result.fail(Refusals.outboundFederationDisabled)
    const tags = yield* uniqueTags(fields.tags ?? [])
    const context = {
      ...tagContext("aws:RequestTag", tags),
      "sts:IdentityTokenAudience": audience,
      "sts:DurationSeconds": [String(seconds)],
      "sts:SigningAlgorithm": [algorithm]
    }
    yield* Permission.check(call, "sts:GetWebIdentityToken", { context })
    const expiration = (Math.floor(now / 1000) + seconds) * 1000
    if (session !== undefined && expiration > session.expiration) {
      return yield* Result.fail(Refusals.sessionDurationEscalation)
    }
    return { issuer, audience, tags, seconds, algorithm, expiration }
  })

const subjectOf = (identity: Identity): string => ownNamesOf(identity)[0] ?? ""

const ownClaims = (identity: Identity, tags: Tags) => ({
  "https://sts.amazonaws.com/": {
    aws_account: identity.account.id,
    principal_id: subjectOf(identity),
    ...(identity.account.managementAccountId === undefined ? {} : { org_id: "o-emulator00" }),
    ...(identity._tag === "AssumedRole" ? { principal_tags: identity.tags } : {}),
    ...(Object.keys(tags).length === 0 ? {} : { request_tags: tags })
  }
})

/** Issues a token that proves to others who the caller is. */
export const getWebIdentityToken = operation(GetWebIdentityTokenOperation, (state, call) =>
  Effect.gen(function* () {
    const { algorithm, audience, expiration, issuer, seconds, tags } = yield* Effect.fromResult(check(call))
    const { identity } = call.caller
    const id = yield* state.generator.requestId
    const [first = "", ...others] = audience
    const claims: IdentityProvider.Claims = {
      issuer,
      subject: subjectOf(identity),
      audience: others.length === 0 ? first : audience,
      expiresIn: seconds * 1000,
      algorithm,
      extra: { jti: id.toLowerCase(), ...ownClaims(identity, tags) }
    }
    if (JSON.stringify(claims).length > maxPayload) return yield* Effect.fail(Refusals.jwtPayloadSizeExceeded)
    const token = yield* Effect.mapError(
      IdentityProvider.mint(yield* state.ownKey, claims, call.now),
      packageMissing
    )
    return { webIdentityToken: Redacted.value(token), expiration }
  })
)

const root = "/.well-known/"

const operations = new Map([
  [`${root}openid-configuration`, "OpenIdConfiguration"],
  [`${root}jwks.json`, "JsonWebKeySet"]
])

const isLoopback = (host: string): boolean => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)

// At an issuer's own host it is that issuer; anywhere else the first there is.
const issuerFor = ({ accounts }: State, host: string): string | undefined => {
  const issuers = accounts.flatMap(({ webIdentityIssuer }) => webIdentityIssuer ?? [])
  return issuers.find((issuer) => issuer === `https://${host}`) ?? issuers[0]
}

const documentOf = (issuer: string, host: string): object => ({
  issuer,
  jwks_uri: `${isLoopback(host) ? "http" : "https"}://${host}${root}jwks.json`,
  response_types_supported: ["id_token"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256", "ES384"],
  claims_supported: ["iss", "sub", "aud", "exp", "iat", "jti"]
})

const contentFor = (state: State, { headers, path }: WireRequest): Effect.Effect<object | undefined> => {
  const host = headers["host"] ?? ""
  const issuer = issuerFor(state, host)
  const operation = operations.get(path)
  if (issuer === undefined || operation === undefined) return Effect.succeed(undefined)
  return operation === "JsonWebKeySet"
    ? Effect.map(state.ownKey, IdentityProvider.publicKeys)
    : Effect.succeed(documentOf(issuer, host))
}

/** The issuers' endpoints over a state, and what they share with the other services of the cloud. */
export const discovery = (
  state: State,
  shared: Pick<Service, "name" | "throttling" | "headers">
): Service => ({
  ...shared,
  recognises: ({ method, path }) => method === "GET" && path.startsWith(root),
  open: (request) => ({
    operation: operations.get(request.path),
    form: "anonymous",
    parameters: {},
    answer: (now) =>
      Effect.map(
        contentFor(state, request),
        (content): Answer =>
          content === undefined
            ? { reply: jsonReply(now, 404, { message: "Not Found" }), verdict: "NotFound" }
            : { reply: jsonReply(now, 200, content), verdict: "OK" }
      ),
    refuse: (now, { code, message, status }) => Effect.succeed(jsonReply(now, status, { code, message }))
  })
})
