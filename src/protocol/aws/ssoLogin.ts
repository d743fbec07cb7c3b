/**
 * Signing in to IAM Identity Center from nothing: registering a client, a code that a person confirms in any browser, or
 * the browser of this machine, and the files in which AWS's tools keep what comes of it.
 *
 * Source: "RegisterClient", "StartDeviceAuthorization" and "CreateToken", IAM Identity Center OIDC API Reference; the
 * names of the files as the AWS CLI and the library below it, botocore, make them.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { encodePairs, parseInstant } from "../encoding.js"
import * as Json from "../json.js"
import { reprint, separators } from "./cliCacheKey.js"
import { endsIn, fault, fileName, type SessionFault } from "./identityServices.js"

/** How a person signs in: in this machine's browser, or with a code in any. */
export type Way = "browser" | "device"

/** Where and for what. */
export interface Wanted {
  readonly startUrl: string
  readonly region: string
  readonly sessionName?: string | undefined
  readonly scopes?: ReadonlyArray<string> | undefined
}

const dualStackPortal = /^https:\/\/[^/]+\.portal\.[a-z0-9-]+\.app\.aws(?:[/?#]|$)/

/** Whether the portal's pages are those of the token service that answers over IPv6 too. */
export const isDualStack = (startUrl: string): boolean => dualStackPortal.test(startUrl)

/** A client that the service knows. */
export interface Registration {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  /** As ISO 8601 has it. */
  readonly expiresAt: string
}

/** The name of the file that keeps a client, in the folder of the tokens. */
export const registrationFile = ({ region, scopes, sessionName, startUrl }: Wanted): string => {
  const key = {
    region,
    scopes: scopes ?? null,
    session_name: sessionName ?? null,
    startUrl,
    tool: "botocore"
  }
  return fileName("sha1", reprint(JSON.stringify(key), separators.default) ?? "")
}

/** What a token may be used for. A token of older tools has none: it cannot be renewed. */
const scopesOf = ({ scopes, sessionName }: Wanted): ReadonlyArray<string> =>
  scopes ?? (sessionName === undefined ? [] : ["sso:account:access"])

const codeGrant = "authorization_code"
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

/** Where the browser is sent back to on this machine. A client is registered without the port. */
export const callbackPath = "/oauth/callback"

/** The body of a request for a client. */
export const registrationRequest = (wanted: Wanted, way: Way, clientName: string): string => {
  const scopes = scopesOf(wanted)
  return JSON.stringify({
    clientName,
    clientType: "public",
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(way === "browser"
      ? {
          grantTypes: [codeGrant, "refresh_token"],
          redirectUris: [`http://127.0.0.1${callbackPath}`],
          issuerUrl: wanted.startUrl
        }
      : {})
  })
}

/** The client that a reply gives, and its file's text. */
export const registered = (
  wanted: Wanted,
  way: Way,
  reply: string
): Result.Result<{ readonly registration: Registration; readonly text: string }, SessionFault> =>
  Result.gen(function* () {
    const json = Json.parse(reply) ?? {}
    const { clientId, clientSecret } = yield* Result.mapError(
      Json.texts(json, { clientId: "clientId", clientSecret: "clientSecret" }),
      Json.misfit
    )
    const seconds = yield* Result.mapError(Json.number(json, "clientSecretExpiresAt"), Json.misfit)
    if (clientId === undefined || clientSecret === undefined || seconds === undefined) {
      return yield* fault("Unavailable", "the token service gave no client")
    }
    const expiresAt = endsIn(seconds * 1_000, 0)
    const scopes = scopesOf(wanted)
    const document = {
      clientId,
      clientSecret,
      expiresAt,
      ...(scopes.length === 0 ? {} : { scopes }),
      ...(way === "browser" ? { grantTypes: [codeGrant, "refresh_token"] } : {})
    }
    return {
      registration: { clientId, clientSecret: Redacted.make(clientSecret), expiresAt },
      text: `${JSON.stringify(document, undefined, 2)}\n`
    }
  })

const margin = 15 * 60_000

/** The client of a file, if it is for this way of signing in and lasts for another 15 minutes. */
export const registrationIn = (text: string, way: Way, now: number): Registration | undefined => {
  const json = Json.parse(text) ?? {}
  const [clientId, clientSecret, expiresAt] = ["clientId", "clientSecret", "expiresAt"].map((name) =>
    Json.textIfAny(json, name)
  )
  if (clientId === undefined || clientSecret === undefined || expiresAt === undefined) return undefined
  const grants: unknown = json["grantTypes"]
  const isForBrowser = Array.isArray(grants) && grants.includes(codeGrant)
  const end = parseInstant(expiresAt) ?? 0
  return end - now > margin && isForBrowser === (way === "browser")
    ? { clientId, clientSecret: Redacted.make(clientSecret), expiresAt }
    : undefined
}

const clientOf = ({ clientId, clientSecret }: Registration) => ({
  clientId,
  clientSecret: Redacted.value(clientSecret)
})

/** The body of a request for a code that a person confirms. */
export const deviceRequest = (registration: Registration, { startUrl }: Wanted): string =>
  JSON.stringify({ ...clientOf(registration), startUrl })

/** A code to confirm, and where. */
export interface Device {
  readonly deviceCode: Redacted.Redacted
  readonly userCode: string
  /** The page that asks for the code. */
  readonly url: string
  /** The page that knows the code already. */
  readonly urlWithCode: string
  /** Seconds. */
  readonly expiresIn: number
  /** Seconds between two questions. */
  readonly interval: number
}

const isPage = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** The code that a reply gives. */
export const deviceIn = (reply: string): Result.Result<Device, SessionFault> =>
  Result.gen(function* () {
    const json = Json.parse(reply) ?? {}
    const { code, user, url, whole } = yield* Result.mapError(
      Json.texts(json, {
        code: "deviceCode",
        user: "userCode",
        url: "verificationUri",
        whole: "verificationUriComplete"
      }),
      Json.misfit
    )
    const expiresIn = (yield* Result.mapError(Json.number(json, "expiresIn"), Json.misfit)) ?? 600
    const interval = (yield* Result.mapError(Json.number(json, "interval"), Json.misfit)) ?? 5
    if (code === undefined || user === undefined || url === undefined || !isPage(url)) {
      return yield* fault("Unavailable", "the token service gave no code to confirm")
    }
    const urlWithCode = whole !== undefined && isPage(whole) ? whole : url
    const device = { deviceCode: Redacted.make(code), userCode: user, url, urlWithCode }
    return { ...device, expiresIn: Math.min(Math.max(expiresIn, 1), 3_600), interval: Math.max(interval, 1) }
  })

/** The body of a request for the token of a confirmed code. */
export const deviceTokenRequest = (registration: Registration, { deviceCode }: Device): string =>
  JSON.stringify({
    ...clientOf(registration),
    grantType: deviceGrant,
    deviceCode: Redacted.value(deviceCode)
  })

/** What the browser is sent with, and what its answer is redeemed with. */
export interface Authorization {
  readonly redirectUri: string
  readonly state: Redacted.Redacted
  readonly challenge: string
}

/** The page where a person signs in. */
export const authorizeUrl = (
  oidc: string,
  { clientId }: Registration,
  wanted: Wanted,
  { challenge, redirectUri, state }: Authorization
): string => {
  const query = encodePairs([
    ["response_type", "code"],
    ["client_id", clientId],
    ["redirect_uri", redirectUri],
    ["state", Redacted.value(state)],
    ["code_challenge_method", "S256"],
    ["scopes", scopesOf(wanted).join(" ")],
    ["code_challenge", challenge]
  ])
  return `${oidc}authorize?${query}`
}

/** The body of a request for the token of what the browser brought back. */
export const codeTokenRequest = (
  registration: Registration,
  {
    code,
    redirectUri,
    verifier
  }: {
    readonly code: Redacted.Redacted
    readonly verifier: Redacted.Redacted
    readonly redirectUri: string
  }
): string =>
  JSON.stringify({
    ...clientOf(registration),
    grantType: codeGrant,
    code: Redacted.value(code),
    codeVerifier: Redacted.value(verifier),
    redirectUri
  })

/** The text of the file that keeps the token of a reply. */
export const tokenFileOf = (
  { region, startUrl }: Wanted,
  registration: Registration,
  reply: string,
  now: number
): Result.Result<string, SessionFault> =>
  Result.gen(function* () {
    const json = Json.parse(reply) ?? {}
    const { accessToken, refreshToken } = yield* Result.mapError(
      Json.texts(json, { accessToken: "accessToken", refreshToken: "refreshToken" }),
      Json.misfit
    )
    const expiresIn = yield* Result.mapError(Json.number(json, "expiresIn"), Json.misfit)
    if (accessToken === undefined || expiresIn === undefined) {
      return yield* fault("Unavailable", "the token service gave no token")
    }
    const document = {
      startUrl,
      region,
      accessToken,
      expiresAt: endsIn(now, expiresIn),
      ...clientOf(registration),
      registrationExpiresAt: registration.expiresAt,
      ...(refreshToken === undefined ? {} : { refreshToken })
    }
    return `${JSON.stringify(document, undefined, 2)}\n`
  })

/** A token that some tool of AWS's keeps, as far as signing out needs it. */
export interface KeptToken {
  readonly accessToken: Redacted.Redacted
  readonly region: string
}

/** The token of a file; none where it is another tool's or a client's. */
export const keptTokenIn = (text: string): KeptToken | undefined => {
  const json = Json.parse(text) ?? {}
  const accessToken = Json.textIfAny(json, "accessToken")
  const region = Json.textIfAny(json, "region")
  // Other tools keep tokens there too, which are nobody's at the portal.
  return accessToken === undefined || region === undefined || Json.textIfAny(json, "startUrl") === undefined
    ? undefined
    : { accessToken: Redacted.make(accessToken), region }
}

/** Whether a file of the AWS CLI's keeps credentials that came of a token. */
export const isOfSso = (text: string): boolean =>
  Json.textIfAny(Json.parse(text) ?? {}, "ProviderType") === "sso"
