/**
 * Credentials from the shared credentials file.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Profile, parse } from "../../protocol/alibaba/credentialsFile.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type CredentialErrorReason, StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as PrivateFile from "../PrivateFile.js"
import { read } from "./keyPair.js"

const source = "credentials file"

const keys = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "security_token"
} as const

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

const variable = (name: string) =>
  Config.withDefault(Config.string(name), "").pipe(
    Config.map((text) => (text.trim() === "" ? undefined : text))
  )

const environment = Config.all({
  file: variable("ALIBABA_CLOUD_CREDENTIALS_FILE"),
  profile: variable("ALIBABA_CLOUD_PROFILE"),
  home: variable("HOME"),
  userProfile: variable("USERPROFILE")
}).pipe(
  Effect.mapError(
    () =>
      new StsConfigError({
        key: "ALIBABA_CLOUD_CREDENTIALS_FILE",
        detail: "could not be read from the configuration"
      })
  )
)

interface Wanted {
  readonly files: ReadonlyArray<string>
  /** Whether somebody named the file, so that it must exist. */
  readonly fileStated: boolean
  readonly profile: string
  /** Whether somebody named the profile, so that it must exist. */
  readonly profileStated: boolean
}

const wanted = (options: Options): Effect.Effect<Wanted, StsConfigError> =>
  Effect.map(environment, (env) => {
    const file = options.file ?? env.file
    const profile = options.profile ?? env.profile
    const home = env.home ?? env.userProfile
    const folder = home === undefined ? undefined : `${home}/.alibabacloud`
    return {
      files:
        file !== undefined
          ? [file]
          : folder === undefined
            ? []
            : [`${folder}/credentials`, `${folder}/credentials.ini`],
      fileStated: file !== undefined,
      profile: profile ?? "default",
      profileStated: profile !== undefined
    }
  })

const fail = (
  reason: CredentialErrorReason,
  detail: string,
  where: { file?: string; line?: number; profile?: string; key?: string; hint?: string } = {}
) => new StsCredentialError({ cloud: "alibaba", source, reason, detail, ...where })

const firstFile = (
  privateFile: PrivateFile.PrivateFile,
  { fileStated, files }: Wanted
): Effect.Effect<PrivateFile.Content, StsCredentialError> =>
  Effect.flatMap(privateFile.readFirst(files), (content) => {
    if (content._tag === "Read") return Effect.succeed(content)
    if (content._tag === "Unreadable") {
      return Effect.fail(fail("Unreadable", `it cannot be read (${content.reason})`, { file: content.file }))
    }
    const [file] = files
    if (file === undefined) {
      return Effect.fail(fail("NotConfigured", "neither HOME nor USERPROFILE says where to look"))
    }
    return Effect.fail(
      fileStated
        ? fail("Unreadable", "there is no such file", { file, key: "ALIBABA_CLOUD_CREDENTIALS_FILE" })
        : fail("NotConfigured", `there is no ${files.join(" or ")}`)
    )
  })

const findProfile = (
  { profile, profileStated }: Wanted,
  file: string,
  profiles: ReadonlyMap<string, Profile>
): Effect.Effect<Profile, StsCredentialError> => {
  const found = profiles.get(profile)
  if (found !== undefined) return Effect.succeed(found)
  const known = profiles.size === 0 ? "it has none" : `it has ${[...profiles.keys()].join(", ")}`
  const detail = `there is no profile ${profile} in ${file}; ${known}`
  return Effect.fail(
    profileStated
      ? fail("UnknownProfile", detail, { file, profile, key: "ALIBABA_CLOUD_PROFILE" })
      : fail("NotConfigured", detail, { file, profile })
  )
}

// What else stands there is not repeated: it may be a secret in the wrong line.
const typeName = /^[a-z][a-z_]{0,31}$/

const supported: ReadonlySet<string> = new Set(["access_key", "sts"])

const credentialsIn = (
  { line, settings }: Profile,
  file: string,
  profile: string
): Effect.Effect<Credentials, StsCredentialError> => {
  const value = (key: string) => settings.get(key)?.value.trim()
  const lineOf = (key: string) => settings.get(key)?.line ?? line
  if (value("enable")?.toLowerCase() === "false") {
    return Effect.fail(
      fail("NotConfigured", `profile ${profile} says enable = false`, {
        file,
        profile,
        line: lineOf("enable")
      })
    )
  }
  const type = value("type") || "access_key"
  if (!supported.has(type)) {
    return Effect.fail(
      fail(
        "Unsupported",
        `type${typeName.test(type) ? ` ${type}` : ""} is not one of ${[...supported].join(", ")}`,
        {
          file,
          profile,
          line: lineOf("type"),
          key: "type"
        }
      )
    )
  }
  const found = {
    id: value(keys.id),
    secret: value(keys.secret),
    token: value(keys.token)
  }
  const required = type === "sts" ? Object.values(keys) : [keys.id, keys.secret]
  const missing = required.find((key) => (value(key) ?? "") === "")
  return missing === undefined
    ? read({ source, keys, file, profile, lineOf }, found)
    : Effect.fail(
        fail("Incomplete", `profile ${profile} has no ${missing}`, {
          file,
          profile,
          line: lineOf(missing),
          key: missing
        })
      )
}

/**
 * Reads a profile of the shared credentials file each time it is asked. `type` is `access_key` (or absent) or `sts`.
 * Without a file, or a `default` profile in it, the source is not configured; a file or profile that somebody named
 * and that does not exist, half a key pair, an unknown type or a malformed line is an error that names file, line
 * and key. A file that others may read gets one warning.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, FileSystem.FileSystem> =>
  Effect.map(PrivateFile.make, (privateFile) => ({
    name: source,
    get: Effect.gen(function* () {
      const want = yield* wanted(options)
      const { file, text } = yield* firstFile(privateFile, want)
      const profiles = yield* Effect.mapError(parse(text), ({ detail, line }) =>
        fail("Malformed", detail, { file, line })
      )
      const profile = yield* findProfile(want, file, profiles)
      return yield* credentialsIn(profile, file, want.profile)
    })
  }))

/**
 * The credentials file alone.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<CredentialProvider, never, FileSystem.FileSystem> =>
  Layer.effect(CredentialProvider, make(options))
