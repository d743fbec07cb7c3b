/**
 * How the instance metadata service is to be asked: from a program, the environment, and the shared config file.
 *
 * Source: "IMDS credential provider", AWS SDKs and Tools Reference Guide.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Setting } from "../../protocol/aws/profileFile.js"
import { keyOf, type SharedVariable } from "../../protocol/aws/settings.js"
import { StsConfigError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { flag, settings } from "../../services/setting.js"
import * as Destination from "../metadata/Destination.js"
import type { StatedRole } from "../metadata/InstanceRole.js"
import type { Manner } from "../metadata/Requests.js"

/** What a profile of the shared config file says, by the names of its keys. */
export type FileSettings = ReadonlyMap<string, Pick<Setting, "value" | "file" | "line">>

/** What a program can set; it wins over the environment, and the environment over the shared config file. */
export interface Options {
  /** The service's URL. `AWS_EC2_METADATA_SERVICE_ENDPOINT`, `ec2_metadata_service_endpoint`. */
  readonly endpoint?: string | undefined
  /**
   * `IPv4` or `IPv6`, in any case: which address the service has where no URL is set. IPv4.
   * `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`, `ec2_metadata_service_endpoint_mode`.
   */
  readonly endpointMode?: string | undefined
  /**
   * The instance profile to take instead of the one that the service names. `AWS_EC2_INSTANCE_PROFILE_NAME`,
   * `ec2_instance_profile_name`.
   */
  readonly profileName?: string | undefined
  /** Whether the service is never asked without a token. `AWS_EC2_METADATA_V1_DISABLED`, `ec2_metadata_v1_disabled`. */
  readonly disableV1?: boolean | undefined
  /** For each attempt. 1 second. `AWS_METADATA_SERVICE_TIMEOUT` and `metadata_service_timeout`, in seconds. */
  readonly timeout?: Duration.Input | undefined
  /**
   * Attempts in all: 1 where nothing answers, 4 where the service is there and busy.
   * `AWS_METADATA_SERVICE_NUM_ATTEMPTS`, `metadata_service_num_attempts`.
   */
  readonly attempts?: number | undefined
  /** Whether plain HTTP may go to a public address. False: only to this machine and networks nearby. */
  readonly allowHttp?: boolean | undefined
  /** Whether the service is wanted, so that its absence is an error. True where its address or the role is set. */
  readonly required?: boolean | undefined
  /** What the shared config file says; read each time credentials are asked for. */
  readonly shared?: Effect.Effect<FileSettings, SourceError> | undefined
}

/** The settings, put together. */
export interface Settings extends Omit<Manner, keyof Destination.Destination> {
  readonly endpoint: Destination.Stated
  readonly allowed: Destination.Allowed
  readonly profileName: StatedRole | undefined
}

type Name = Exclude<keyof Options, "allowHttp" | "required" | "shared">

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

type Find = (name: Name) => Destination.Stated | undefined

const finder =
  (options: Options, environment: Readonly<Record<string, string | undefined>>, shared: FileSettings): Find =>
  (name) => {
    const variable = variableOf[name]
    const key = keyOf(variable)
    const given = textOf(options, name)
    if (given !== undefined) return { key: name, text: given }
    const text = environment[variable]
    if (text !== undefined) return { key: variable, text }
    const setting = shared.get(key)
    return setting === undefined || setting.value === ""
      ? undefined
      : { key, text: setting.value, file: setting.file, line: setting.line }
  }

type Read<A> = Result.Result<A, StsConfigError>

const wrong = ({ file, key, line }: Destination.Stated, detail: string) =>
  Result.fail(new StsConfigError({ key, detail, file, line }))

const orElse = <A, B>(
  stated: Destination.Stated | undefined,
  other: B,
  read: (stated: Destination.Stated) => Read<A>
): Read<A | B> => (stated === undefined ? Result.succeed(other) : read(stated))

const modes: Readonly<Record<string, string>> = {
  ipv4: "http://169.254.169.254",
  ipv6: "http://[fd00:ec2::254]"
}

const defaultEndpoint: Destination.Stated = { key: "endpoint", text: "http://169.254.169.254" }

const toMode = (stated: Destination.Stated): Read<Destination.Stated> => {
  const text = modes[stated.text.toLowerCase()]
  return text === undefined ? wrong(stated, "must be IPv4 or IPv6") : Result.succeed({ ...stated, text })
}

const toMillis = (stated: Destination.Stated): Read<number> => {
  const seconds = Number(stated.text)
  return stated.text !== "" && seconds > 0 && seconds < 86_400
    ? Result.succeed(seconds * 1_000)
    : wrong(stated, "must be a number of seconds above 0")
}

const toCount = (stated: Destination.Stated): Read<number> => {
  const count = Number(stated.text)
  return Number.isInteger(count) && count >= 1
    ? Result.succeed(count)
    : wrong(stated, "must be a whole number of at least 1")
}

const toForbidden = (stated: Destination.Stated): Read<string | undefined> => {
  const forbidden = flag(stated.key, stated.text)
  if (Result.isFailure(forbidden)) return wrong(stated, forbidden.failure.detail)
  return Result.succeed(forbidden.success === true ? stated.key : undefined)
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
export const read = (options: Options): Effect.Effect<Settings, SourceError> =>
  Effect.gen(function* () {
    const environment = yield* settings(variables)
    const shared = yield* options.shared ?? Effect.succeed<FileSettings>(new Map())
    return yield* Effect.fromResult(together(options, finder(options, environment, shared)))
  })

/** Whether `AWS_EC2_METADATA_DISABLED` keeps the service from being asked at all. */
export const disabled: Effect.Effect<boolean, StsConfigError> = Effect.flatMap(
  settings(["AWS_EC2_METADATA_DISABLED"]),
  ({ AWS_EC2_METADATA_DISABLED: text }) =>
    Effect.fromResult(Result.map(flag("AWS_EC2_METADATA_DISABLED", text), (value) => value === true))
)
