/**
 * IAM Identity Center: its token service, where clients register and get tokens for each of the three grants, with the pages
 * and codes by which a person signs in; and its portal, which gives credentials of roles to users who are signed in, and
 * signs them out.
 *
 * Source: "RegisterClient", "StartDeviceAuthorization" and "CreateToken", IAM Identity Center OIDC API Reference;
 * "GetRoleCredentials" and "Logout", IAM Identity Center Portal API Reference; RFC 8628, "OAuth 2.0 Device Authorization
 * Grant".
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type Asked,
  bodyText,
  type Endpoint,
  jsonReply,
  type Refusal,
  type Route,
  refusal,
  type WireReply,
  type WireRequest
} from "../Service.js"
import {
  Codes,
  Devices,
  deviceSeconds,
  interval,
  isLoopback,
  originOf,
  refusedWith,
  type Waiting
} from "../SignIn.js"
import { accessSeconds, Remembered } from "../State.js"
import type { IdentityCenter } from "./Account.js"
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

interface Client {
  readonly id: string
  readonly secret: string
  readonly scopes: boolean
  readonly issuerUrl: string | undefined
  readonly grantTypes: ReadonlyArray<unknown>
  readonly redirectUris: ReadonlyArray<unknown>
}

const memory = Duration.toMillis("90 days")

/** Who is signing in. */
class Logins {
  readonly clients = new Remembered<Client>(memory)
  readonly devices: Devices<IdentityCenter>
  readonly codes: Codes<IdentityCenter>

  constructor(readonly state: State) {
    this.devices = new Devices(state.generator)
    this.codes = new Codes(state.generator, "S256", ({ now, parameters }) => {
      const client = this.clients.get(parameters["client_id"] ?? "", now)
      const center = centerOf(state, client?.issuerUrl)
      if (client === undefined || center === undefined || !client.grantTypes.includes(codeGrant))
        return undefined
      return { id: client.id, users: usersOf(center), accepts: accepts(client), value: center }
    })
  }
}

const codeGrant = "authorization_code"
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

const invalidRequest = (text: string): Refusal => refusal(400, "InvalidRequestException", text)
const missing = (name: string): Refusal => invalidRequest(`Missing required parameter: ${name}`)
const invalidClient = refusal(401, "InvalidClientException", "Invalid client provided")
const invalidGrant = refusal(400, "InvalidGrantException", "Invalid grant provided")

const refusals: Readonly<Record<Waiting, Refusal>> = {
  unknown: invalidGrant,
  pending: refusal(400, "AuthorizationPendingException", "The person has not answered yet"),
  slow: refusal(400, "SlowDownException", "It is asked too often"),
  expired: refusal(400, "ExpiredTokenException", "The code has expired"),
  denied: refusal(400, "AccessDeniedException", "The person denied access")
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
  (logins: Logins): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters, request } = asked
      if (!parameters["clientName"]) return yield* Effect.fail(invalidRequest("clientName is missing"))
      if (parameters["clientType"] !== "public") {
        return yield* Effect.fail(refusal(400, "InvalidClientMetadataException", "clientType must be public"))
      }
      const client: Client = {
        id: yield* logins.state.generator.text(22),
        secret: yield* logins.state.generator.text(200),
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

const centerOf = ({ accounts }: State, startUrl: string | undefined): IdentityCenter | undefined =>
  accounts.flatMap(({ identityCenter }) => identityCenter ?? []).find((one) => one.startUrl === startUrl)

const startDevice =
  (logins: Logins): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters, request } = asked
      const client = yield* clientOf(logins, asked)
      if (!client.grantTypes.includes(deviceGrant)) {
        return yield* Effect.fail(refusal(400, "UnauthorizedClientException", "The client has no such grant"))
      }
      const center = centerOf(logins.state, parameters["startUrl"])
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

// The port is the client's own choice, each time.
const accepts =
  ({ redirectUris }: Client) =>
  (target: URL): boolean => {
    const withoutPort = new URL(target)
    withoutPort.port = ""
    return isLoopback(target) && redirectUris.includes(withoutPort.href)
  }

const newTokens = ({ generator }: State) =>
  Effect.gen(function* () {
    const accessToken = `aoaAAAAA${yield* generator.text(200)}`
    return { accessToken, refreshToken: `aorAAAAA${yield* generator.text(200)}` }
  })

const tokenReply = (asked: Asked, tokens: object): WireReply =>
  jsonSuccess(asked, { ...tokens, tokenType: "Bearer", expiresIn: accessSeconds })

type Grant = (logins: Logins, asked: Asked) => Effect.Effect<WireReply, Refusal>

const unsupported = (message: string): Refusal => refusal(400, "UnsupportedGrantTypeException", message)

