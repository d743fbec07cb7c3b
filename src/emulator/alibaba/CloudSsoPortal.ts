/**
 * CloudSSO, which gives credentials of access configurations to who is signed in.
 *
 * Source: "Log on to CloudSSO by using the CLI", CloudSSO User Guide.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Refusal, refusal } from "../Refusal.js"
import type { Asked, Endpoint, Route } from "../Service.js"
import { bearer } from "../Tokens.js"
import { jsonReply } from "../Wire.js"
import { credentialsOf } from "./Caller.js"
import { type NewSession, sessionOf, sessionSeconds } from "./HostedRole.js"
import type { CloudSso } from "./Hosting.js"
import type { State } from "./State.js"

const invalidToken = refusal(401, "InvalidAccessToken", "The access token is missing, wrong or over.")
const forbidden = refusal(403, "Forbidden", "The user has no such access configuration in the account.")
const missing = (name: string): Refusal =>
  refusal(400, "MissingParameter", `The parameter ${name} is mandatory for this request.`)

interface SignedIn {
  readonly directory: CloudSso
  readonly userName: string
}

const signedInBy = ({ accounts }: State, { headers }: Asked["request"]): SignedIn | undefined => {
  const token = bearer(headers["authorization"])
  return accounts
    .flatMap(({ cloudSso: directory }) =>
      directory === undefined ? [] : directory.signIns.map((signIn) => ({ directory, ...signIn }))
    )
    .find(({ accessToken }) => Redacted.value(accessToken) === token)
}

const sessionFor = (
  { accounts }: State,
  { directory, userName }: SignedIn,
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

const answer =
  (state: State): Route["answer"] =>
  ({ now, parameters, request, requestId }) =>
    Effect.gen(function* () {
      const signedIn = signedInBy(state, request)
      if (signedIn === undefined) return yield* Effect.fail(invalidToken)
      const { AccessConfigurationId, AccountId } = parameters
      if (!AccountId) return yield* Effect.fail(missing("AccountId"))
      if (!AccessConfigurationId) return yield* Effect.fail(missing("AccessConfigurationId"))
      const session = sessionFor(state, signedIn, AccountId, AccessConfigurationId)
      if (session === undefined) return yield* Effect.fail(forbidden)
      const issued = yield* state.issue(session, sessionSeconds, now)
      return jsonReply(now, 200, { RequestId: requestId, CloudCredential: credentialsOf(issued) })
    })

/** The service over a state. */
export const make = (state: State): Endpoint => ({
  proof: "authorization",
  route: ({ method, path }) =>
    method === "POST" && path === "/cloud-credentials"
      ? { operation: "CreateCloudCredential", answer: answer(state) }
      : undefined,
  refuse: ({ code, message, status }, { now, requestId }) =>
    jsonReply(now, status, { RequestId: requestId, ErrorCode: code, ErrorMessage: message })
})
