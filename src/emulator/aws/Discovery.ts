/**
 * Where others learn how to verify the web identity tokens of an account: its discovery document and its public keys.
 *
 * Source: "OpenID Connect Discovery 1.0".
 */
import * as Effect from "effect/Effect"
import * as Oidc from "../Oidc.js"
import type { Answer, Service } from "../Service.js"
import { jsonReply, type WireRequest } from "../Wire.js"
import type { State } from "./State.js"

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
    ? Effect.map(state.ownKey, Oidc.publicKeys)
    : Effect.succeed(documentOf(issuer, host))
}

/** The issuers' endpoints over a state, and what they share with the other services of the cloud. */
export const make = (state: State, shared: Pick<Service, "name" | "throttling" | "headers">): Service => ({
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
