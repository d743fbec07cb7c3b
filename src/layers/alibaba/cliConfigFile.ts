/**
 * Profiles of the vendor's command line tool as they are written: logins and credentials that STS gave. Every other profile
 * and setting of the file stays as it is.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import { type CliConfig, parse } from "../../protocol/alibaba/cliConfig.js"
import { withoutMembers, withProfile } from "../../protocol/alibaba/profileEdit.js"
import type { Section } from "../../protocol/alibaba/section.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import * as SignIn from "../signIn.js"
import { cli, cliFile, named } from "./profiles.js"

/** Which file and profile. */
export interface Options {
  readonly configFile?: string | undefined
  readonly profile?: string | undefined
}

/** Where a profile is written. */
export interface Place {
  readonly file: string
  readonly profile: string
  readonly source: Source
}

/** What a profile is written for. */
export type Mode = "CloudSSO" | "OAuth" | "StsToken" | "AK"

const placeIn = (mode: Mode, options: Options): Effect.Effect<Place, SourceError> =>
  Effect.gen(function* () {
    const file = yield* cliFile(options.configFile)
    const profile = (yield* named(options))?.value ?? "default"
    const source = mode === "CloudSSO" || mode === "OAuth" ? mode : cli.source
    return { file, profile, source: { cloud: "alibaba", source, profile } }
  })

interface Read {
  readonly text: string
  readonly config: CliConfig
}

/** The file as it is; nothing where there is none, or one without a text. */
const read = ({ file, source }: Place): Effect.Effect<Read | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const text = yield* SignIn.existing(source, yield* FileSystem.FileSystem, file)
    if (text === undefined || text.trim() === "") return undefined
    const config = yield* Effect.mapError(
      Effect.fromResult(parse(text)),
      (fault) => new StsCredentialError({ ...source, file, ...fault })
    )
    return { text, config }
  })

const textOf = (section: Section | undefined, key: string): string | undefined => {
  const value = section?.settings.get(key)?.value
  return typeof value === "string" && value !== "" ? value : undefined
}

const isOf = (section: Section | undefined, mode: Mode): boolean =>
  textOf(section, "mode")?.toLowerCase() === mode.toLowerCase()

// One that has not been filled in is of mode AK, and has no key.
const isBlank = (section: Section): boolean =>
  textOf(section, "access_key_id") === undefined && (isOf(section, "AK") || !textOf(section, "mode"))

const other = ({ file, profile, source }: Place, section: Section): StsCredentialError => {
  const stated = section.settings.get("mode")
  return new StsCredentialError({
    ...source,
    reason: "Malformed",
    detail: `profile ${profile} is for credentials of another kind (mode ${String(stated?.value)})`,
    hint: "Name another profile; it is created if it does not exist.",
    file,
    line: stated?.line ?? section.line,
    key: "mode"
  })
}

/** Where a profile is to be written: a new one, or one of the same kind. */
export const placeOf = (
  mode: Mode,
  options: Options
): Effect.Effect<Place, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const place = yield* placeIn(mode, options)
    const section = (yield* read(place))?.config.profiles.get(place.profile)
    return section === undefined || isOf(section, mode) || isBlank(section)
      ? place
      : yield* other(place, section)
  })

/** What a profile of a kind states under these keys, where it is text; undefined where there is no such profile. */
export const settingsOf = <Key extends string>(
  mode: Mode,
  options: Options,
  keys: ReadonlyArray<Key>
): Effect.Effect<{ readonly [_ in Key]?: string } | undefined, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const place = yield* placeIn(mode, options)
    const section = (yield* read(place))?.config.profiles.get(place.profile)
    if (!isOf(section, mode)) return undefined
    const entries = keys.map((key) => [key, textOf(section, key)] as const)
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as {
      readonly [_ in Key]?: string
    }
  })

/** What a new profile has besides: the tool wants a region in each. */
const ofNew = (config: CliConfig | undefined): Readonly<Record<string, string>> => {
  const current = config && Result.getOrUndefined(config.current)
  const region = textOf(config?.profiles.get(current?.name ?? "default"), "region_id")
  return { ...(region === undefined ? {} : { region_id: region }), output_format: "json", language: "en" }
}

/** Writes a profile. */
export const keep = (
  place: Place,
  mode: Mode,
  changes: Readonly<Record<string, string | number>>
): Effect.Effect<void, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const { file, profile, source } = place
    const found = yield* read(place)
    // Credentials that came of an earlier login are not to outlast it.
    const members = { mode, sts_expiration: 0, ...changes }
    const next = withProfile(found?.text, profile, members, ofNew(found?.config))
    if (next === undefined) {
      const detail = "it has no list of profiles to add to"
      return yield* new StsCredentialError({ ...source, reason: "Malformed", detail, file })
    }
    yield* SignIn.keep(source, file, next)
  })

const ofCredentials = { access_key_id: "", access_key_secret: "", sts_token: "", sts_expiration: 0 }

const ofLogin = {
  CloudSSO: { access_token: "", cloud_sso_access_token_expire: 0 },
  OAuth: { oauth_access_token: "", oauth_access_token_expire: 0, oauth_refresh_token: "" }
}

/** Takes a login out of its profile, and tells whether there was one. */
export const forget = (
  mode: "CloudSSO" | "OAuth",
  options: Options
): Effect.Effect<boolean, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const place = yield* placeIn(mode, options)
    const found = yield* read(place)
    if (found === undefined || !isOf(found.config.profiles.get(place.profile), mode)) return false
    const next = withoutMembers(found.text, place.profile, { ...ofLogin[mode], ...ofCredentials })
    if (next === undefined) return false
    yield* SignIn.keep(place.source, place.file, next)
    return true
  })
