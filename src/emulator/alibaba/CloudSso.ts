/**
 * CloudSSO: codes that a person confirms, what the person can have then, and the portal, which gives credentials of roles to
 * users who are signed in.
 *
 * Source: "Use Alibaba Cloud CLI to access CloudSSO" and "Log on to CloudSSO by using the CLI", Alibaba Cloud CloudSSO User
 * Guide; RFC 7636, "Proof Key for Code Exchange".
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type Asked,
  bodyText,
  decodeJson,
  type Endpoint,
  jsonReply,
  type Refusal,
  type Route,
  refusal
} from "../Service.js"
import { Devices, interval, originOf, type Waiting } from "../SignIn.js"
import { accessSeconds, bearer } from "../State.js"
import type { CloudSso } from "./Account.js"
import { sessionOf, sessionSeconds } from "./HostedRole.js"
import { credentialsOf, type State } from "./State.js"

interface Started {
  readonly directory: CloudSso
  readonly challenge: string
}

const refusals: Readonly<Record<Waiting, Refusal>> = {
  unknown: refusal(400, "InvalidDeviceCodeError", "The device code is unknown, expired or used."),
  expired: refusal(400, "InvalidDeviceCodeError", "The device code is unknown, expired or used."),
  pending: refusal(400, "AuthorizationPending", "The person has not answered yet."),
  slow: refusal(400, "AuthorizationPending", "The person has not answered yet."),
  denied: refusal(403, "AccessDenied", "The person denied access.")
}

const invalid = (name: string): Refusal =>
  refusal(400, "InvalidParameter", `The parameter ${name} is missing or wrong.`)

const missing = (name: string): Refusal =>
  refusal(400, "MissingParameter", `The parameter ${name} is mandatory for this request.`)

const unauthorized = refusal(401, "InvalidAccessToken", "The access token is missing, unknown or expired.")
const noAccess = refusal(403, "Forbidden", "The user has no such access configuration in the account.")

const directoriesOf = ({ accounts }: State): ReadonlyArray<CloudSso> =>
  accounts.flatMap(({ cloudSso }) => cloudSso ?? [])

const start =
  (state: State, devices: Devices<Started>): Route["answer"] =>
  ({ now, parameters, request, requestId }) =>
    Effect.gen(function* () {
      const { ClientId: clientId, CodeChallenge: challenge, CodeChallengeMethod, PortalUrl } = parameters
      const portal = URL.canParse(PortalUrl ?? "") ? new URL(PortalUrl ?? "") : undefined
      // Where the emulator is served, its address stands in the place of the directory's.
      const directory = directoriesOf(state).find(
        ({ signInUrl }) => new URL(signInUrl).pathname === portal?.pathname
      )
      if (directory === undefined) return yield* Effect.fail(invalid("PortalUrl"))
      if (!clientId) return yield* Effect.fail(invalid("ClientId"))
      if (!challenge || CodeChallengeMethod !== "S256") return yield* Effect.fail(invalid("CodeChallenge"))
      const users = [...new Set(directory.assignments.map(({ userName }) => userName))]
      const { deviceCode, userCode } = yield* devices.start(
        { clientId, users, value: { directory, challenge } },
        now
      )
      const page = `${originOf(request)}/device-code`
      return jsonReply(now, 200, {
        RequestId: requestId,
        DeviceCode: deviceCode,
        UserCode: userCode,
        VerificationUri: page,
        VerificationUriComplete: `${page}?user_code=${userCode}`,
        Interval: interval
      })
    })

const createToken =
  (state: State, devices: Devices<Started>): Route["answer"] =>
  ({ now, parameters, requestId }) =>
    Effect.gen(function* () {
      const { ClientId = "", CodeVerifier = "", DeviceCode = "" } = parameters
      const { userName, value } = yield* Effect.mapError(
        devices.redeem(DeviceCode, ClientId, now),
        (waiting) => refusals[waiting]
      )
      const challenge = createHash("sha256").update(CodeVerifier).digest("base64url")
      if (challenge !== value.challenge) return yield* Effect.fail(refusals.unknown)
      const accessToken = yield* state.generator.text(120)
      const signIn = { userName, accessToken: Redacted.make(accessToken) }
      state.accounts = state.accounts.map((account) =>
        account.cloudSso?.signInUrl === value.directory.signInUrl
          ? { ...account, cloudSso: { ...account.cloudSso, signIns: [...account.cloudSso.signIns, signIn] } }
          : account
      )
      return jsonReply(now, 200, {
        RequestId: requestId,
        AccessToken: accessToken,
        TokenType: "Bearer",
        ExpiresIn: accessSeconds
      })
    })

interface Person {
  readonly userName: string
  /** What the person may have. */
  readonly assignments: CloudSso["assignments"]
}

