/**
 * AWS's shared config and credentials files, read anew each time they are asked for, and what they state: the profile
 * that was selected, the way to its credentials, its settings.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import { keys, type ProfileFault } from "../../protocol/aws/profileFault.js"
import {
  type Entry,
  empty,
  type FileKind,
  parse,
  type Section,
  type Sections
} from "../../protocol/aws/profileFile.js"
import { find, merge, type Plan, plan } from "../../protocol/aws/profileGraph.js"
import { meant, quotesHint, type Setting } from "../../protocol/settings.js"
import type { AwsKey } from "../../protocol/settingTable.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { nothing, type Settings } from "../../services/aws/Settings.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { settingError, trimmed } from "../../services/setting.js"
import { expand, fileVariables, here, type Location, locate, located } from "../HomeDirectory.js"
import * as PrivateFile from "../PrivateFile.js"

/** Which files and profile; what is left out is read from the environment each time. */
export interface Options {
  /** Instead of `~/.aws/config`, or what `AWS_CONFIG_FILE` names. A file that is named here must exist. */
  readonly configFile?: string | undefined
  /**
   * Instead of `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` names. A file that is named here must exist.
   */
  readonly credentialsFile?: string | undefined
  /** Instead of `default`, or the profile that `AWS_PROFILE` names. A named profile must exist. */
  readonly profile?: string | undefined
}

/** What the files held when they were read. */
export interface Loaded {
  /** What both files state together. */
  readonly sections: Sections
  /** The profile in use; `default` where none is named. */
  readonly profile: string
  /** What named the profile: a variable, or `profile` for the program itself; undefined where nothing did. */
  readonly profileKey: string | undefined
  /** The files that were looked for, those that cannot be read with the reason. */
  readonly files: ReadonlyArray<string>
  /** Files that were not asked for and cannot be read. */
  readonly unreadable: ReadonlyArray<PrivateFile.Unreadable>
  /** Files that a variable names and that do not exist, in words. */
  readonly missing: ReadonlyArray<string>
}

/** Reads the files. */
export interface Load {
  (options?: Options): Effect.Effect<Loaded, SourceError>
  /** Warns of the files, once of each thing. */
  readonly warn: PrivateFile.Warn
}

/** How errors call this source. */
const source = "shared config files"

interface Found extends Pick<Loaded, "profile" | "profileKey">, Pick<Location, "config" | "credentials"> {
  /** The settings that named the file, or the profile to look for in it. */
  readonly asked: { readonly config: string | undefined; readonly credentials: string | undefined }
}

const location = (given: Options): Effect.Effect<Found, StsConfigError> =>
  Effect.map(located(here, fileVariables), (env) => {
    const { configFile, credentialsFile, profile } = given
    const found = locate(env, here)
    const stated = (file: string | undefined) => (file === undefined ? undefined : expand(file, env, here))
    const profileKey = profile === undefined ? found.profileKey : "profile"
    const asked = (
      option: "configFile" | "credentialsFile",
      variable: "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE"
    ) => {
      if (given[option] !== undefined) return option
      return env[variable] === undefined ? profileKey : variable
    }
    return {
      config: stated(configFile) ?? found.config,
      credentials: stated(credentialsFile) ?? found.credentials,
      profile: profile ?? found.profile,
      profileKey,
      asked: {
        config: asked("configFile", "AWS_CONFIG_FILE"),
        credentials: asked("credentialsFile", "AWS_SHARED_CREDENTIALS_FILE")
      }
    }
  })

/** Where the config file is, or would be. */
export const configFileOf: Effect.Effect<string | undefined, StsConfigError> = Effect.suspend(() =>
  Effect.map(location({}), ({ config }) => config)
)

/** Where the credentials file is, or would be. */
export const credentialsFileOf = (
  credentialsFile: string | undefined
): Effect.Effect<string | undefined, StsConfigError> =>
  Effect.map(location({ credentialsFile }), ({ credentials }) => credentials)

const secrets = [keys.secret, keys.token, keys.oldToken]

const holdsSecrets = ({ profiles }: Sections): boolean =>
  Array.from(profiles.values()).some(({ settings }) => secrets.some((key) => settings.has(key)))

type Part = Pick<Loaded, "sections" | "unreadable" | "missing">

const noPart: Part = { sections: empty, unreadable: [], missing: [] }

/**
 * A reader of the files. A default file, or one that a variable names, that does not exist counts as empty, as AWS's
 * SDKs have it. One that cannot be read is an error where it or the profile was named, and counts as empty with a
 * warning otherwise; a line that breaks the grammar is an error. A file with secrets that others can read is warned
 * about once.
 */
