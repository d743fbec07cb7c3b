/**
 * Alibaba Cloud's OAuth service: the page on which a person signs in, tokens for what the browser brings back or for a refresh
 * token, and credentials of a role for an access token.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework"; "Configure OAuth credentials", Alibaba Cloud CLI User Guide.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { timestamp } from "../../protocol/encoding.js"
import {
  type Asked,
  type Endpoint,
  jsonReply,
  mediaType,
  type Refusal,
  type Route,
  refusal,
  type WireReply
} from "../Service.js"
import { Codes, isLoopback, refusedWith } from "../SignIn.js"
import { accessSeconds, bearer } from "../State.js"
import { sessionOf, sessionSeconds } from "./HostedRole.js"
import { type SignedIn, type State, signedIn } from "./State.js"

const invalidRequest = (name: string): Refusal => refusal(400, "invalid_request", `${name} is missing`)
const unsupported = refusal(400, "unsupported_grant_type", "The grant type is unknown.")
const invalidCode = refusal(400, "invalid_grant", "The code is unknown, expired, used or another client's.")
const invalidGrant = refusal(400, "invalid_grant", "The refresh token is unknown or expired.")
const invalidClient = refusal(401, "invalid_client", "The refresh token is another client's.")
const invalidToken = refusal(401, "invalid_token", "The access token is missing, unknown or expired.")
const noRole = refusal(403, "access_denied", "The role does not exist.")

const ports = ["12345", "12346", "12347", "12348", "12349"]

// The whole address is registered, with its port.
const accepts = (target: URL): boolean =>
  isLoopback(target) && target.pathname === "/cli/callback" && ports.includes(target.port)

type LoginCodes = Codes<ReadonlyArray<SignedIn>>

const codesOf = (state: State): LoginCodes =>
  new Codes(state.generator, "S256", ({ parameters }) => {
    const id = parameters["client_id"] ?? ""
    const value = signedIn(state.accounts).filter(({ signIn }) => signIn.clientId === id)
    return value.length === 0
      ? undefined
      : { id, users: value.map(({ signIn }) => signIn.userName), accepts, value }
  })

const required = ({ parameters }: Asked, ...names: ReadonlyArray<string>): Effect.Effect<void, Refusal> => {
  const missing = names.find((name) => !parameters[name])
  return missing === undefined ? Effect.void : Effect.fail(invalidRequest(missing))
}

const newTokens = ({ generator }: State) =>
  Effect.all({ accessToken: generator.text(120), refreshToken: generator.text(120) })

const tokenReply = (
  { now }: Asked,
  { accessToken, refreshToken }: { readonly accessToken: string; readonly refreshToken: string }
): WireReply =>
  jsonReply(now, 200, {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: "Bearer",
    expires_in: accessSeconds
  })

const redeemCode = (state: State, codes: LoginCodes, asked: Asked): Effect.Effect<WireReply, Refusal> =>
  Effect.gen(function* () {
    yield* required(asked, "client_id", "code", "redirect_uri", "code_verifier")
    const { client_id = "", code = "", code_verifier = "", redirect_uri = "" } = asked.parameters
    const { client, userName } = yield* refusedWith(invalidCode)(
      codes.redeem(code, client_id, redirect_uri, code_verifier, asked.now)
    )
    const found = client.value.find(({ signIn }) => signIn.userName === userName)
    if (found === undefined) return yield* Effect.fail(invalidCode)
    const tokens = yield* newTokens(state)
    state.oauth.add(tokens, found, asked.now)
    return tokenReply(asked, tokens)
  })

const renew = (state: State, asked: Asked): Effect.Effect<WireReply, Refusal> =>
  Effect.gen(function* () {
    yield* required(asked, "client_id")
    const { client_id: clientId, refresh_token: old = "" } = asked.parameters
    const found = state.oauth.refresh.valid(old, asked.now)
    if (found === undefined) return yield* Effect.fail(invalidGrant)
    if (found.signIn.clientId !== clientId) return yield* Effect.fail(invalidClient)
    const tokens = yield* newTokens(state)
    state.oauth.renew(old, tokens, found, asked.now)
    return tokenReply(asked, tokens)
  })

const token =
  (state: State, codes: LoginCodes): Route["answer"] =>
  (asked) => {
    switch (asked.parameters["grant_type"]) {
      case "authorization_code":
        return redeemCode(state, codes, asked)
      case "refresh_token":
        return renew(state, asked)
      default:
        return Effect.andThen(required(asked, "grant_type"), Effect.fail(unsupported))
    }
  }

const exchange =
  (state: State): Route["answer"] =>
  ({ now, request, requestId }) =>
    Effect.gen(function* () {
      const found = state.oauth.access.valid(bearer(request.headers["authorization"]) ?? "", now)
      if (found === undefined) return yield* Effect.fail(invalidToken)
      const { account, signIn } = found
      const session = sessionOf(account, signIn.role, signIn.userName)
      if (session === undefined) return yield* Effect.fail(noRole)
      const issued = yield* state.issue(session, sessionSeconds, now)
      return jsonReply(now, 200, {
        requestId,
        accessKeyId: issued.accessKeyId,
        accessKeySecret: Redacted.value(issued.accessKeySecret),
        securityToken: Redacted.value(issued.securityToken),
        expiration: timestamp(issued.expiration)
      })
    })

/** The service over a state. */
export const oauthService = (state: State): Endpoint => {
  const codes = codesOf(state)
  const page: Route = { operation: "OAuthPage", answer: codes.page }
  const routes: Readonly<Record<string, Route>> = {
    "GET /oauth2/v1/auth": page,
    "POST /oauth2/v1/auth": page,
    "POST /v1/exchange": { operation: "OAuthExchange", answer: exchange(state) }
  }
  const tokens: Route = { operation: "OAuthToken", answer: token(state, codes) }
  return {
    proof: "authorization",
    route: (request) => {
      const place = `${request.method} ${request.path}`
      if (place !== "POST /v1/token") return routes[place]
      // AWS has an endpoint of this path too, for JSON.
      return mediaType(request) === "application/x-www-form-urlencoded" ? tokens : undefined
    },
    refuse: ({ code, message, status }, { now, requestId }) =>
      jsonReply(now, status, { requestId, error: code, error_description: message })
  }
}