const personOf = (state: State, { request }: Asked): Effect.Effect<Person, Refusal> => {
  const token = bearer(request.headers["authorization"])
  const [person] = directoriesOf(state).flatMap(({ assignments, signIns }) =>
    signIns
      .filter(({ accessToken }) => Redacted.value(accessToken) === token)
      .map(({ userName }) => ({
        userName,
        assignments: assignments.filter((one) => one.userName === userName)
      }))
  )
  return person === undefined ? Effect.fail(unauthorized) : Effect.succeed(person)
}

const listing =
  (state: State, itemsOf: (all: Person["assignments"], asked: Asked) => object): Route["answer"] =>
  (asked) =>
    Effect.map(personOf(state, asked), ({ assignments }) =>
      jsonReply(asked.now, 200, {
        RequestId: asked.requestId,
        IsTruncated: false,
        ...itemsOf(assignments, asked)
      })
    )

const accountsIn = (all: Person["assignments"]) => ({
  Accounts: [...new Set(all.map(({ accountId }) => accountId))].map((id) => ({
    AccountId: id,
    DisplayName: `account-${id}`
  }))
})

const configurationsIn = (all: Person["assignments"], { parameters }: Asked) => ({
  AccessConfigurationsForAccount: all
    .filter(({ accountId }) => accountId === parameters["AccountId"])
    .map(({ accessConfigurationId, role }) => ({
      AccessConfigurationId: accessConfigurationId,
      AccessConfigurationName: role
    }))
})

const createCredential =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters, requestId } = asked
      const { assignments, userName } = yield* personOf(state, asked)
      const { AccessConfigurationId, AccountId } = parameters
      if (!AccountId) return yield* Effect.fail(missing("AccountId"))
      if (!AccessConfigurationId) return yield* Effect.fail(missing("AccessConfigurationId"))
      const account = state.accounts.find(({ id }) => id === AccountId)
      const assignment = assignments.find(
        (one) => one.accountId === AccountId && one.accessConfigurationId === AccessConfigurationId
      )
      const session = account && assignment && sessionOf(account, assignment.role, userName)
      if (session === undefined) return yield* Effect.fail(noAccess)
      const issued = yield* state.issue(session, sessionSeconds, now)
      return jsonReply(now, 200, { RequestId: requestId, CloudCredential: credentialsOf(issued) })
    })

/** The portal over a state. */
export const cloudSsoPortal = (state: State): Endpoint => {
  const devices = new Devices<Started>(state.generator)
  const page: Route = { operation: "DevicePage", answer: devices.page }
  const routes: Readonly<Record<string, Route>> = {
    "POST /device-authorization": { operation: "StartDeviceAuthorization", answer: start(state, devices) },
    "GET /device-code": page,
    "POST /device-code": page,
    "GET /access-assignments/accounts": { operation: "ListAccounts", answer: listing(state, accountsIn) },
    "GET /access-assignments/access-configurations": {
      operation: "ListAccessConfigurations",
      answer: listing(state, configurationsIn)
    },
    "POST /cloud-credentials": { operation: "CreateCloudCredential", answer: createCredential(state) }
  }
  const token: Route = { operation: "CreateToken", answer: createToken(state, devices) }
  return {
    proof: "authorization",
    route: (request) => {
      const place = `${request.method} ${request.path}`
      // AWS has an endpoint of this path too, whose names begin with small letters.
      if (place !== "POST /token") return routes[place]
      return decodeJson(bodyText(request))?.["GrantType"] === undefined ? undefined : token
    },
    refuse: ({ code, message, status }, { now, requestId }) =>
      jsonReply(now, status, { RequestId: requestId, ErrorCode: code, ErrorMessage: message })
  }
}
