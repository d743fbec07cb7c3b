/**
 * Credentials of the roles that AWS itself assumes for what runs on it: the instance metadata service of EC2, and where the
 * containers of ECS tasks and of EKS pods ask.
 *
 * Source: "Terms and concepts for IAM roles", IAM User Guide; "Use the Instance Metadata Service to access instance
 * metadata", Amazon EC2 User Guide; "Task IAM role", Amazon ECS Developer Guide; "How EKS Pod Identity works", Amazon EKS
 * User Guide.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { formatTimestamp } from "../../protocol/encoding.js"
import * as Metadata from "../Metadata.js"
import { Iam, type Note } from "../Policy.js"
import { type Asked, type Endpoint, jsonReply, type Refusal, type Route, refusal } from "../Service.js"
import { Rotating } from "../State.js"
import { type Account, arnOf, type Container } from "./Account.js"
import { type AssumedRole, assumedRole, type Session, type State } from "./State.js"

/** How long the credentials of an instance or a container last, in seconds. */
const hostedSeconds = 21_600

/** How long before their end there are new ones, in milliseconds. */
const hostedMargin = Duration.toMillis("5 minutes")

/** An account's role under the name of a session. */
export const sessionOf = (account: Account, roleName: string, name: string): AssumedRole | undefined => {
  const role = account.roles.find((role) => role.name === roleName)
  return role && assumedRole({ account, value: role }, name)
}

/** The same, where the role trusts the service that assumes it. */
const assumedBy = (
  service: string,
  account: Account,
  roleName: string,
  name: string,
  note: Note
): AssumedRole | undefined => {
  const session = sessionOf(account, roleName, name)
  const arn = arnOf(account, "role", roleName)
  return session && Iam.trustsService(note, arn, session.role.trustPolicy, service) ? session : undefined
}

const rolePath = "/latest/meta-data/iam/security-credentials/"
const extendedPath = "/latest/meta-data/iam/security-credentials-extended/"

const iso = (millis: number): string => formatTimestamp(Math.floor(millis / 1_000) * 1_000, "iso8601")

const instanceDocument = ({ accessKeyId, expiration, secretAccessKey, sessionToken }: Session) => ({
  Code: "Success",
  LastUpdated: iso(expiration - hostedSeconds * 1_000),
  Type: "AWS-HMAC",
  AccessKeyId: accessKeyId,
  SecretAccessKey: Redacted.value(secretAccessKey),
  Token: Redacted.value(sessionToken),
  Expiration: iso(expiration)
})

const unauthorized = (role: string, now: number) => ({
  Code: "AssumeRoleUnauthorizedAccess",
  Message: `EC2 cannot assume the role ${role}. Its trust policy does not allow it to.`,
  LastUpdated: iso(now)
})

/** The service over a state. Whatever below `/latest` no other service claims is this one's. */
export const instanceMetadata = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(hostedMargin)
  const dialect: Metadata.Dialect<Account> = {
    tokenHeader: "x-aws-ec2-metadata-token",
    recognises: (request) => request.path.startsWith("/latest/"),
    paths: (account) => (account?.instance?.extended === false ? [rolePath] : [rolePath, extendedPath]),
    accounts: () => state.accounts,
    credentials: (account, { id }, role, at, now, note) => {
      const identity = assumedBy("ec2.amazonaws.com", account, role, id, note)
      if (identity === undefined) return Effect.succeed(unauthorized(role, now))
      const issue = state.issue(identity, hostedSeconds, now)
      return Effect.map(rotating.get(`${id} ${role}`, now, issue), (session) =>
        at === extendedPath
          ? { ...instanceDocument(session), AccountId: identity.account.id }
          : instanceDocument(session)
      )
    }
  }
  return Metadata.make(dialect, state.generator)
}

const services = { ecs: "ecs-tasks.amazonaws.com", eks: "pods.eks.amazonaws.com" } as const

// Whoever asks below these is a container, known or not.
const roots = ["/v2/credentials/", "/v1/credentials"]

interface FoundContainer {
  readonly account: Account
  readonly container: Container
}

const findContainer = ({ accounts }: State, path: string): FoundContainer | undefined =>
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

const containerDocument = (
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
  ({ now, request }, note) =>
    Effect.gen(function* () {
      const found = yield* Effect.mapError(
        Effect.fromNullishOr(findContainer(state, request.path)),
        () => unknown
      )
      const { account, container } = found
      yield* checkToken(container, request)
      const { kind, role, roleSessionName } = container
      const identity = assumedBy(services[kind], account, role, roleSessionName, note)
      if (identity === undefined) return yield* Effect.fail(untrusted)
      const issue = state.issue(identity, hostedSeconds, now)
      const session = yield* rotating.get(`${request.path} ${role}`, now, issue)
      return jsonReply(now, 200, containerDocument(container, identity, session))
    })

/** The endpoint over a state. */
export const containerCredentials = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(hostedMargin)
  const isOurs = (path: string): boolean =>
    roots.some((root) => path.startsWith(root)) || findContainer(state, path) !== undefined
  return {
    proof: "authorization",
    route: ({ method, path }) =>
      method === "GET" && isOurs(path)
        ? { operation: "ContainerCredentials", answer: answer(state, rotating) }
        : undefined,
    refuse: ({ code, message, status }, { now }) =>
      jsonReply(now, status, { code, message, HTTPErrorCode: status })
  }
}
