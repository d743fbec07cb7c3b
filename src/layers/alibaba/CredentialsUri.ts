/**
 * Credentials from a local or nearby URL, for example of a local server that holds a login.
 *
 * Source: "Manage access credentials", chapter "Credentials URI", Alibaba Cloud SDK documentation.
 *
 * @since 0.1.0
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Setting } from "../../protocol/settings.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { ConfiguredAt, type Source, type Where } from "../../services/SourceRequest.js"
import { filled, stated } from "../../services/setting.js"
import * as Destination from "../metadata/Destination.js"
import { HostResolver } from "../metadata/Destination.js"
import { credentialsIn, refreshing } from "./credentials.js"

/**
 * What can be set. It overrides the environment.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The URL. Its path and query may be a secret and are never shown. `ALIBABA_CLOUD_CREDENTIALS_URI`. */
  readonly uri?: string | Redacted.Redacted | undefined
  /**
   * Whether plain HTTP may go to a public address. Default: false, only to this machine and private or link-local
   * networks.
   */
  readonly allowHttp?: boolean | undefined
  /** For each attempt. Default: 5 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** Attempts in all, a second apart. Default: 3. */
  readonly attempts?: number | undefined
}

const name = "credentials URI"
const variable = "ALIBABA_CLOUD_CREDENTIALS_URI"

const uriOf = (
  { uri }: Options,
  { file, line }: Where
): Effect.Effect<Setting | undefined, StsConfigError> => {
  const value = filled(Redacted.isRedacted(uri) ? Redacted.value(uri) : uri)
  if (value !== undefined) return Effect.succeed({ key: "uri", value, file, line })
  return stated(variable)
}

/**
 * Asks the URL with `GET`. HTTPS may lead anywhere; plain HTTP only to this machine and nearby networks (loopback,
 * link-local and private addresses), past every proxy: a host's name is resolved once, all its addresses must be such,
 * and the connection goes to one of those. Redirects are not followed. The answer's `Code` must be `Success`.
 *
 * Where no URL is set the source is `NotConfigured`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const where = yield* ConfiguredAt
    const source: Source = { cloud: "alibaba", source: name, ...where }
    const asker: Destination.Asker = {
      client: yield* HttpClient.HttpClient,
      resolve: yield* HostResolver,
      source,
      operation: "credentials URI",
      service: "the credentials URI",
      allowed: Destination.allowing(options.allowHttp),
      timeout: Duration.toMillis(options.timeout ?? 5_000),
      attempts: options.attempts ?? 3
    }
    const get: Effect.Effect<Credentials, SourceError> = Effect.gen(function* () {
      const uri = yield* uriOf(options, where)
      if (uri === undefined) {
        const detail = `${variable} is not set`
        return yield* new StsCredentialError({ ...source, reason: "NotConfigured", detail })
      }
      const { asked, reply } = yield* Destination.get(asker, uri)
      return yield* Effect.fromResult(credentialsIn(asked, reply))
    })
    return { name, get }
  })

/**
 * The same as {@link layer}, with options.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const provider = Alibaba.CredentialsUri.layerWith({ uri: "http://localhost:8080/credentials" })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> =>
  refreshing(make(options))

/**
 * The URL alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> = /* @__PURE__ */ layerWith(
  {}
)
