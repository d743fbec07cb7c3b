/**
 * The portal of IAM Identity Center, which gives credentials of roles to who is signed in.
 *
 * Source: "GetRoleCredentials", IAM Identity Center Portal API Reference.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Refusal, refusal } from "../Refusal.js"
import type { Asked, Endpoint, Route } from "../Service.js"
import { sessionOf } from "./HostedRole.js"
import type { AssumedRole, Session } from "./Identity.js"
import { defaultSeconds } from "./Issue.js"
import { failure, success } from "./RestReply.js"
import type { SignedIn, SsoTokens, State } from "./State.js"

const tokenHeader = "x-amz-sso_bearer_token"

const unauthorized = refusal(401, "UnauthorizedException", "Session token not found or invalid")
const forbidden = refusal(403, "ForbiddenException", "No access")
const invalid = (name: string): Refusal =>
  refusal(400, "InvalidRequestException", `Request is missing the parameter ${name}`)
const notFound = (accountId: string): Refusal =>
  refusal(404, "ResourceNotFoundException", `Account ${accountId} not found`)

const signedInBy = ({ access }: SsoTokens, { now, request }: Asked): Effect.Effect<SignedIn, Refusal> => {
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

const answer =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const signedIn = yield* signedInBy(state.sso, asked)
      const accountId = yield* required(asked, "account_id")
      const roleName = yield* required(asked, "role_name")
      const identity = yield* roleFor(state, signedIn, accountId, roleName)
      const session = yield* state.issue(identity, defaultSeconds, asked.now)
      return success(asked, roleCredentials(session))
    })

/** The portal over a state. */
export const make = (state: State): Endpoint => ({
  proof: tokenHeader,
  route: ({ method, path }) =>
    method === "GET" && path === "/federation/credentials"
      ? { operation: "GetRoleCredentials", answer: answer(state) }
      : undefined,
  throttling: { code: "TooManyRequestsException", message: "Rate exceeded" },
  refuse: (refusal, asked) =>
    failure(asked, refusal, {
      message: refusal.message,
      __type: `com.amazonaws.switchboard.portal#${refusal.code}`
    })
})
