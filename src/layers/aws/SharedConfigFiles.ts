/**
 * AWS's shared config and credentials files, read anew each time they are asked for.
 *
 * @since 0.1.0
 */
import { platform } from "node:os"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { keys } from "../../protocol/aws/credentialSettings.js"
import { parse, type Sections } from "../../protocol/aws/profileFile.js"
import type { FileKind } from "../../protocol/aws/profileGrammar.js"
import {
  expand,
  type Location,
  locate,
  type Platform,
  variables
} from "../../protocol/aws/profileLocation.js"
import { empty, merge } from "../../protocol/aws/profileMerge.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { settings } from "../../services/setting.js"
import * as PrivateFile from "../PrivateFile.js"

/**
 * Which files and profile; what is left out is read from `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`,
 * `AWS_PROFILE` and `AWS_DEFAULT_PROFILE`, each time.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Instead of `~/.aws/config`. A file that is named here must exist. */
  readonly configFile?: string | undefined
  /** Instead of `~/.aws/credentials`. A file that is named here must exist. */
  readonly credentialsFile?: string | undefined
  /** Instead of `default`. A profile that is named must exist. */
  readonly profile?: string | undefined
}

/**
 * What the files held when they were read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Loaded {
  readonly sections: Sections
  readonly profile: string
  /** Who named the profile: a variable, or `profile` for the program itself; nobody where it is undefined. */
  readonly profileKey: string | undefined
  /** The files that were looked for. */
  readonly files: ReadonlyArray<string>
}

/**
 * Reads the files.
 *
 * @category models
 * @since 0.1.0
 */
export type Load = (options?: Options) => Effect.Effect<Loaded, SourceError>

/**
 * How errors call this source.
 *
 * @category constants
 * @since 0.1.0
 */
export const source = "shared config files"

/**
 * What tells file names apart here.
 *
 * @category constants
 * @since 0.1.0
 */
export const here: Platform = platform() === "win32" ? "windows" : "other"

/**
 * Where the files are by what the environment says now.
 *
 * @category constructors
 * @since 0.1.0
 */
export const location = ({
  configFile,
  credentialsFile
}: Options = {}): Effect.Effect<Location, StsConfigError> =>
  Effect.map(settings(variables), (env) => {
    const found = locate(env, here)
    const stated = (file: string | undefined) => (file === undefined ? undefined : expand(file, env, here))
    return {
      ...found,
      config: stated(configFile) ?? found.config,
      credentials: stated(credentialsFile) ?? found.credentials
    }
  })

const secrets = [keys.secret, keys.token, keys.oldToken]

const holdsSecrets = ({ profiles }: Sections): boolean =>
  Array.from(profiles.values()).some(({ settings }) => secrets.some((key) => settings.has(key)))

/**
 * A reader of the files. A default file, or one that a variable names, that does not exist counts as empty, as AWS's
 * SDKs have it; a line that breaks the grammar, or a file that cannot be read, is an error. A file with secrets that
 * others may read gets one warning.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<Load, never, FileSystem.FileSystem> = Effect.map(
  PrivateFile.make,
  (privateFile) => {
    const fail = (
      reason: "Unreadable" | "Malformed",
      file: string,
      detail: string,
      line?: number
    ): Effect.Effect<never, StsCredentialError> =>
      Effect.fail(new StsCredentialError({ cloud: "aws", source, reason, detail, file, line }))

    const sectionsIn = (kind: FileKind, file: string, text: string) =>
      Either.match(parse(kind, file, text), {
        onLeft: ({ detail, line }) => fail("Malformed", file, detail, line),
        onRight: (sections) =>
          holdsSecrets(sections) ? Effect.as(privateFile.checkMode(file), sections) : Effect.succeed(sections)
      })

    const read = (kind: FileKind, file: string | undefined, mustExist: boolean) =>
      file === undefined
        ? Effect.succeed(empty)
        : Effect.flatMap(privateFile.read(file), (outcome): Effect.Effect<Sections, StsCredentialError> => {
            if (outcome._tag === "Read") return sectionsIn(kind, file, outcome.text)
            if (outcome._tag === "Unreadable") {
              return fail("Unreadable", file, `it cannot be read (${outcome.reason})`)
            }
            return mustExist ? fail("Unreadable", file, "there is no such file") : Effect.succeed(empty)
          })

    return (options = {}) =>
      Effect.gen(function* () {
        const found = yield* location(options)
        const config = yield* read("config", found.config, options.configFile !== undefined)
        const credentials = yield* read(
          "credentials",
          found.credentials,
          options.credentialsFile !== undefined
        )
        return {
          sections: merge(config, credentials),
          profile: options.profile ?? found.profile,
          profileKey: options.profile === undefined ? found.profileKey : "profile",
          files: [found.config, found.credentials].filter((file) => file !== undefined)
        }
      })
  }
)
