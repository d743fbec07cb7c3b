/**
 * Signing in to IAM Identity Center: clients, codes that a person confirms, and the pages for that.
 *
 * Source: "RegisterClient", "StartDeviceAuthorization" and "CreateToken", IAM Identity Center OIDC API Reference; RFC 8628,
 * "OAuth 2.0 Device Authorization Grant".
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Codes, isLoopback, refusedWith } from "../authorizationCode.js"
import { Devices, deviceSeconds, interval, type Waiting } from "../deviceCode.js"
import {
  type Asked,
  bodyText,
  decodeJson,
  type Endpoint,
  type Refusal,
  type Route,
  refusal,
  type WireReply,
  type WireRequest
} from "../Service.js"
import { originOf } from "../SignInPage.js"
import { accessSeconds, Remembered } from "../State.js"
import type { IdentityCenter } from "./Account.js"
import { jsonSuccess, portal, tokenService } from "./IdentityCenter.js"
import type { State } from "./State.js"

interface Client {
  readonly id: string
  readonly secret: string
  readonly scopes: boolean
  readonly issuerUrl: string | undefined
  readonly grantTypes: ReadonlyArray<unknown>
  readonly redirectUris: ReadonlyArray<unknown>
}

const memory = Duration.toMillis("90 days")

class Logins {
  readonly clients = new Remembered<Client>(memory)
  readonly devices: Devices<IdentityCenter>

  constructor({ generator }: State) {
    this.devices = new Devices(generator)
  }
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

const invalidRequest = (text: string): Refusal => refusal(400, "InvalidRequestException", text)
const invalidClient = refusal(401, "InvalidClientException", "Invalid client provided")
const invalidGrant = refusal(400, "InvalidGrantException", "Invalid grant provided")

const refusals: Readonly<Record<Waiting, Refusal>> = {
  unknown: invalidGrant,
  pending: refusal(400, "AuthorizationPendingException", "The person has not answered yet"),
  slow: refusal(400, "SlowDownException", "It is asked too often"),
  expired: refusal(400, "ExpiredTokenException", "The code has expired"),
  denied: refusal(400, "AccessDeniedException", "The person said no")
}

const listIn = (request: WireRequest, name: string): ReadonlyArray<unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(bodyText(request))[name]
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

const registerClient =
  (state: State, logins: Logins): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters, request } = asked
      if (!parameters["clientName"]) return yield* Effect.fail(invalidRequest("clientName is missing"))
      if (parameters["clientType"] !== "public") {
        return yield* Effect.fail(refusal(400, "InvalidClientMetadataException", "clientType must be public"))
      }
      const client: Client = {
        id: yield* state.generator.text(22),
        secret: yield* state.generator.text(200),
        issuerUrl: parameters["issuerUrl"],
        scopes: (listIn(request, "scopes") ?? []).length > 0,
        grantTypes: listIn(request, "grantTypes") ?? [deviceGrant, "refresh_token"],
        redirectUris: listIn(request, "redirectUris") ?? []
      }
      logins.clients.set(client.id, client, now)
      return jsonSuccess(asked, {
        clientId: client.id,
        clientSecret: client.secret,
        clientIdIssuedAt: Math.floor(now / 1_000),
        clientSecretExpiresAt: Math.floor((now + memory) / 1_000)
      })
    })

const clientOf = (logins: Logins, { now, parameters }: Asked): Effect.Effect<Client, Refusal> => {
  const client = logins.clients.get(parameters["clientId"] ?? "", now)
  return client === undefined || client.secret !== parameters["clientSecret"]
    ? Effect.fail(invalidClient)
    : Effect.succeed(client)
}

const unsupported = refusal(400, "UnsupportedGrantTypeException", "The client may only renew tokens.")

/** The client of a grant. Who has signed in from the start has one that was registered for renewing alone. */
const grantedTo = (state: State, logins: Logins, asked: Asked): Effect.Effect<Client, Refusal> => {
  const { clientId, clientSecret } = asked.parameters
  const isSeeded = state.accounts
    .flatMap(({ identityCenter }) => identityCenter?.signIns ?? [])
    .some((one) => one.clientId === clientId && Redacted.value(one.clientSecret) === clientSecret)
  return isSeeded ? Effect.fail(unsupported) : clientOf(logins, asked)
}

const centerOf = ({ accounts }: State, startUrl: string | undefined): IdentityCenter | undefined =>
  accounts.flatMap(({ identityCenter }) => identityCenter ?? []).find((one) => one.startUrl === startUrl)

const startDevice =
  (state: State, logins: Logins): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters, request } = asked
      const client = yield* clientOf(logins, asked)
      if (!client.grantTypes.includes(deviceGrant)) {
        return yield* Effect.fail(refusal(400, "UnauthorizedClientException", "The client has no such grant"))
      }
      const center = centerOf(state, parameters["startUrl"])
      if (center === undefined) return yield* Effect.fail(invalidRequest("startUrl is not known"))
      const of = { clientId: client.id, users: usersOf(center), value: center }
      const { deviceCode, userCode } = yield* logins.devices.start(of, now)
      const verificationUri = `${originOf(request)}/device`
      return jsonSuccess(asked, {
        deviceCode,
        userCode,
        verificationUri,
        verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
        expiresIn: deviceSeconds,
        interval
      })
    })