/** Gives tokens to the user who signed in, unless the client is one that was seeded with tokens, which only renews. */
const signInBy =
  (
    redeem: (
      logins: Logins,
      client: Client,
      asked: Asked
    ) => Effect.Effect<{ readonly center: IdentityCenter; readonly userName: string }, Refusal>
  ): Grant =>
  (logins, asked) =>
    Effect.gen(function* () {
      const { clientId, clientSecret } = asked.parameters
      const { accounts, sso } = logins.state
      const isSeeded = accounts
        .flatMap(({ identityCenter }) => identityCenter?.signIns ?? [])
        .some((one) => one.clientId === clientId && Redacted.value(one.clientSecret) === clientSecret)
      if (isSeeded) return yield* Effect.fail(unsupported("The client may only renew tokens."))
      const client = yield* clientOf(logins, asked)
      const { center, userName } = yield* redeem(logins, client, asked)
      const { accessToken, refreshToken } = yield* newTokens(logins.state)
      const tokens = { accessToken, ...(client.scopes ? { refreshToken } : {}) }
      const signIn = { userName, clientId: client.id, clientSecret: Redacted.make(client.secret) }
      sso.add(tokens, { center, signIn }, asked.now)
      return tokenReply(asked, tokens)
    })

const byDevice = signInBy(({ devices }, { id }, { now, parameters }) =>
  Effect.mapBoth(devices.redeem(parameters["deviceCode"] ?? "", id, now), {
    onFailure: (waiting) => refusals[waiting],
    onSuccess: ({ userName, value }) => ({ center: value, userName })
  })
)

const byCode = signInBy(({ codes }, { id }, { now, parameters }) => {
  const { code = "", codeVerifier = "", redirectUri = "" } = parameters
  return Effect.map(
    refusedWith(invalidGrant)(codes.redeem(code, id, redirectUri, codeVerifier, now)),
    ({ client, userName }) => ({ center: client.value, userName })
  )
})

const renew: Grant = ({ state }, asked) =>
  Effect.gen(function* () {
    const { clientId, clientSecret, refreshToken: old } = asked.parameters
    if (!old) return yield* Effect.fail(missing("refreshToken"))
    const found = state.sso.refresh.valid(old, asked.now)
    if (found === undefined) return yield* Effect.fail(invalidGrant)
    const { signIn } = found
    if (clientId !== signIn.clientId || clientSecret !== Redacted.value(signIn.clientSecret)) {
      return yield* Effect.fail(invalidClient)
    }
    const tokens = yield* newTokens(state)
    state.sso.renew(old, tokens, found, asked.now)
    return tokenReply(asked, tokens)
  })

const grants: Readonly<Record<string, Grant>> = {
  [codeGrant]: byCode,
  [deviceGrant]: byDevice,
  refresh_token: renew
}

const createToken =
  (logins: Logins): Route["answer"] =>
  (asked) => {
    const { parameters } = asked
    const absent = ["clientId", "clientSecret", "grantType"].find((name) => !parameters[name])
    if (absent !== undefined) return Effect.fail(missing(absent))
    const grant = grants[parameters["grantType"] ?? ""]
    return grant === undefined ? Effect.fail(unsupported("The grant type is unknown.")) : grant(logins, asked)
  }

// `InvalidGrantException` is `invalid_grant` to OAuth.
const oauthCode = (code: string): string =>
  code
    .replace(/Exception$/, "")
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()

/** The token service over a state. */
export const tokenService = (state: State): Endpoint => {
  const logins = new Logins(state)
  const authorize: Route = { operation: "AuthorizePage", answer: logins.codes.page }
  const device: Route = { operation: "DevicePage", answer: logins.devices.page }
  const routes: Readonly<Record<string, Route>> = {
    "GET /authorize": authorize,
    "POST /authorize": authorize,
    "POST /client/register": { operation: "RegisterClient", answer: registerClient(logins) },
    "POST /device_authorization": { operation: "StartDeviceAuthorization", answer: startDevice(logins) },
    "GET /device": device,
    "POST /device": device,
    "POST /token": { operation: "CreateToken", answer: createToken(logins) }
  }
  return {
    proof: "authorization",
    route: ({ method, path }) => routes[`${method} ${path}`],
    throttling: { code: "SlowDownException", message: "Rate exceeded" },
    refuse: (refusal, asked) =>
      jsonFailure(asked, refusal, { error: oauthCode(refusal.code), error_description: refusal.message })
  }
}

const tokenHeader = "x-amz-sso_bearer_token"

const unauthorized = refusal(401, "UnauthorizedException", "Session token not found or invalid")
const forbidden = refusal(403, "ForbiddenException", "No access")
const invalid = (name: string): Refusal => invalidRequest(`Request is missing the parameter ${name}`)
const notFound = (accountId: string): Refusal =>
  refusal(404, "ResourceNotFoundException", `Account ${accountId} not found`)

const signedInByAccess = (
  { access }: State["sso"],
  { now, request }: Asked
): Effect.Effect<SignedIn, Refusal> =>
  Effect.mapError(
    Effect.fromNullishOr(access.valid(request.headers[tokenHeader] ?? "", now)),
    () => unauthorized
  )

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
