/**
 * Signing in to Alibaba Cloud from nothing: a code of CloudSSO that a person confirms in any browser, and the page of the
 * OAuth service, whose tokens are renewed in time; and what is read of the replies.
 *
 * Source: "Use Alibaba Cloud CLI to access CloudSSO", Alibaba Cloud CloudSSO User Guide; "Configure credentials", chapter
 * "OAuth", Alibaba Cloud CLI documentation.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { encodePairs } from "../encoding.js"
import * as Json from "../json.js"
import type { OAuthTokens } from "./plan.js"
import { timeAt } from "./section.js"

/** How CloudSSO knows the command line tool. */
const cloudSsoClient = "app-vaz16tltdxs96audqf35"

/** The body of a request for a code. */
export const deviceRequest = (signInUrl: string, challenge: string): string =>
  JSON.stringify({
    PortalUrl: signInUrl,
    ClientId: cloudSsoClient,
    CodeChallenge: challenge,
    CodeChallengeMethod: "S256"
  })

/** A code to confirm, and where. */
export interface Device {
  readonly deviceCode: Redacted.Redacted
  readonly userCode: string
  readonly url: string
  /** Milliseconds between two questions. */
  readonly interval: number
}

const isPage = (text: string | undefined): text is string =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** The code that a reply gives. */
export const deviceIn = (reply: Json.JsonObject): Result.Result<Device, Json.Misfit> =>
  Result.gen(function* () {
    const { code, url, user, whole } = yield* Result.mapError(
      Json.texts(reply, {
        code: "DeviceCode",
        user: "UserCode",
        url: "VerificationUri",
        whole: "VerificationUriComplete"
      }),
      Json.misfit
    )
    const seconds = (yield* Result.mapError(Json.number(reply, "Interval"), Json.misfit)) ?? 5
    const page = isPage(whole) ? whole : url
    if (code === undefined) return yield* Result.fail(Json.lacking("DeviceCode"))
    if (!isPage(page)) return yield* Result.fail(Json.lacking("VerificationUri"))
    return {
      deviceCode: Redacted.make(code),
      userCode: user ?? "",
      url: page,
      interval: Math.max(seconds, 1) * 1_000
    }
  })

/** The body of a request for the token of a confirmed code. */
export const deviceTokenRequest = ({ deviceCode }: Device, verifier: Redacted.Redacted): string =>
  JSON.stringify({
    ClientId: cloudSsoClient,
    DeviceCode: Redacted.value(deviceCode),
    CodeVerifier: Redacted.value(verifier),
    GrantType: "urn:ietf:params:oauth:grant-type:device_code"
  })

/** What an error code means to a program that asks whether a code was confirmed, in the words of RFC 8628. */
export const pollCodeOf = (code: string | undefined): string | undefined => {
  if (code === "AuthorizationPending") return "authorization_pending"
  return code === "InvalidDeviceCodeError" ? "expired_token" : code
}

/** A token, and when it ends, in seconds since 1970. */
export interface Token {
  readonly accessToken: Redacted.Redacted
  readonly expire: number
}

/** The token that a reply gives. */
export const tokenIn = (reply: Json.JsonObject, now: number): Result.Result<Token, Json.Misfit> =>
  Result.gen(function* () {
    const accessToken = yield* Result.mapError(Json.text(reply, "AccessToken"), Json.misfit)
    const seconds = yield* Result.mapError(Json.number(reply, "ExpiresIn"), Json.misfit)
    if (accessToken === undefined) return yield* Result.fail(Json.lacking("AccessToken"))
    if (seconds === undefined) return yield* Result.fail(Json.lacking("ExpiresIn"))
    return { accessToken: Redacted.make(accessToken), expire: Math.floor(now / 1_000 + seconds) }
  })

/** One of several things that can be had. */
export interface Choice {
  readonly id: string
  readonly name: string
}

/** What a person can choose from, and where the list continues. */
export interface Choices {
  readonly found: ReadonlyArray<Choice>
  readonly next: string | undefined
}

/** The kinds of things that are listed. */
export const lists = {
  accounts: { path: "accounts", member: "Accounts", id: "AccountId", name: "DisplayName" },
  accessConfigurations: {
    path: "access-configurations",
    member: "AccessConfigurationsForAccount",
    id: "AccessConfigurationId",
    name: "AccessConfigurationName"
  }
} as const

