/**
 * The portal of IAM Identity Center, which gives credentials of roles to users who are signed in, and signs them out.
 *
 * Source: "GetRoleCredentials" and "Logout", IAM Identity Center Portal API Reference.
 */
import * as Effect from "effect/Effect"
import {
  type Asked,
  type Endpoint,
  jsonReply,
  type Refusal,
  type Route,
  refusal,
  type WireReply
} from "../Service.js"
import { sessionOf } from "./HostedRole.js"
import { credentialsOf, defaultSeconds } from "./Session.js"
import type { AssumedRole, SignedIn, State } from "./State.js"

/** A success, as the JSON services of AWS answer. */
export const jsonSuccess = ({ now, requestId }: Asked, content: object): WireReply =>
  jsonReply(now, 200, content, { "x-amzn-requestid": requestId })

/** A refusal, with what its body says. */
export const jsonFailure = (
  { now, requestId }: Asked,
  { code, status }: Refusal,
  content: object
): WireReply => jsonReply(now, status, content, { "x-amzn-requestid": requestId, "x-amzn-errortype": code })

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

const getRoleCredentials =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const signedIn = yield* signedInByAccess(state.sso, asked)
      const accountId = yield* required(asked, "account_id")
      const roleName = yield* required(asked, "role_name")
      const identity = yield* roleFor(state, signedIn, accountId, roleName)
      const session = yield* state.issue(identity, defaultSeconds, asked.now)
      return jsonSuccess(asked, { roleCredentials: credentialsOf(session) })
    })

const logout =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.sync(() => {
      state.sso.access.spend(asked.request.headers[tokenHeader] ?? "", asked.now)
      return jsonSuccess(asked, {})
    })

/** The portal over a state. */
export const portal = (state: State): Endpoint => {
  const routes: Readonly<Record<string, Route>> = {
    "GET /federation/credentials": { operation: "GetRoleCredentials", answer: getRoleCredentials(state) },
    "POST /logout": { operation: "Logout", answer: logout(state) }
  }
  return {
    proof: tokenHeader,
    route: ({ method, path }) => routes[`${method} ${path}`],
    throttling: { code: "TooManyRequestsException", message: "Rate exceeded" },
    refuse: (refusal, asked) =>
      jsonFailure(asked, refusal, {
        message: refusal.message,
        __type: `com.amazonaws.switchboard.portal#${refusal.code}`
      })
  }
}
