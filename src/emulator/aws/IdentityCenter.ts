/**
 * IAM Identity Center: the token service, as far as it renews tokens, and the portal, which gives credentials of roles to who
 * is signed in.
 *
 * Source: "CreateToken", IAM Identity Center OIDC API Reference, and "GetRoleCredentials", IAM Identity Center Portal API
 * Reference.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type Asked,
  type Endpoint,
  jsonReply,
  type Refusal,
  type Route,
  refusal,
  type WireReply
} from "../Service.js"
import { accessSeconds } from "../State.js"
import { sessionOf } from "./HostedRole.js"
import { defaultSeconds } from "./Session.js"
import type { AssumedRole, Session, SignedIn, State } from "./State.js"

/** A success, as the JSON services of AWS answer. */
export const jsonSuccess = ({ now, requestId }: Asked, content: object): WireReply =>
  jsonReply(now, 200, content, { "x-amzn-requestid": requestId })

/** A refusal, with what its body says. */
export const jsonFailure = (
  { now, requestId }: Asked,
  { code, status }: Refusal,
  content: object
): WireReply => jsonReply(now, status, content, { "x-amzn-requestid": requestId, "x-amzn-errortype": code })

const invalidGrant = refusal(400, "InvalidGrantException", "Invalid grant provided")
const invalidClient = refusal(401, "InvalidClientException", "Invalid client provided")
const unsupported = refusal(400, "UnsupportedGrantTypeException", "The emulator only renews tokens.")
const invalidRequest = (name: string): Refusal =>
  refusal(400, "InvalidRequestException", `Missing required parameter: ${name}`)

// `InvalidGrantException` is `invalid_grant` to OAuth.
const oauthCode = (code: string): string =>
  code
    .replace(/Exception$/, "")
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()

const signedInByRefresh = (
  { refresh }: State["sso"],
  { now, parameters }: Asked,
  token: string
): Effect.Effect<SignedIn, Refusal> => {
  const { clientId, clientSecret } = parameters
  const found = refresh.find(token, now)
  if (found === undefined || found.expiration <= now) return Effect.fail(invalidGrant)
  const { signIn } = found.value
  return clientId === signIn.clientId && clientSecret === Redacted.value(signIn.clientSecret)
    ? Effect.succeed(found.value)
    : Effect.fail(invalidClient)
}

const createToken =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      for (const name of ["clientId", "clientSecret", "grantType"]) {
        if (!parameters[name]) return yield* Effect.fail(invalidRequest(name))
      }
      if (parameters["grantType"] !== "refresh_token") return yield* Effect.fail(unsupported)
      const { refreshToken: old } = parameters
      if (!old) return yield* Effect.fail(invalidRequest("refreshToken"))
      const signedIn = yield* signedInByRefresh(state.sso, asked, old)
      const accessToken = `aoaAAAAA${yield* state.generator.text(200)}`
      const refreshToken = `aorAAAAA${yield* state.generator.text(200)}`
      state.sso.renew(old, { accessToken, refreshToken }, signedIn, now)
      return jsonSuccess(asked, { accessToken, tokenType: "Bearer", expiresIn: accessSeconds, refreshToken })
    })

/** The token service over a state. */
export const tokenService = (state: State): Endpoint => ({
  proof: "authorization",
  route: ({ method, path }) =>
    method === "POST" && path === "/token"
      ? { operation: "CreateToken", answer: createToken(state) }
      : undefined,
  throttling: { code: "SlowDownException", message: "Rate exceeded" },
  refuse: (refusal, asked) =>
    jsonFailure(asked, refusal, { error: oauthCode(refusal.code), error_description: refusal.message })
})

const tokenHeader = "x-amz-sso_bearer_token"

const unauthorized = refusal(401, "UnauthorizedException", "Session token not found or invalid")
const forbidden = refusal(403, "ForbiddenException", "No access")
const invalid = (name: string): Refusal =>
  refusal(400, "InvalidRequestException", `Request is missing the parameter ${name}`)
const notFound = (accountId: string): Refusal =>
  refusal(404, "ResourceNotFoundException", `Account ${accountId} not found`)

const signedInByAccess = (
  { access }: State["sso"],
  { now, request }: Asked
): Effect.Effect<SignedIn, Refusal> => {
  const token = access.find(request.headers[tokenHeader] ?? "", now)
  return token !== undefined && token.expiration > now
    ? Effect.succeed(token.value)
    : Effect.fail(unauthorized)
}

const required = ({ parameters }: Asked, name: string): Effect.Effect<string, Refusal> => {
  const value = parameters[name]
  return value === undefined || value === "" ? Effect.fail(invalid(name)) : Effect.succeed(value)
}

const roleFor = (
  { accounts }: State,
  { center, signIn }: SignedIn,
  accountId: string,
  roleName: string
): Effect.Effect<AssumedRole, Refusal> => {
  const account = accounts.find(({ id }) => id === accountId)
  if (account === undefined) return Effect.fail(notFound(accountId))
  const assignment = center.assignments.find(
    (one) => one.userName === signIn.userName && one.accountId === accountId && one.roleName === roleName
  )
  const session = assignment && sessionOf(account, assignment.role, signIn.userName)
  return session === undefined ? Effect.fail(forbidden) : Effect.succeed(session)
}

const roleCredentials = ({ accessKeyId, expiration, secretAccessKey, sessionToken }: Session) => ({
  roleCredentials: {
    accessKeyId,
    secretAccessKey: Redacted.value(secretAccessKey),
    sessionToken: Redacted.value(sessionToken),
    expiration
  }
})

const getRoleCredentials =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const signedIn = yield* signedInByAccess(state.sso, asked)
      const accountId = yield* required(asked, "account_id")
      const roleName = yield* required(asked, "role_name")
      const identity = yield* roleFor(state, signedIn, accountId, roleName)
      const session = yield* state.issue(identity, defaultSeconds, asked.now)
      return jsonSuccess(asked, roleCredentials(session))
    })

/** The portal over a state. */
export const portal = (state: State): Endpoint => ({
  proof: tokenHeader,
  route: ({ method, path }) =>
    method === "GET" && path === "/federation/credentials"
      ? { operation: "GetRoleCredentials", answer: getRoleCredentials(state) }
      : undefined,
  throttling: { code: "TooManyRequestsException", message: "Rate exceeded" },
  refuse: (refusal, asked) =>
    jsonFailure(asked, refusal, {
      message: refusal.message,
      __type: `com.amazonaws.switchboard.portal#${refusal.code}`
    })
})
