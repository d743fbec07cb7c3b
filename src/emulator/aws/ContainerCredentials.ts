/**
 * Where the containers of ECS tasks and of EKS pods ask for their credentials.
 *
 * Source: "Task IAM role", Amazon ECS Developer Guide, and "How EKS Pod Identity works", Amazon EKS User Guide.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { formatTimestamp } from "../../protocol/timestamp.js"
import type { Asked, Endpoint, Route } from "../Endpoint.js"
import { type Refusal, refusal } from "../Refusal.js"
import { json } from "../Replies.js"
import { Rotating } from "../Rotating.js"
import { type Account, arnOf } from "./Account.js"
import { assumedBy, hostedMargin, hostedSeconds } from "./HostedRole.js"
import type { Container } from "./Hosting.js"
import type { AssumedRole, Session } from "./Identity.js"
import type { State } from "./State.js"

const services = { ecs: "ecs-tasks.amazonaws.com", eks: "pods.eks.amazonaws.com" } as const

// Whoever asks below these is a container, known or not.
const roots = ["/v2/credentials/", "/v1/credentials"]

interface Found {
  readonly account: Account
  readonly container: Container
}

const find = ({ accounts }: State, path: string): Found | undefined =>
  accounts
    .flatMap((account) => (account.containers ?? []).map((container) => ({ account, container })))
    .find(({ container }) => container.path === path)

const unknown = refusal(400, "InvalidIdInRequest", "CredentialsV2Request: Credentials not found")
const notAllowed = refusal(400, "InvalidTokenException", "The token is missing or not the container's.")
const untrusted = refusal(
  503,
  "CredentialsUninitialized",
  "CredentialsV2Request: Credentials uninitialized for ID"
)

const checkToken = ({ token }: Container, { headers }: Asked["request"]): Effect.Effect<void, Refusal> =>
  token === undefined || headers["authorization"] === Redacted.value(token)
    ? Effect.void
    : Effect.fail(notAllowed)

const documentOf = (
  { kind }: Container,
  { account, role }: AssumedRole,
  { accessKeyId, expiration, secretAccessKey, sessionToken }: Session
) => ({
  ...(kind === "ecs" ? { RoleArn: arnOf(account, "role", role.name) } : { AccountId: account.id }),
  AccessKeyId: accessKeyId,
  SecretAccessKey: Redacted.value(secretAccessKey),
  Token: Redacted.value(sessionToken),
  Expiration: formatTimestamp(expiration, "iso8601")
})

const answer =
  (state: State, rotating: Rotating<Session>): Route["answer"] =>
  ({ now, request }) =>
    Effect.gen(function* () {
      const found = yield* Effect.mapError(Effect.fromNullishOr(find(state, request.path)), () => unknown)
      const { account, container } = found
      yield* checkToken(container, request)
      const { kind, role, roleSessionName } = container
      const identity = assumedBy(services[kind], account, role, roleSessionName)
      if (identity === undefined) return yield* Effect.fail(untrusted)
      const issue = state.issue(identity, hostedSeconds, now)
      const session = yield* rotating.get(`${request.path} ${role}`, now, issue)
      return json(now, 200, documentOf(container, identity, session))
    })

/** The endpoint over a state. */
export const make = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(hostedMargin)
  const isOurs = (path: string): boolean =>
    roots.some((root) => path.startsWith(root)) || find(state, path) !== undefined
  return {
    proof: "authorization",
    route: ({ method, path }) =>
      method === "GET" && isOurs(path)
        ? { operation: "ContainerCredentials", answer: answer(state, rotating) }
        : undefined,
    refuse: ({ code, message, status }, { now }) =>
      json(now, status, { code, message, HTTPErrorCode: status })
  }
}