const reader: Effect.Effect<Load, never, FileSystem.FileSystem> = Effect.map(
  PrivateFile.make,
  (privateFile) => {
    const fail = (
      reason: "Unreadable" | "Malformed",
      detail: string,
      place: { readonly file: string; readonly line?: number; readonly key?: string | undefined }
    ): Effect.Effect<never, StsCredentialError> =>
      Effect.fail(new StsCredentialError({ cloud: "aws", source, reason, detail, ...place }))

    const sectionsIn = (kind: FileKind, file: string, text: string) =>
      Result.match(parse(kind, file, text), {
        onFailure: ({ detail, line }) => fail("Malformed", detail, { file, line }),
        onSuccess: (sections) =>
          holdsSecrets(sections) ? Effect.as(privateFile.checkMode(file), sections) : Effect.succeed(sections)
      })

    const read = (kind: FileKind, file: string | undefined, key: string | undefined, mustExist: boolean) =>
      file === undefined
        ? Effect.succeed(noPart)
        : Effect.flatMap(
            privateFile.read(file, key !== undefined),
            (outcome): Effect.Effect<Part, StsCredentialError> => {
              switch (outcome._tag) {
                case "Read":
                  return Effect.map(sectionsIn(kind, file, outcome.text), (sections) => ({
                    sections,
                    unreadable: [],
                    missing: []
                  }))
                case "Unreadable":
                  return fail("Unreadable", `it cannot be read (${outcome.reason})`, { file, key })
                case "Absent":
                  return mustExist
                    ? fail("Unreadable", "there is no such file", { file, key })
                    : Effect.succeed({
                        sections: empty,
                        unreadable: outcome.unreadable,
                        missing:
                          key?.endsWith("_FILE") === true
                            ? [`${key} names ${file}, which does not exist`]
                            : []
                      })
              }
            }
          )

    const load = (given: Options = {}) =>
      Effect.gen(function* () {
        const options = trimmed(given)
        const { asked, profile, profileKey, ...found } = yield* location(options)
        const config = yield* read("config", found.config, asked.config, options.configFile !== undefined)
        const credentials = yield* read(
          "credentials",
          found.credentials,
          asked.credentials,
          options.credentialsFile !== undefined
        )
        const unreadable = [...config.unreadable, ...credentials.unreadable]
        yield* privateFile.passOver(unreadable)
        const looked = (file: string | undefined): ReadonlyArray<string> => {
          const fault = unreadable.find((one) => one.file === file)
          return file === undefined ? [] : [fault === undefined ? file : PrivateFile.wordsOf(fault)]
        }
        return {
          sections: merge(config.sections, credentials.sections),
          profile,
          profileKey,
          files: [...looked(found.config), ...looked(found.credentials)],
          unreadable,
          missing: [...config.missing, ...credentials.missing]
        }
      })
    return Object.assign(load, { warn: privateFile.warn })
  }
)

/** The reader that sources have in common. */
export const SharedReader = Context.Reference("effect-sts/aws/SharedConfigReader", {
  defaultValue: (): Load | undefined => undefined
})

/** The reader that sources have in common, or one's own. */
export const make: Effect.Effect<Load, never, FileSystem.FileSystem> = Effect.flatMap(
  SharedReader,
  (shared) => (shared === undefined ? reader : Effect.succeed(shared))
)

/** How errors call a profile. */
export const sourceName = "profile"

const errorOf = (
  { files, profileKey }: Loaded,
  { begun = false, ...fault }: ProfileFault
): StsCredentialError => {
  const isNamed = profileKey !== undefined
  const error = { cloud: "aws", source: sourceName, ...fault } as const
  // Naming a profile asks for its credentials: no others count where a mere slip makes them unusable.
  if (begun && isNamed) return new StsCredentialError({ ...error, reason: "Incomplete" })
  // That source_profile is unknown is a setting's fault; that the selected one is has none.
  if (fault.reason !== "UnknownProfile" || fault.key !== undefined) return new StsCredentialError(error)
  const where = files.length === 0 ? "the home directory is unknown" : `looked in ${files.join(" and ")}`
  const detail = `${fault.detail}; ${where}`
  return isNamed
    ? new StsCredentialError({ ...error, detail, key: profileKey })
    : new StsCredentialError({ ...error, reason: "NotConfigured", detail })
}

/** The profile that was selected. Where none was named and there is no `default`, that is `NotConfigured`. */
export const profileOf = (loaded: Loaded): Result.Result<Section, StsCredentialError> =>
  Result.mapError(find(loaded.sections, loaded.profile, undefined), (fault) => errorOf(loaded, fault))