/** Where they are listed. */
export const listUrl = (
  origin: string,
  { path }: (typeof lists)[keyof typeof lists],
  accountId: string | undefined,
  next: string | undefined
): string => {
  const query = encodePairs([
    ...(accountId === undefined ? [] : [["AccountId", accountId] as const]),
    ["MaxResults", "100"],
    ...(next === undefined ? [] : [["NextToken", next] as const])
  ])
  return `${origin}/access-assignments/${path}?${query}`
}

/** What a reply lists. */
export const choicesIn = (
  reply: Json.JsonObject,
  { id, member, name }: (typeof lists)[keyof typeof lists]
): Choices => {
  const items: unknown = reply[member]
  const found = (Array.isArray(items) ? items.filter(Json.isObject) : []).flatMap((item) => {
    const known = Json.textIfAny(item, id)
    return known === undefined ? [] : [{ id: known, name: Json.textIfAny(item, name) ?? known }]
  })
  return { found, next: reply["IsTruncated"] === true ? Json.textIfAny(reply, "NextToken") : undefined }
}

/** Which accounts the login is for: those of mainland China's site, or of the international one. */
export type Site = "CN" | "INTL"

/** Where each site issues tokens and people sign in, and the number by which it knows the command line tool. */
export const sites: Readonly<
  Record<Site, { readonly url: string; readonly signIn: string; readonly clientId: string }>
> = {
  CN: {
    url: "https://oauth.aliyun.com",
    signIn: "https://signin.aliyun.com",
    clientId: "4038181954557748008"
  },
  INTL: {
    url: "https://oauth.alibabacloud.com",
    signIn: "https://signin.alibabacloud.com",
    clientId: "4103531455503354461"
  }
}

/** The body of a request for the next tokens. */
export const renewalForm = (site: Site, refreshToken: Redacted.Redacted): string =>
  new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: Redacted.value(refreshToken),
    client_id: sites[site].clientId
  }).toString()

/** Tokens of which every one is there. */
export type Renewed = { readonly [K in keyof OAuthTokens]: NonNullable<OAuthTokens[K]> }

/**
 * The tokens that a reply holds, or what is wrong with it. A reply without a refresh token leaves the old one valid.
 */
export const renewed = (
  reply: Json.JsonObject,
  refreshToken: Redacted.Redacted,
  now: number
): Result.Result<Renewed, Json.Misfit> =>
  Result.gen(function* () {
    const names = { accessToken: "access_token", next: "refresh_token" }
    const { accessToken, next } = yield* Result.mapError(Json.texts(reply, names), Json.misfit)
    const seconds = yield* Result.mapError(Json.number(reply, "expires_in"), Json.misfit)
    if (accessToken === undefined) return yield* Result.fail(Json.lacking(names.accessToken))
    if (seconds === undefined) return yield* Result.fail(Json.lacking("expires_in"))
    return {
      accessToken: Redacted.make(accessToken),
      accessTokenExpiration: timeAt(now + seconds * 1_000),
      refreshToken: next === undefined ? refreshToken : Redacted.make(next)
    }
  })

/** The ports at one of which the browser may come back: the whole address is registered. */
export const ports: ReadonlyArray<number> = [12_345, 12_346, 12_347, 12_348, 12_349]

/** Where the browser is sent back to on this machine. */
export const callbackPath = "/cli/callback"

/** The page where a person signs in. */
export const authorizeUrl = (
  site: Site,
  {
    challenge,
    redirectUri,
    state
  }: { readonly redirectUri: string; readonly state: Redacted.Redacted; readonly challenge: string }
): string => {
  const query = encodePairs([
    ["response_type", "code"],
    ["client_id", sites[site].clientId],
    ["redirect_uri", redirectUri],
    ["state", Redacted.value(state)],
    ["code_challenge", challenge],
    ["code_challenge_method", "S256"]
  ])
  return `${sites[site].signIn}/oauth2/v1/auth?${query}`
}

/** The body of a request for the tokens of what the browser brought back. */
export const grantForm = (
  site: Site,
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
  encodePairs([
    ["grant_type", "authorization_code"],
    ["code", Redacted.value(code)],
    ["client_id", sites[site].clientId],
    ["redirect_uri", redirectUri],
    ["code_verifier", Redacted.value(verifier)]
  ])

/** The tokens in a reply to a person who has just signed in, with the one that renews them. */
export const grantedIn = (reply: Json.JsonObject, now: number): Result.Result<Renewed, Json.Misfit> =>
  Json.textIfAny(reply, "refresh_token") === undefined
    ? Result.fail(Json.lacking("refresh_token"))
    : renewed(reply, Redacted.make(""), now)