const usersOf = ({ assignments }: IdentityCenter): ReadonlyArray<string> => [
  ...new Set(assignments.map(({ userName }) => userName))
]

/** Gives tokens to the user who signed in. */
const issue = (
  state: State,
  asked: Asked,
  { clientId, clientSecret, withRefresh }: { clientId: string; clientSecret: string; withRefresh: boolean },
  center: IdentityCenter,
  userName: string
): Effect.Effect<WireReply> =>
  Effect.gen(function* () {
    const { now } = asked
    const accessToken = `aoaAAAAA${yield* state.generator.text(200)}`
    const refreshToken = `aorAAAAA${yield* state.generator.text(200)}`
    const value = {
      center,
      signIn: {
        userName,
        clientId,
        clientSecret: Redacted.make(clientSecret),
        accessToken: Redacted.make(accessToken),
        refreshToken: Redacted.make(refreshToken)
      }
    }
    state.sso.access.add(accessToken, value, now + accessSeconds * 1_000, now)
    if (withRefresh) state.sso.refresh.add(refreshToken, value, now + memory, now)
    return jsonSuccess(asked, {
      accessToken,
      tokenType: "Bearer",
      expiresIn: accessSeconds,
      ...(withRefresh ? { refreshToken } : {})
    })
  })

const deviceToken =
  (state: State, logins: Logins): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      const client = yield* grantedTo(state, logins, asked)
      const { userName, value } = yield* Effect.mapError(
        logins.devices.redeem(parameters["deviceCode"] ?? "", client.id, now),
        (waiting) => refusals[waiting]
      )
      const of = { clientId: client.id, clientSecret: client.secret, withRefresh: client.scopes }
      return yield* issue(state, asked, of, value, userName)
    })

const codeGrant = "authorization_code"

// The port is the client's own choice, each time.
const accepts =
  ({ redirectUris }: Client) =>
  (target: URL): boolean => {
    const withoutPort = new URL(target)
    withoutPort.port = ""
    return isLoopback(target) && redirectUris.includes(withoutPort.href)
  }

const codesOf = (state: State, logins: Logins) =>
  new Codes<IdentityCenter>(state.generator, "S256", ({ now, parameters }) => {
    const client = logins.clients.get(parameters["client_id"] ?? "", now)
    const center = centerOf(state, client?.issuerUrl)
    if (client === undefined || center === undefined || !client.grantTypes.includes(codeGrant))
      return undefined
    return { id: client.id, users: usersOf(center), accepts: accepts(client), value: center }
  })

const codeToken =
  (state: State, logins: Logins, codes: Codes<IdentityCenter>): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      const { id, scopes, secret } = yield* grantedTo(state, logins, asked)
      const { code = "", codeVerifier = "", redirectUri = "" } = parameters
      const { client, userName } = yield* refusedWith(invalidGrant)(
        codes.redeem(code, id, redirectUri, codeVerifier, now)
      )
      const of = { clientId: id, clientSecret: secret, withRefresh: scopes }
      return yield* issue(state, asked, of, client.value, userName)
    })

/** The portal, as far as it signs people out. */
export const logoutService = (state: State): Endpoint => ({
  ...portal(state),
  route: ({ method, path }) =>
    method === "POST" && path === "/logout"
      ? {
          operation: "Logout",
          answer: (asked) =>
            Effect.sync(() => {
              state.sso.access.spend(asked.request.headers["x-amz-sso_bearer_token"] ?? "", asked.now)
              return jsonSuccess(asked, {})
            })
        }
      : undefined
})

/** The service over a state, beside the one that renews tokens. */
export const loginService = (state: State): Endpoint => {
  const logins = new Logins(state)
  const codes = codesOf(state, logins)
  const routes: Readonly<Record<string, Route>> = {
    "GET /authorize": { operation: "AuthorizePage", answer: codes.page },
    "POST /authorize": { operation: "AuthorizePage", answer: codes.page },
    "POST /client/register": { operation: "RegisterClient", answer: registerClient(state, logins) },
    "POST /device_authorization": {
      operation: "StartDeviceAuthorization",
      answer: startDevice(state, logins)
    },
    "GET /device": { operation: "DevicePage", answer: logins.devices.page },
    "POST /device": { operation: "DevicePage", answer: logins.devices.page }
  }
  const grants: Readonly<Record<string, Route>> = {
    [codeGrant]: { operation: "CreateToken", answer: codeToken(state, logins, codes) },
    [deviceGrant]: { operation: "CreateToken", answer: deviceToken(state, logins) }
  }
  return {
    ...tokenService(state),
    route: (request) => {
      const place = `${request.method} ${request.path}`
      return place === "POST /token"
        ? grants[decodeJson(bodyText(request))?.["grantType"] ?? ""]
        : routes[place]
    }
  }
}