/** The way to a profile's credentials, as the files have it. */
export const planOf = (loaded: Loaded): Result.Result<Plan, StsCredentialError> =>
  Result.mapError(plan(loaded.sections, loaded.profile), (fault) => errorOf(loaded, fault))

/** What may have been meant to be the profile, where none was named and there is none: people write `[Default]`. */
const nearlyDefault = ({ profile, sections }: Loaded): string | undefined =>
  meant(profile, [
    ...sections.profiles.keys(),
    ...sections.notes.flatMap(({ about, profile }) =>
      about === "header" && profile !== undefined ? [profile] : []
    )
  ])

/**
 * Warns of what was meant to give credentials where no profile does and other sources are asked instead: misspelt
 * settings, a header that is nearly the right one, a file that is not where a variable says.
 */
export const warnOfSlips = ({ warn }: Load, loaded: Loaded): Effect.Effect<void> => {
  const slip = Result.match(plan(loaded.sections, loaded.profile), {
    onSuccess: () => undefined,
    onFailure: ({ begun, detail, reason }) => {
      const near = reason === "UnknownProfile" ? nearlyDefault(loaded) : undefined
      if (near !== undefined) return `${detail}; perhaps [${near}] was meant to be it`
      return begun === true ? detail : undefined
    }
  })
  const slips = slip === undefined ? loaded.missing : [slip, ...loaded.missing]
  return Effect.forEach(slips, (one) => warn(`No profile gives credentials: ${one}.`), { discard: true })
}

const stated = (key: AwsKey, entry: Entry | undefined): Setting | undefined =>
  entry === undefined || entry.value.trim() === ""
    ? undefined
    : { key, value: entry.value.trim(), file: entry.file, line: entry.line }

const servicesOf = (
  { sections }: Loaded,
  profile: Section
): Result.Result<Section | undefined, StsConfigError> => {
  const named = stated("services", profile.settings.get("services"))
  if (named === undefined) return Result.succeed(undefined)
  const { value } = named
  const services = sections.services.get(value)
  return services === undefined
    ? Result.fail(settingError(named, `names [services ${value}], which does not exist`, quotesHint(value)))
    : Result.succeed(services)
}

const configError = (error: SourceError): StsConfigError =>
  error instanceof StsConfigError
    ? error
    : new StsConfigError({
        key: error.key ?? error.source,
        detail: `cannot be used: ${error.detail}`,
        file: error.file,
        line: error.line,
        hint: error.hint
      })

const settingsIn = (loaded: Loaded): Result.Result<Settings, StsCredentialError> =>
  Result.match(profileOf(loaded), {
    onFailure: (error) => (error.reason === "NotConfigured" ? Result.succeed(nothing) : Result.fail(error)),
    onSuccess: (profile) =>
      Result.succeed({
        of: (key) => stated(key, profile.settings.get(key)),
        ofService: (service, key) =>
          Result.map(servicesOf(loaded, profile), (services) =>
            stated(key, services?.settings.get(service)?.nested.get(key))
          )
      })
  })

/** The settings of the selected profile. Empty when no profile is named and there is no `default`. */
export const settingsOf = (loaded: Loaded): Result.Result<Settings, StsConfigError> =>
  Result.mapError(settingsIn(loaded), configError)

const passOver = ({ warn }: Load, { message }: StsConfigError): Effect.Effect<void> =>
  warn(`${message} It is ignored.`)

// What was asked for must be there; a broken line may have nothing to do with it.
const isBroken = (error: SourceError): boolean =>
  error instanceof StsCredentialError && (error.reason === "Malformed" || error.reason === "Incomplete")

/** Reads the files and gives the settings of the selected profile. */
export const readSettings = (load: Load, options?: Options): Effect.Effect<Settings, StsConfigError> =>
  Effect.matchEffect(
    Effect.flatMap(load(options), (value) => Effect.fromResult(settingsIn(value))),
    {
      onSuccess: Effect.succeed,
      onFailure: (fault) => {
        const error = configError(fault)
        return isBroken(fault)
          ? Effect.succeed({ ...nothing, broken: { error, passOver: passOver(load, error) } })
          : error
      }
    }
  )

/**
 * Reads the files and gives the selected profile's settings as they stand there, or none: unusable files are only warned
 * about, once.
 */
export const rawSettings = (load: Load, options?: Options): Effect.Effect<Section["settings"]> =>
  load(options).pipe(
    Effect.map(({ profile, sections }) => sections.profiles.get(profile)?.settings),
    Effect.catch((fault) => Effect.as(passOver(load, configError(fault)), undefined)),
    Effect.map((found) => found ?? new Map<string, Entry>())
  )
