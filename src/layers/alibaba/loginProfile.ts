/** The profile of the vendor's command line tool that keeps what somebody has signed in for. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import { parse, withoutMembers, withProfile } from "../../protocol/alibaba/cliConfig.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/SourceRequest.js"
import * as SignIn from "../signIn.js"
import { cliFile, named } from "./profiles.js"

/** Which file and profile. */
export interface Options {
  readonly file?: string | undefined
  readonly profile?: string | undefined
}

/** Where a login is kept. */
export interface Place {
  readonly file: string
  readonly profile: string
  readonly source: Source
}

type Mode = "CloudSSO" | "OAuth"

const other = (place: Place, mode: unknown, line: number): StsCredentialError =>
  new StsCredentialError({
    ...place.source,
    reason: "Malformed",
    detail: `profile ${place.profile} is for credentials of another kind (mode ${String(mode)})`,
    hint: "Name another profile: one that does not exist is made.",
    file: place.file,
    line,
    key: "mode"
  })

const statedIn = (mode: Mode, options: Options): Effect.Effect<Place, SourceError> =>
  Effect.gen(function* () {
    const file = yield* cliFile(options.file)
    const profile = (yield* named(options))?.value ?? "default"
    return { file, profile, source: { cloud: "alibaba", source: mode, profile } }
  })

/** Where a login is to be kept: in a new profile, or one of the same kind. */
export const placeOf = (
  mode: Mode,
  options: Options
): Effect.Effect<Place, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const place = yield* statedIn(mode, options)
    const { file, profile } = place
    const text = yield* SignIn.textIn(yield* FileSystem.FileSystem, file)
    if (text === undefined || text.trim() === "") return place
    const config = yield* Effect.mapError(
      Effect.fromResult(parse(text)),
      (fault) => new StsCredentialError({ ...place.source, file, ...fault })
    )
    const section = config.profiles.get(profile)
    const stated = section?.settings.get("mode")
    // One that nobody has filled in is of mode AK, and has no key.
    const isBlank = !section?.settings.get("access_key_id")?.value
    const isSame = String(stated?.value ?? "").toLowerCase() === mode.toLowerCase()
    const isFree =
      section === undefined || isSame || (isBlank && /^(ak)?$/i.test(String(stated?.value ?? "")))
    return isFree ? place : yield* other(place, stated?.value, stated?.line ?? section.line)
  })

/** Writes what was signed in for; the file's other settings stay as they are. */
export const keep = (
  { file, profile, source }: Place,
  mode: Mode,
  changes: Readonly<Record<string, string | number>>
): Effect.Effect<void, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const text = yield* SignIn.textIn(yield* FileSystem.FileSystem, file)
    // Credentials that came of an earlier login are not to outlast it.
    const next = withProfile(text, profile, { mode, ...changes, sts_expiration: 0 }, newProfile)
    if (next === undefined) {
      const detail = "it has no list of profiles, and what was signed in for would be lost"
      return yield* new StsCredentialError({ ...source, reason: "Malformed", detail, file })
    }
    yield* SignIn.keep(source, file, next)
  })

const newProfile = { output_format: "json", language: "en" }

const ofCredentials = { access_key_id: "", access_key_secret: "", sts_token: "", sts_expiration: 0 }

const ofMode = {
  CloudSSO: { access_token: "", cloud_sso_access_token_expire: 0 },
  OAuth: { oauth_access_token: "", oauth_access_token_expire: 0, oauth_refresh_token: "" }
}

/** Takes a login out of its profile, and tells whether there was one. */
export const forget = (
  mode: Mode,
  options: Options
): Effect.Effect<boolean, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const { file, profile, source } = yield* statedIn(mode, options)
    const text = yield* SignIn.textIn(yield* FileSystem.FileSystem, file)
    const section = Result.getOrUndefined(parse(text ?? ""))?.profiles.get(profile)
    const isSame = String(section?.settings.get("mode")?.value ?? "").toLowerCase() === mode.toLowerCase()
    if (text === undefined || !isSame) return false
    const next = withoutMembers(text, profile, { ...ofMode[mode], ...ofCredentials })
    if (next === undefined) return false
    yield* SignIn.keep(source, file, next)
    return true
  })
