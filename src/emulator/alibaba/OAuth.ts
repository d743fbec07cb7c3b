/**
 * Alibaba Cloud's OAuth service: it renews tokens, and exchanges them for credentials.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework", and "Configure OAuth credentials", Alibaba Cloud CLI User
 * Guide.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { timestamp } from "../../protocol/timestamp.js"
import { type Refusal, refusal } from "../Refusal.js"
import type { Asked, Endpoint, Route } from "../Service.js"
import { bearer } from "../Tokens.js"
import { jsonReply, mediaType, type WireRequest } from "../Wire.js"
import { sessionOf, sessionSeconds } from "./HostedRole.js"
import type { SignedIn, State } from "./State.js"

const accessSeconds = 3_600
const refreshMillis = Duration.toMillis("90 days")

const invalidRequest = (name: string): Refusal => refusal(400, "invalid_request", `${name} is missing`)
const unsupported = refusal(400, "unsupported_grant_type", "The emulator only renews tokens.")
const invalidGrant = refusal(400, "invalid_grant", "The refresh token is wrong or over.")
const invalidClient = refusal(401, "invalid_client", "The refresh token is another client's.")
const invalidToken = refusal(401, "invalid_token", "The access token is missing, wrong or over.")
const noRole = refusal(403, "access_denied", "The role does not exist.")

const granted = ({ oauth }: State, { now, parameters }: Asked): Effect.Effect<SignedIn, Refusal> => {
  const { client_id: clientId, grant_type: grantType, refresh_token: token } = parameters
  if (!grantType) return Effect.fail(invalidRequest("grant_type"))
  if (grantType !== "refresh_token") return Effect.fail(unsupported)
  if (!clientId) return Effect.fail(invalidRequest("client_id"))
  const found = oauth.refresh.find(token ?? "", now)
  if (found === undefined || found.expiration <= now) return Effect.fail(invalidGrant)
  return found.value.signIn.clientId === clientId ? Effect.succeed(found.value) : Effect.fail(invalidClient)
}

const renew =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      const signedIn = yield* granted(state, asked)
      const accessToken = yield* state.generator.text(120)
      const refreshToken = yield* state.generator.text(120)
      const { access, refresh } = state.oauth
      refresh.spend(parameters["refresh_token"] ?? "", now)
      access.add(accessToken, signedIn, now + accessSeconds * 1_000, now)
      refresh.add(refreshToken, signedIn, now + refreshMillis, now)
      return jsonReply(now, 200, {
        access_token: accessToken,
        refresh_token: refreshToken,
        token_type: "Bearer",
        expires_in: accessSeconds
      })
    })

const exchange =
  (state: State): Route["answer"] =>
  ({ now, request, requestId }) =>
    Effect.gen(function* () {
      const found = state.oauth.access.find(bearer(request.headers["authorization"]) ?? "", now)
      if (found === undefined || found.expiration <= now) return yield* Effect.fail(invalidToken)
      const { account, signIn } = found.value
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
export const make = (state: State): Endpoint => ({
  proof: "authorization",
  route: (request: WireRequest) => {
    if (request.method !== "POST") return undefined
    if (request.path === "/v1/exchange") return { operation: "OAuthExchange", answer: exchange(state) }
    // AWS has an endpoint of this path too, for JSON.
    return request.path === "/v1/token" && mediaType(request) === "application/x-www-form-urlencoded"
      ? { operation: "OAuthToken", answer: renew(state) }
      : undefined
  },
  refuse: ({ code, message, status }, { now, requestId }) =>
    jsonReply(now, status, { requestId, error: code, error_description: message })
})
