/**
 * Credentials from the shared credentials file.
 *
 * Source: "Manage access credentials", Alibaba Cloud SDK documentation.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { type Profile, parse } from "../../protocol/alibaba/credentialsFile.js"
import { plan } from "../../protocol/alibaba/fileTypes.js"
import type { Fault } from "../../protocol/alibaba/section.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { captured } from "../captured.js"
import * as PrivateFile from "../PrivateFile.js"
import * as Planned from "./planned.js"
import { refreshing } from "./provided.js"
import * as SharedFile from "./sharedFile.js"

/**
 * Which file and profile; what is left out is read from `ALIBABA_CLOUD_CREDENTIALS_FILE` and
 * `ALIBABA_CLOUD_PROFILE`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Instead of `~/.alibabacloud/credentials` and, where that does not exist, `~/.alibabacloud/credentials.ini`. */
  readonly file?: string | undefined
  /** Instead of `default`. */
  readonly profile?: string | undefined
}

/**
 * What a profile may need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = Planned.Services

const kind: SharedFile.Kind = {
  source: "credentials file",
  variable: "ALIBABA_CLOUD_CREDENTIALS_FILE",
  usual: [".alibabacloud/credentials", ".alibabacloud/credentials.ini"]
}

interface Loaded {
  readonly file: string
  readonly profiles: ReadonlyMap<string, Profile>
}

const load = (
  privateFile: PrivateFile.PrivateFile,
  option: string | undefined
): Effect.Effect<Loaded, SourceError> =>
  Effect.gen(function* () {
    const { file, text } = yield* SharedFile.read(privateFile, kind, option)
    const profiles = yield* Either.mapLeft(parse(text), (fault) =>
      SharedFile.errorOf(kind, file, { reason: "Malformed", ...fault })
    )
    return { file, profiles }
  })

/**
 * Whether the file has a profile; a file that cannot be read has none.
 *
 * @category predicates
 * @since 0.1.0
 */
export const has = (profile: string): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.flatMap(PrivateFile.make, (privateFile) => load(privateFile, undefined)).pipe(
    Effect.match({ onFailure: () => false, onSuccess: ({ profiles }) => profiles.has(profile) }),
    // Of the file's mode the source warns that uses it.
    Logger.withMinimumLogLevel(LogLevel.None)
  )

// A profile that somebody named is somewhere: that there is no file at all is no reason to look elsewhere.
const withoutFile = (named: SharedFile.Stated | undefined) => (error: SourceError) =>
  named !== undefined && error instanceof StsCredentialError && error.reason === "NotConfigured"
    ? SharedFile.errorOf(kind, undefined, {
        reason: "UnknownProfile",
        detail: `there is no profile ${named.text}: ${error.detail}`,
        profile: named.text,
        key: named.key
      })
    : error

const find = (
  { file, profiles }: Loaded,
  named: SharedFile.Stated | undefined
): Either.Either<Profile & { readonly name: string }, StsCredentialError> => {
  const name = named?.text ?? "default"
  const found = profiles.get(name)
  if (found !== undefined) return Either.right({ name, ...found })
  const known = profiles.size === 0 ? "it has none" : `it has ${[...profiles.keys()].join(", ")}`
  return Either.left(
    SharedFile.errorOf(kind, file, {
      reason: named === undefined ? "NotConfigured" : "UnknownProfile",
      detail: `there is no profile ${name} in ${file}; ${known}`,
      profile: name,
      key: named?.key
    })
  )
}

// One that is disabled is passed over, but not where somebody asks for it and no other.
const disabledThough =
  (named: SharedFile.Stated | undefined) =>
  (fault: Fault): Fault =>
    named !== undefined && fault.reason === "NotConfigured"
      ? { ...fault, reason: "Incomplete", key: named.key, hint: "Enable it, or select another profile." }
      : fault

/**
 * Reads a profile of the shared credentials file each time it is asked. `type` is `access_key` (or absent), `sts`,
 * `ecs_ram_role`, `ram_role_arn`, `oidc_role_arn` or `credentials_uri`.
 *
 * Without a file, or a `default` profile in it, or with `enable = false`, the source is not configured; a file or
 * profile that somebody named and that does not exist or is disabled, half a key pair, an unknown type or a malformed line is an error
 * that names file, line and key. A file that others may read gets one warning.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.gen(function* () {
    const withServices = yield* captured<Services>()
    const privateFile = yield* PrivateFile.make
    const lasting = Planned.lasting(kind.source, "type")
    const get = Effect.gen(function* () {
      const named = yield* SharedFile.stated("profile", options.profile, "ALIBABA_CLOUD_PROFILE")
      const loaded = yield* Effect.mapError(load(privateFile, options.file), withoutFile(named))
      const section = yield* find(loaded, named)
      const way = yield* Either.mapLeft(plan(section), (fault) =>
        SharedFile.errorOf(kind, loaded.file, disabledThough(named)(fault))
      )
      return yield* Planned.get(lasting, loaded.file, way)
    })
    return { name: kind.source, get: withServices(get) }
  })

/**
 * The credentials file alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<CredentialProvider, never, Services> =>
  refreshing(make(options))
