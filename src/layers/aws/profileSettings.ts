/** What the selected profile of AWS's shared config files states. */

import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Entry, Section } from "../../protocol/aws/profileFile.js"
import { quotesHint, type Setting } from "../../protocol/settings.js"
import type { AwsKey } from "../../protocol/settingTable.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { nothing, type Settings } from "../../services/aws/Settings.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { settingError } from "../../services/setting.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

const stated = (key: AwsKey, entry: Entry | undefined): Setting | undefined =>
  entry === undefined || entry.value.trim() === ""
    ? undefined
    : { key, value: entry.value.trim(), file: entry.file, line: entry.line }

const servicesOf = (
  { sections }: SharedConfigFiles.Loaded,
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

const settingsIn = (loaded: SharedConfigFiles.Loaded): Result.Result<Settings, StsCredentialError> =>
  Result.match(SharedConfigFiles.profileOf(loaded), {
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

/**
 * The settings of the selected profile. Empty when no profile is named and there is no `default`.
 */
export const of = (loaded: SharedConfigFiles.Loaded): Result.Result<Settings, StsConfigError> =>
  Result.mapError(settingsIn(loaded), configError)

const passOver = ({ warn }: SharedConfigFiles.Load, { message }: StsConfigError): Effect.Effect<void> =>
  warn(`${message} It is ignored.`)

// What somebody asked for must be there; a line that is none may be of no concern to what is looked for.
const isBroken = (error: SourceError): boolean =>
  error instanceof StsCredentialError && (error.reason === "Malformed" || error.reason === "Incomplete")

/**
 * Reads the files and gives the settings of the selected profile.
 */
export const read = (
  load: SharedConfigFiles.Load,
  options?: SharedConfigFiles.Options
): Effect.Effect<Settings, StsConfigError> =>
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
export const raw = (
  load: SharedConfigFiles.Load,
  options?: SharedConfigFiles.Options
): Effect.Effect<Section["settings"]> =>
  load(options).pipe(
    Effect.map(({ profile, sections }) => sections.profiles.get(profile)?.settings),
    Effect.catch((fault) => Effect.as(passOver(load, configError(fault)), undefined)),
    Effect.map((found) => found ?? new Map<string, Entry>())
  )
