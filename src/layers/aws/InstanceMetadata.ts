/**
 * The credentials of an EC2 instance's role, from the instance metadata service.
 *
 * Source: "Use the Instance Metadata Service to access instance metadata", Amazon EC2 User Guide.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Setting } from "../../protocol/settings.js"
import { keyOf, type SharedVariable } from "../../protocol/settingTable.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { type ProfileSettings, SelectedProfile } from "../../services/aws/Settings.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import { flag, settingError, settings, switchedOn, trimmed } from "../../services/setting.js"
import * as Destination from "../metadata/Destination.js"
import { HostResolver } from "../metadata/Destination.js"
import { InstanceRole, type Manner, type Service } from "../metadata/InstanceRole.js"
import { credentialsIn, refreshing } from "./credentials.js"

/** The settings, put together. */
interface Settings extends Omit<Manner, keyof Destination.Destination> {
  readonly endpoint: Setting
  readonly allowed: Destination.Allowed
  readonly profileName: Setting | undefined
}

type Name = Exclude<keyof Options, "allowHttp" | "required">

const variableOf = {
  endpoint: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  endpointMode: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
  profileName: "AWS_EC2_INSTANCE_PROFILE_NAME",
  disableV1: "AWS_EC2_METADATA_V1_DISABLED",
  timeout: "AWS_METADATA_SERVICE_TIMEOUT",
  attempts: "AWS_METADATA_SERVICE_NUM_ATTEMPTS"
} as const satisfies Readonly<Record<Name, SharedVariable>>

const variables = Object.values(variableOf)

const textOf = (options: Options, name: Name): string | undefined => {
  if (options[name] === undefined) return undefined
  if (name !== "timeout" || options.timeout === undefined) return String(options[name])
  return String(
    Option.match(Duration.fromInput(options.timeout), { onNone: () => "", onSome: Duration.toSeconds })
  )
}

type Find = (name: Name) => Setting | undefined

const finder =
  (
    options: Options,
    environment: Readonly<Record<string, string | undefined>>,
    shared: ProfileSettings
  ): Find =>
  (name) => {
    const variable = variableOf[name]
    const key = keyOf(variable)
    const given = textOf(options, name)
    if (given !== undefined) return { key: name, value: given }
    const value = environment[variable]
    if (value !== undefined) return { key: variable, value }
    const setting = shared.get(key)
    return setting === undefined || setting.value === ""
      ? undefined
      : { key, value: setting.value, file: setting.file, line: setting.line }
  }

type Read<A> = Result.Result<A, StsConfigError>

const wrong = (setting: Setting, detail: string) => Result.fail(settingError(setting, detail))

const orElse = <A, B>(
  stated: Setting | undefined,
  other: B,
  read: (stated: Setting) => Read<A>
): Read<A | B> => (stated === undefined ? Result.succeed(other) : read(stated))

const modes: Readonly<Record<string, string>> = {
  ipv4: "http://169.254.169.254",
  ipv6: "http://[fd00:ec2::254]"
}

const defaultEndpoint: Setting = { key: "endpoint", value: "http://169.254.169.254" }

const toMode = (stated: Setting): Read<Setting> => {
  const value = modes[stated.value.toLowerCase()]
  return value === undefined ? wrong(stated, "must be IPv4 or IPv6") : Result.succeed({ ...stated, value })
}

const toMillis = (stated: Setting): Read<number> => {
  const seconds = Number(stated.value)
  return stated.value !== "" && seconds > 0 && seconds < 86_400
    ? Result.succeed(seconds * 1_000)
    : wrong(stated, "must be a number of seconds above 0")
}

const toCount = (stated: Setting): Read<number> => {
  const count = Number(stated.value)
  return Number.isInteger(count) && count >= 1
    ? Result.succeed(count)
    : wrong(stated, "must be a whole number of at least 1")
}

const toForbidden = (stated: Setting): Read<string | undefined> => {
  return Result.map(flag(stated), (forbidden) => (forbidden === true ? stated.key : undefined))
}

const together = (options: Options, find: Find): Read<Settings> =>
  Result.gen(function* () {
    const endpoint = find("endpoint")
    const attempts = yield* orElse(find("attempts"), undefined, toCount)
    const profileName = find("profileName")
    return {
      endpoint: endpoint ?? (yield* orElse(find("endpointMode"), defaultEndpoint, toMode)),
      allowed: Destination.allowing(options.allowHttp),
      profileName,
      v1Forbidden: yield* orElse(find("disableV1"), undefined, toForbidden),
      timeout: yield* orElse(find("timeout"), 1_000, toMillis),
      attempts: attempts ?? 4,
      silentAttempts: attempts ?? 1,
      stated: options.required === true || endpoint !== undefined || profileName !== undefined
    }
  })

