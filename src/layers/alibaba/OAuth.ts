/**
 * Credentials of the user who logged in with the vendor's command line tool (OAuth).
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { loginHint } from "../../protocol/alibaba/cliConfig.js"
import { sites } from "../../protocol/alibaba/login.js"
import type { OAuthTokens } from "../../protocol/alibaba/plan.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { ConfiguredAt, type Source } from "../../services/SourceRequest.js"
import { blankIn } from "../../services/setting.js"
import { fromConfig } from "../layerConfig.js"
import { provideCaptured } from "../platform.js"
import { refreshing } from "./credentials.js"
import {
  type Asked,
  accessToken,
  bearer,
  credentialsIn,
  KeptMemory,
  type Login,
  Memory,
  post
} from "./login.js"

export type {
  /**
   * The tokens of a person who has logged in.
   *
   * @category models
   * @since 0.1.0
   */
  OAuthTokens as Tokens
} from "../../protocol/alibaba/plan.js"

/**
 * The login, and where its tokens are kept.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The path of the tool's config file, in which the tokens are kept and renewed: `~/.aliyun/config.json`, in full. */
  readonly configFile: string
  /** The name of the file's profile. */
  readonly profile: string
  /**
   * Whether the login is to the site for mainland China or to the international one. The profile's `oauth_site_type`.
   */
  readonly site: "CN" | "INTL"
  /** Tokens to begin with where the file has none for the profile. Default: none. */
  readonly tokens?: OAuthTokens | undefined
}

const name = "OAuth"

const keys = {
  id: "accessKeyId",
  secret: "accessKeySecret",
  token: "securityToken",
  expiration: "expiration"
} as const

const exchange = (
  { asked, site }: Login,
  token: Redacted.Redacted
): Effect.Effect<Credentials, SourceError, HttpClient.HttpClient> => {
  const about: Asked = { ...asked, secrets: [Redacted.value(token)] }
  return post(about, {
    url: `${sites[site].url}/v1/exchange`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: bearer(token)
    },
    attempts: 3
  }).pipe(Effect.flatMap((reply) => Effect.fromResult(credentialsIn(about, reply, keys))))
}

const isOver = (error: SourceError): boolean =>
  error instanceof StsCredentialError && error.reason === "Expired"

const none: OAuthTokens = {
  accessToken: undefined,
  accessTokenExpiration: undefined,
  refreshToken: undefined
}

/**
 * Exchanges the access token for credentials each time it is asked. With 20 minutes or less to its end the token is
 * renewed and written back for the vendor's tool to use. One that is refused is renewed once; a missing or expired login
 * is `Expired`, with the command to log in again. `CliProfile` finds the login where the tool keeps it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const { configFile: file, profile, site, tokens: planned = none } = options
    const blank = blankIn(options, "configFile", "profile")
    const withServices = yield* provideCaptured<HttpClient.HttpClient | FileSystem.FileSystem>()
    const memory = (yield* KeptMemory) ?? new Memory()
    const source: Source = { cloud: "alibaba", source: name, ...(yield* ConfiguredAt), file, profile }
    const again = loginHint("OAuth", profile)
    const asked: Asked = { source, service: "the OAuth service", operation: "exchange", again }
    const login: Login = { site, file, profile, asked }
    const get = Effect.gen(function* () {
      const token = yield* accessToken(login, memory, planned)
      return yield* Effect.catchIf(exchange(login, token), isOver, () =>
        Effect.flatMap(accessToken(login, memory, planned, token), (next) => exchange(login, next))
      )
    })
    return { name, get: blank ?? withServices(get) }
  })

/**
 * The login's credentials alone, kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options
): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  refreshing(make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
