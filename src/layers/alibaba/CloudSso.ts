/**
 * Credentials for a person who has logged in to CloudSSO with the vendor's command line tool.
 *
 * Source: "Use Alibaba Cloud CLI to access CloudSSO", Alibaba Cloud CloudSSO User Guide.
 *
 * @since 0.1.0
 */

import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { loginHint } from "../../protocol/alibaba/cliConfig.js"
import * as Json from "../../protocol/json.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { httpAllowed } from "../../services/Endpoint.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import { ConfiguredAt, type Source } from "../../services/SourceRequest.js"
import { blankIn, trimmed } from "../../services/setting.js"
import { foreignReply } from "../credentials.js"
import { fromConfig } from "../layerConfig.js"
import { provideCaptured } from "../platform.js"
import { refreshing } from "./credentials.js"
import { type Asked, bearer, credentialsIn, originOf, post } from "./login.js"

/**
 * The login, and the account and access configuration to get credentials for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The URL at which a person signs in; only its scheme and host count. A profile's `cloud_sso_sign_in_url`. */
  readonly signInUrl: string
  /** The account's id. A profile's `cloud_sso_account_id`. */
  readonly accountId: string
  /** The id of the access configuration, `ac-...`. A profile's `cloud_sso_access_config`. */
  readonly accessConfiguration: string
  /** The token of the user who logged in. A profile's `access_token`. */
  readonly accessToken: string | Redacted.Redacted
  /** When the token ends. A profile's `cloud_sso_access_token_expire`. */
  readonly accessTokenExpiration: DateTime.Utc
}

const required = ["signInUrl", "accountId", "accessConfiguration", "accessToken"] as const

const name = "CloudSSO"

const keys = {
  id: "AccessKeyId",
  secret: "AccessKeySecret",
  token: "SecurityToken",
  expiration: "Expiration"
} as const

/**
 * Asks CloudSSO for credentials each time it is asked. An expired login is `Expired`, with the command to log in again:
 * only the user can renew it. `CliProfile` finds the login where the vendor's tool keeps it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const options = trimmed(given, ...required)
    const blank = blankIn(options, ...required)
    const withServices = yield* provideCaptured<HttpClient.HttpClient>()
    const where = yield* ConfiguredAt
    const { accessConfiguration, accessTokenExpiration, accountId, signInUrl } = options
    const accessToken = Redacted.isRedacted(options.accessToken)
      ? options.accessToken
      : Redacted.make(options.accessToken)
    const source: Source = { cloud: "alibaba", source: name, ...where }
    const again = loginHint("CloudSSO", where.profile)
    const secrets = [Redacted.value(accessToken)]
    const asked: Asked = { source, service: "CloudSSO", operation: "cloud-credentials", again, secrets }
    const get = Effect.gen(function* () {
      if (DateTime.toEpochMillis(accessTokenExpiration) <= (yield* Clock.currentTimeMillis)) {
        const detail = "the login has expired"
        return yield* new StsCredentialError({ ...source, reason: "Expired", detail, hint: again })
      }
      const { allowHttp } = yield* RequestPolicy
      const reply = yield* post(asked, {
        url: `${yield* Effect.fromResult(originOf(signInUrl, where, yield* httpAllowed(allowHttp)))}/cloud-credentials`,
        headers: {
          accept: "application/json",
          "content-type": "application/json",
          authorization: bearer(accessToken)
        },
        body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfiguration }),
        attempts: 3
      })
      const credential = yield* Effect.fromResult(
        Result.mapError(Json.object(reply, "CloudCredential"), (what) =>
          foreignReply(asked, Json.misfit(what).detail, "Malformed")
        )
      )
      // Older servers answer with the credential itself.
      return yield* Effect.fromResult(credentialsIn(asked, credential ?? reply, keys))
    })
    return { name, get: blank ?? withServices(get) }
  })

/**
 * The login's credentials alone, kept and renewed in time as long as it lasts.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> =>
  refreshing(make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
