/**
 * Logging in with OAuth as the vendor's command line tool does: where, and how its config file keeps the tokens.
 *
 * Source: "Configure credentials", chapter "OAuth", Alibaba Cloud CLI documentation.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Json from "../json.js"
import * as CliConfig from "./cliConfig.js"
import { type OAuthTokens, secret } from "./plan.js"
import { count } from "./section.js"

/** Which accounts somebody logs in to: those of mainland China's site, or of the international one. */
export type Site = "CN" | "INTL"

/** Where each site issues tokens, and the number by which it knows the command line tool. */
export const sites: Readonly<Record<Site, { readonly url: string; readonly clientId: string }>> = {
  CN: { url: "https://oauth.aliyun.com", clientId: "4038181954557748008" },
  INTL: { url: "https://oauth.alibabacloud.com", clientId: "4103531455503354461" }
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
      accessTokenExpire: Math.floor(now / 1_000 + seconds),
      refreshToken: next === undefined ? refreshToken : Redacted.make(next)
    }
  })

/** The tokens that the config file's text holds for a profile, as far as it makes sense. */
export const tokensIn = (text: string, profile: string): OAuthTokens | undefined =>
  Result.getOrUndefined(
    Result.gen(function* () {
      const section = (yield* CliConfig.parse(text)).profiles.get(profile)
      if (section === undefined) return undefined
      return {
        accessToken: yield* secret(section, "oauth_access_token"),
        accessTokenExpire: yield* count(section, "oauth_access_token_expire"),
        refreshToken: yield* secret(section, "oauth_refresh_token")
      }
    })
  )

/** The config file's text with a profile's tokens replaced; undefined where that cannot be. */
export const withTokens = (
  text: string,
  profile: string,
  { accessToken, accessTokenExpire, refreshToken }: Renewed
): string | undefined =>
  CliConfig.update(text, profile, {
    oauth_access_token: Redacted.value(accessToken),
    oauth_access_token_expire: accessTokenExpire,
    oauth_refresh_token: Redacted.value(refreshToken)
  })