/** Reads the settings. */
const settingsFrom = (
  options: Options,
  profile: Effect.Effect<ProfileSettings>
): Effect.Effect<Settings, SourceError> =>
  Effect.gen(function* () {
    const environment = yield* settings(variables)
    const shared = yield* profile
    return yield* Effect.fromResult(together(options, finder(options, environment, shared)))
  })

/** Whether `AWS_EC2_METADATA_DISABLED` keeps the service from being asked at all. */
const disabled = switchedOn("AWS_EC2_METADATA_DISABLED")

/**
 * What can be set. It wins over the environment, and the environment over the shared config file.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The service's URL. `AWS_EC2_METADATA_SERVICE_ENDPOINT`, `ec2_metadata_service_endpoint`. */
  readonly endpoint?: string | undefined
  /**
   * `IPv4` or `IPv6`, in any case: which of the service's addresses to use where no URL is set. Default: IPv4.
   * `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`, `ec2_metadata_service_endpoint_mode`.
   */
  readonly endpointMode?: string | undefined
  /**
   * The instance profile to take instead of the one that the service names. `AWS_EC2_INSTANCE_PROFILE_NAME`,
   * `ec2_instance_profile_name`.
   */
  readonly profileName?: string | undefined
  /** Whether never to ask the service without a token. `AWS_EC2_METADATA_V1_DISABLED`, `ec2_metadata_v1_disabled`. */
  readonly disableV1?: boolean | undefined
  /** For each attempt. Default: 1 second. `AWS_METADATA_SERVICE_TIMEOUT` and `metadata_service_timeout`, in seconds. */
  readonly timeout?: Duration.Input | undefined
  /**
   * Attempts in all. Default: 1 where nothing answers, 4 where the service is there and busy.
   * `AWS_METADATA_SERVICE_NUM_ATTEMPTS`, `metadata_service_num_attempts`.
   */
  readonly attempts?: number | undefined
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
}

const name = "instance metadata"
const operation = "instance metadata"

// The first tells the account too, and is not everywhere yet.
const apis = [
  "/latest/meta-data/iam/security-credentials-extended/",
  "/latest/meta-data/iam/security-credentials/"
]

const serviceOf = (source: Source): Service => ({
  source,
  operation,
  ttlHeader: "x-aws-ec2-metadata-token-ttl-seconds",
  tokenHeader: "x-aws-ec2-metadata-token"
})

/**
 * Asks the instance metadata service for the credentials of the instance's role, in a session with a token (IMDSv2).
 * The source remembers the token, the role's name and the API that knows it.
 *
 * A service without tokens, or one whose answers to `PUT` get lost on their way into a container, is asked without one
 * (IMDSv1) unless `AWS_EC2_METADATA_V1_DISABLED` is `true`. Where `AWS_EC2_METADATA_DISABLED` is `true`, the instance
 * has no role, or no metadata service answers at the address (nothing does, or something else does), the source is
 * `NotConfigured`. It is an error instead where the service was asked for, by its address, the role or `required`, as
 * is a refusal by a service that has proved to be one. No proxy sees the requests.
 *
 * Credentials that have ended already are given as they are: `Refreshing` knows what to do with them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const options = trimmed(given)
    const client = yield* HttpClient.HttpClient
    const resolve = yield* HostResolver
    const profile = yield* SelectedProfile
    const source: Source = { cloud: "aws", source: name }
    const role = new InstanceRole(client, serviceOf(source), apis)
    const get: Effect.Effect<Credentials, SourceError> = Effect.gen(function* () {
      if (yield* disabled) {
        const detail = "AWS_EC2_METADATA_DISABLED is true"
        return yield* new StsCredentialError({ ...source, reason: "NotConfigured", detail })
      }
      const { allowed, endpoint, profileName, ...manner } = yield* settingsFrom(options, profile)
      const url = yield* Effect.fromResult(Destination.parse(endpoint))
      const asking = { source, operation, resolve, timeout: manner.timeout }
      const destination = yield* Destination.find(asking, endpoint, url, allowed)
      return yield* role.credentials({ ...manner, ...destination }, profileName, (asked, reply) =>
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
 * import { Aws } from "effect-sts"
 *
 * const provider = Aws.InstanceMetadata.layerWith({ endpointMode: "IPv6", disableV1: true })
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
