/**
 * Signing in with OAuth, as the vendor's command line tool does: the tokens are kept in a profile of its config file, where
 * that tool and this package's sources look for them.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Protocol from "../../protocol/alibaba/login.js"
import { secondsOf } from "../../protocol/alibaba/profileEdit.js"
import { formType } from "../../protocol/encoding.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { LoopbackListener } from "../../services/SignIn.js"
import { trimmed } from "../../services/setting.js"
import { foreignReply } from "../credentials.js"
import { provideCaptured } from "../platform.js"
import * as SignIn from "../signIn.js"
import * as ConfigFile from "./cliConfigFile.js"
import { type Asked, post } from "./login.js"

/**
 * Which accounts to sign in to, and where to keep it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** `CN` for accounts of the site in mainland China, `INTL` for those of the international one; `oauth_site_type`. */
  readonly site: "CN" | "INTL"
  /** Instead of `~/.aliyun/config.json`. `ALIBABA_CLOUD_CONFIG_FILE`. */
  readonly configFile?: string | undefined
  /** The profile to keep it in, which is created if it does not exist. `ALIBABA_CLOUD_PROFILE`, or else `default`. */
  readonly profile?: string | undefined
}

/**
 * What the person has signed in to, and where it is kept.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignedIn {
  /** The file that keeps it. */
  readonly file: string
  /** The profile that it is in. */
  readonly profile: string
  /** When the token ends. It is renewed before that. */
  readonly expiration: DateTime.Utc
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

/**
 * Reads from the config file where to sign in again. Undefined where the profile is not one of OAuth's.
 *
 * @category constructors
 * @since 4.0.0
 */
export const fromProfile = (
  at: Pick<Options, "configFile" | "profile"> = {}
): Effect.Effect<Options | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.map(ConfigFile.settingsOf("OAuth", at, ["oauth_site_type"]), (found) => {
    const site = found?.oauth_site_type?.toUpperCase()
    return site === "CN" || site === "INTL" ? { ...at, site } : undefined
  })

/**
 * Signs in with this machine's browser, which is sent back to an address here: `NodeSignIn.layer` provides both. The
 * address has one of the ports 12345 to 12349, the only ones that the service sends a browser back to. The person has
 * 10 minutes. Only one process at a time asks.
 *
 * @category constructors
 * @since 0.1.0
 */
export const login = (given: Options): Effect.Effect<SignedIn, SourceError, Services | LoopbackListener> =>
  Effect.gen(function* () {
    const options = trimmed(given)
    const { site } = options
    const withServices = yield* provideCaptured<Services | LoopbackListener>()
    const place = yield* ConfigFile.placeOf("OAuth", options)
    const { file, profile, source } = place
    const run = Effect.gen(function* () {
      const grant = yield* SignIn.throughBrowser({
        source,
        ports: Protocol.ports,
        path: Protocol.callbackPath,
        millis: SignIn.patience,
        pageOf: (authorization) => Protocol.authorizeUrl(site, authorization)
      })
      const asked: Asked = {
        source,
        service: "the OAuth service",
        operation: "token",
        again: "Sign in again.",
        secrets: [Redacted.value(grant.code), Redacted.value(grant.verifier)]
      }
      const reply = yield* post(asked, {
        url: `${Protocol.sites[site].url}/v1/token`,
        headers: { accept: "application/json", "content-type": formType },
        body: Protocol.grantForm(site, grant),
        // A code is good once: a reply that got lost is not asked for again.
        attempts: 1
      })
      const tokens = yield* Effect.mapError(
        Effect.fromResult(Protocol.grantedIn(reply, yield* Clock.currentTimeMillis)),
        ({ detail, reason }) => foreignReply(asked, detail, reason)
      )
      yield* ConfigFile.keep(place, "OAuth", {
        oauth_site_type: site,
        oauth_access_token: Redacted.value(tokens.accessToken),
        oauth_refresh_token: Redacted.value(tokens.refreshToken),
        oauth_access_token_expire: secondsOf(tokens.accessTokenExpiration)
      })
      return { file, profile, expiration: tokens.accessTokenExpiration }
    })
    return yield* SignIn.oneAtATime<SignedIn>(source, `${file}.sign-in`, () => undefined, withServices(run))
  })

/**
 * Signs out: removes the tokens, and the credentials that they gave, from the profile, and tells whether there were
 * any. The service cannot be told; anyone who has a copy of a token can use it until it ends.
 *
 * @category constructors
 * @since 0.1.0
 */
export const logout = (
  options: Pick<Options, "configFile" | "profile"> = {}
): Effect.Effect<boolean, SourceError, FileSystem.FileSystem> => ConfigFile.forget("OAuth", options)
