/**
 * The credentials of an ECS instance's RAM role, from the instance's metadata service.
 *
 * Source: "Access other Alibaba Cloud resources with an instance RAM role" and "Instance metadata", Alibaba Cloud ECS
 * User Guide.
 *
 * @since 0.1.0
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type { Setting } from "../../protocol/settings.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { ConfiguredAt, type Source } from "../../services/SourceRequest.js"
import { filled, stated, switchedOn } from "../../services/setting.js"
import * as Destination from "../metadata/Destination.js"
import { HostResolver } from "../metadata/Destination.js"
import { InstanceRole, type Manner, type Service } from "../metadata/InstanceRole.js"
import { credentialsIn, refreshing } from "./credentials.js"

/**
 * What can be set. It overrides the environment.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The role to take instead of the one that the service names. `ALIBABA_CLOUD_ECS_METADATA`. */
  readonly roleName?: string | undefined
  /** Whether never to ask the service without a token. `ALIBABA_CLOUD_IMDSV1_DISABLED`. */
  readonly disableV1?: boolean | undefined
  /** The service's URL. Default: `http://100.100.100.200`. */
  readonly endpoint?: string | undefined
  /**
   * Whether plain HTTP may go to a public address. Default: false, only to this machine and private or link-local
   * networks.
   */
  readonly allowHttp?: boolean | undefined
  /**
   * Whether the service has to be there, so that its absence is an error. Default: true where its address or the role
   * is set, else false.
   */
  readonly required?: boolean | undefined
  /** For each attempt. Default: 1 second. */
  readonly timeout?: Duration.Input | undefined
  /** Attempts in all. Default: 1 where nothing answers, 3 where the service is there and busy. */
  readonly attempts?: number | undefined
}

const name = "ECS RAM role"
const operation = "instance metadata"

const apis = ["/latest/meta-data/ram/security-credentials/"]

const serviceOf = (source: Source): Service => ({
  source,
  operation,
  ttlHeader: "x-aliyun-ecs-metadata-token-ttl-seconds",
  tokenHeader: "x-aliyun-ecs-metadata-token"
})

const roleVariable = "ALIBABA_CLOUD_ECS_METADATA"
const disabledVariable = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
const v1Variable = "ALIBABA_CLOUD_IMDSV1_DISABLED"

const forbiddenBy = (option: boolean | undefined, variable: boolean | undefined): string | undefined => {
  if (option !== undefined) return option ? "disableV1" : undefined
  return variable === true ? v1Variable : undefined
}

type Settings = Omit<Manner, keyof Destination.Destination> & { readonly roleName: Setting | undefined }

/** The settings, put together; none where the service is not to be asked. */
const read = (options: Options): Effect.Effect<Settings | undefined, StsConfigError> =>
  Effect.gen(function* () {
    const named = yield* stated(roleVariable)
    if ((yield* switchedOn(disabledVariable)) === true) return undefined
    const v1Set = yield* switchedOn(v1Variable)
    const { attempts, disableV1, timeout = 1_000 } = options
    const [own, endpoint] = [filled(options.roleName), filled(options.endpoint)]
    const roleName = own === undefined ? named : { key: "roleName", value: own }
    return {
      roleName,
      timeout: Duration.toMillis(timeout),
      attempts: attempts ?? 3,
      silentAttempts: attempts ?? 1,
      stated: options.required === true || endpoint !== undefined || roleName !== undefined,
      v1Forbidden: forbiddenBy(disableV1, v1Set)
    }
  })

/**
 * Asks the metadata service for the credentials of the instance's role, with a token (hardened mode). The source
 * remembers the token and the role's name.
 *
 * A service without tokens, or one whose answers to `PUT` get lost on their way into a container, is asked without one
 * unless `ALIBABA_CLOUD_IMDSV1_DISABLED` is `true`. Where `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is `true`, the instance
 * has no role, or no metadata service answers at the address (nothing does, or something else does), the source is
 * `NotConfigured`. It is an error instead where the service was asked for, by its address, the role or `required`, as
 * is a refusal by a service that has proved to be one. No proxy sees the requests.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const resolve = yield* HostResolver
    const source: Source = { cloud: "alibaba", source: name, ...(yield* ConfiguredAt) }
    const role = new InstanceRole(client, serviceOf(source), apis)
    const place: Setting = {
      key: "endpoint",
      value: filled(options.endpoint) ?? "http://100.100.100.200"
    }
    const allowed = Destination.allowing(options.allowHttp)
    const get: Effect.Effect<Credentials, SourceError> = Effect.gen(function* () {
      const found = yield* read(options)
      if (found === undefined) {
        const detail = `${disabledVariable} is true`
        return yield* new StsCredentialError({ ...source, reason: "NotConfigured", detail })
      }
      const { roleName, ...manner } = found
      const url = yield* Effect.fromResult(Destination.parse(place))
      const asking = { source, operation, resolve, timeout: manner.timeout }
      const destination = yield* Destination.find(asking, place, url, allowed)
      return yield* role.credentials({ ...manner, ...destination }, roleName, (asked, reply) =>
        Effect.fromResult(credentialsIn(asked, reply))
      )
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
 * const provider = Alibaba.EcsRamRole.layerWith({ roleName: "web", disableV1: true })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> =>
  refreshing(make(options))

/**
 * The instance's role alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> = /* @__PURE__ */ layerWith(
  {}
)
