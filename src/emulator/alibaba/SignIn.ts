/**
 * What somebody who signed in is given: Alibaba Cloud's OAuth service, which renews tokens and exchanges them for
 * credentials, and CloudSSO, which gives credentials of access configurations.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework"; "Configure OAuth credentials", Alibaba Cloud CLI User
 * Guide; "Log on to CloudSSO by using the CLI", CloudSSO User Guide.
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
  type WireRequest
} from "../Service.js"
import { accessSeconds, bearer } from "../State.js"
import type { CloudSso } from "./Account.js"
import { type NewSession, sessionOf, sessionSeconds } from "./HostedRole.js"
import { credentialsOf, type SignedIn, type State } from "./State.js"

const invalidRequest = (name: string): Refusal => refusal(400, "invalid_request", `${name} is missing`)
const unsupported = refusal(400, "unsupported_grant_type", "The emulator only renews tokens.")
const invalidGrant = refusal(400, "invalid_grant", "The refresh token is wrong or expired.")
const invalidClient = refusal(401, "invalid_client", "The refresh token belongs to another client.")
const invalidToken = refusal(401, "invalid_token", "The access token is missing, wrong or expired.")
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
      state.oauth.renew(parameters["refresh_token"] ?? "", { accessToken, refreshToken }, signedIn, now)
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

/** The OAuth service over a state. */
export const oauthService = (state: State): Endpoint => ({
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

const invalidPortalToken = refusal(
  401,
  "InvalidAccessToken",
  "The access token is missing, wrong or expired."
)
const noAccess = refusal(403, "Forbidden", "The user has no such access configuration in the account.")
const missing = (name: string): Refusal =>
  refusal(400, "MissingParameter", `The parameter ${name} is mandatory for this request.`)

interface CloudSsoUser {
  readonly directory: CloudSso
  readonly userName: string
}

const cloudSsoUserBy = ({ accounts }: State, { headers }: Asked["request"]): CloudSsoUser | undefined => {
  const token = bearer(headers["authorization"])
  return accounts
    .flatMap(({ cloudSso: directory }) =>
      directory === undefined ? [] : directory.signIns.map((signIn) => ({ directory, ...signIn }))
    )
    .find(({ accessToken }) => Redacted.value(accessToken) === token)
}

const sessionFor = (
  { accounts }: State,
  { directory, userName }: CloudSsoUser,
  accountId: string,
  accessConfigurationId: string
): NewSession | undefined => {
  const account = accounts.find(({ id }) => id === accountId)
  const assignment = directory.assignments.find(
    (one) =>
      one.userName === userName &&
      one.accountId === accountId &&
      one.accessConfigurationId === accessConfigurationId
  )
  return account && assignment && sessionOf(account, assignment.role, userName)
}

const createCredential =
  (state: State): Route["answer"] =>
  ({ now, parameters, request, requestId }) =>
    Effect.gen(function* () {
      const user = cloudSsoUserBy(state, request)
      if (user === undefined) return yield* Effect.fail(invalidPortalToken)
      const { AccessConfigurationId, AccountId } = parameters
      if (!AccountId) return yield* Effect.fail(missing("AccountId"))
      if (!AccessConfigurationId) return yield* Effect.fail(missing("AccessConfigurationId"))
      const session = sessionFor(state, user, AccountId, AccessConfigurationId)
      if (session === undefined) return yield* Effect.fail(noAccess)
      const issued = yield* state.issue(session, sessionSeconds, now)
      return jsonReply(now, 200, { RequestId: requestId, CloudCredential: credentialsOf(issued) })
    })

/** The CloudSSO portal over a state. */
export const cloudSsoPortal = (state: State): Endpoint => ({
  proof: "authorization",
  route: ({ method, path }) =>
    method === "POST" && path === "/cloud-credentials"
      ? { operation: "CreateCloudCredential", answer: createCredential(state) }
      : undefined,
  refuse: ({ code, message, status }, { now, requestId }) =>
    jsonReply(now, status, { RequestId: requestId, ErrorCode: code, ErrorMessage: message })
})
