/**
 * Signing in to CloudSSO: codes that a person confirms, and what they can have then.
 *
 * Source: "Use Alibaba Cloud CLI to access CloudSSO", Alibaba Cloud CloudSSO User Guide; RFC 7636, "Proof Key for Code
 * Exchange".
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Devices, interval, type Waiting } from "../deviceCode.js"
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
import { originOf } from "../SignInPage.js"
import { accessSeconds, bearer } from "../State.js"
import type { Assignment, CloudSso } from "./Account.js"
import { cloudSsoPortal } from "./SignIn.js"
import type { State } from "./State.js"

interface Started {
  readonly directory: CloudSso
  readonly challenge: string
}

const refusals: Readonly<Record<Waiting, Refusal>> = {
  unknown: refusal(400, "InvalidDeviceCodeError", "The device code is unknown, over or used."),
  expired: refusal(400, "InvalidDeviceCodeError", "The device code is unknown, over or used."),
  pending: refusal(400, "AuthorizationPending", "The person has not answered yet."),
  slow: refusal(400, "AuthorizationPending", "The person has not answered yet."),
  denied: refusal(403, "AccessDenied", "The person said no.")
}

const invalid = (name: string): Refusal =>
  refusal(400, "InvalidParameter", `The parameter ${name} is missing or wrong.`)

const unauthorized = refusal(401, "InvalidAccessToken", "The access token is missing, wrong or expired.")

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

const assignmentsOf = (
  state: State,
  { request }: Asked
): Effect.Effect<ReadonlyArray<Assignment>, Refusal> => {
  const token = bearer(request.headers["authorization"])
  const found = directoriesOf(state).flatMap(({ assignments, signIns }) =>
    signIns
      .filter(({ accessToken }) => Redacted.value(accessToken) === token)
      .map(({ userName }) => assignments.filter((one) => one.userName === userName))
  )
  return found[0] === undefined ? Effect.fail(unauthorized) : Effect.succeed(found[0])
}

const listing =
  (state: State, itemsOf: (all: ReadonlyArray<Assignment>, asked: Asked) => object): Route["answer"] =>
  (asked) =>
    Effect.map(assignmentsOf(state, asked), (all) =>
      jsonReply(asked.now, 200, { RequestId: asked.requestId, IsTruncated: false, ...itemsOf(all, asked) })
    )

const accountsIn = (all: ReadonlyArray<Assignment>) => ({
  Accounts: [...new Set(all.map(({ accountId }) => accountId))].map((id) => ({
    AccountId: id,
    DisplayName: `account-${id}`
  }))
})

const configurationsIn = (all: ReadonlyArray<Assignment>, { parameters }: Asked) => ({
  AccessConfigurationsForAccount: all
    .filter(({ accountId }) => accountId === parameters["AccountId"])
    .map(({ accessConfigurationId, role }) => ({
      AccessConfigurationId: accessConfigurationId,
      AccessConfigurationName: role
    }))
})

/** The portal over a state, as far as people sign in there. */
export const cloudSsoLogin = (state: State): Endpoint => {
  const devices = new Devices<Started>(state.generator)
  const routes: Readonly<Record<string, Route>> = {
    "POST /device-authorization": { operation: "StartDeviceAuthorization", answer: start(state, devices) },
    "GET /device-code": { operation: "DevicePage", answer: devices.page },
    "POST /device-code": { operation: "DevicePage", answer: devices.page },
    "GET /access-assignments/accounts": { operation: "ListAccounts", answer: listing(state, accountsIn) },
    "GET /access-assignments/access-configurations": {
      operation: "ListAccessConfigurations",
      answer: listing(state, configurationsIn)
    }
  }
  const token: Route = { operation: "CreateToken", answer: createToken(state, devices) }
  return {
    ...cloudSsoPortal(state),
    route: (request) => {
      const place = `${request.method} ${request.path}`
      // AWS has an endpoint of this path too, whose names begin with small letters.
      if (place !== "POST /token") return routes[place]
      return decodeJson(bodyText(request))?.["GrantType"] === undefined ? undefined : token
    }
  }
}
