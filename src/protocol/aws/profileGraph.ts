/**
 * The shared files as one, and how a profile comes by its credentials: its own or another profile's, then role after role.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Assume role credential provider". Where a
 * profile states several kinds of credentials, it counts in this order: `role_arn`, `credential_source`,
 * `web_identity_token_file`, `sso_*`, a key pair in the credentials file, `login_session`, `credential_process`, a key
 * pair in the config file.
 */
import * as Result from "effect/Result"
import { quotesHint } from "../settings.js"
import type { AwsKey } from "../settingTable.js"
import { type Base, baseOf, hasKeys } from "./profileBase.js"
import {
  deciding,
  faultOf,
  keys,
  lost,
  type ProfileFault,
  required,
  seconds,
  shown,
  sound,
  unquoted,
  valueOf
} from "./profileFault.js"
import type { Note, Section, Sections } from "./profileFile.js"

type Settings = Section["settings"]

/** Whether a file has part in a profile's key pair. A token that is blank is none. */
const statesPair = (settings: Settings): boolean =>
  settings.has(keys.id) ||
  settings.has(keys.secret) ||
  [keys.token, keys.oldToken].some((key) => (settings.get(key)?.value ?? "") !== "")

// Id, secret and token belong together: parts of two pairs are not valid credentials, or the wrong ones.
const settingsOf = (config: Settings, credentials: Settings): Settings => {
  const settings = new Map([...config, ...credentials])
  if (!statesPair(config)) return settings
  const pair = statesPair(credentials) ? credentials : config
  for (const key of Object.values(keys)) {
    const setting = pair.get(key)
    if (setting === undefined) settings.delete(key)
    else settings.set(key, setting)
  }
  return settings
}

const together = (config: Section, credentials: Section): Section => {
  const settings = settingsOf(config.settings, credentials.settings)
  const overruled = new Map([...config.settings].filter(([key, setting]) => settings.get(key) !== setting))
  return { ...config, settings, overruled, asides: [...config.asides, ...credentials.asides] }
}

const notesOf = ({ name, overruled = new Map(), settings }: Section): ReadonlyArray<Note> =>
  [...overruled].map(([key, { file, line }]) => {
    const by = settings.get(key)
    const detail =
      by === undefined
        ? "it is not used with the key pair of the credentials file"
        : `it is also set in ${by.file}:${by.line}, which takes precedence`
    return { about: "overruled", file, line, detail, profile: name, key }
  })

/**
 * Both files as one: a setting that both state counts as the credentials file states it, and a key pair counts as one
 * file states it, with its own token.
 */
export const merge = (config: Sections, credentials: Sections): Sections => {
  const profiles = new Map(config.profiles)
  for (const [name, section] of credentials.profiles) {
    const known = profiles.get(name)
    profiles.set(name, known === undefined ? section : together(known, section))
  }
  return {
    profiles,
    ssoSessions: config.ssoSessions,
    services: config.services,
    notes: [...config.notes, ...credentials.notes, ...Array.from(profiles.values()).flatMap(notesOf)]
  }
}

/** A role, and how it is assumed. */
export interface Role {
  readonly roleArn: string
  readonly externalId: string | undefined
  readonly roleSessionName: string | undefined
  readonly durationSeconds: number | undefined
  readonly mfaSerial: string | undefined
  readonly stated: ReturnType<typeof statedIn>
  readonly profile: string
  readonly file: string
  readonly line: number
}

/** Where a profile states the fields of a role's request, by the names of the fields. */
export const statedIn = (section: Section) => {
  const at = (key: AwsKey) => {
    const { file, line } = section.settings.get(key) ?? section
    return { key, file, line, hint: quotesHint(valueOf(section, key) ?? "") }
  }
  return {
    roleArn: at("role_arn"),
    externalId: at("external_id"),
    roleSessionName: at("role_session_name"),
    durationSeconds: at("duration_seconds"),
    serialNumber: at("mfa_serial"),
    webIdentityToken: at("web_identity_token_file")
  }
}

/**
 * A role and the profile whose credentials may assume it; without a profile, `credential_source` says whose may.
 */
export interface Link {
  readonly role: Role
  readonly sourceProfile: string | undefined
}

const roleIn = (section: Section): Result.Result<Role, ProfileFault> =>
  Result.gen(function* () {
    const { file, line } = section.settings.get("role_arn") ?? section
    return {
      roleArn: yield* required(section, "role_arn", "a role needs it"),
      externalId: valueOf(section, "external_id"),
      roleSessionName: valueOf(section, "role_session_name"),
      durationSeconds: yield* seconds(section),
      mfaSerial: valueOf(section, "mfa_serial"),
      stated: statedIn(section),
      profile: section.name,
      file,
      line
    }
  })

/** The role that a profile assumes; undefined where it assumes none, or assumes it with a token. */
const linkOf = (section: Section): Result.Result<Link | undefined, ProfileFault> => {
  const { settings } = section
  if (!settings.has("role_arn") || settings.has("web_identity_token_file")) return Result.succeed(undefined)
  const sourceProfile = valueOf(section, "source_profile")
  const credentialSource = valueOf(section, "credential_source")
  if (sourceProfile !== undefined && credentialSource !== undefined) {
    return faultOf(
      section,
      "Malformed",
      "credential_source",
      "source_profile and credential_source are both set",
      "Remove one of them."
    )
  }
  if (sourceProfile === undefined && credentialSource === undefined) {
    return faultOf(
      section,
      "Incomplete",
      "source_profile",
      "role_arn names a role, but nothing names the credentials to assume it with",
      "Set source_profile, which may name this profile itself, credential_source or web_identity_token_file."
    )
  }
  return Result.map(roleIn(section), (role) => ({ role, sourceProfile }))
}

/** The way from a profile to its credentials. */
export interface Plan {
  readonly base: Base
  /** The profile that states the base. */
  readonly profile: Section
  /** The roles to assume with them, the first first. */
  readonly roles: ReadonlyArray<Role>
}

const blank = (section: Section): string | undefined =>
  deciding.find((key) => section.settings.get(key)?.value.trim() === "")

/** The profile of a name, which was selected or which another profile refers to. */
export const find = (
  sections: Sections,
  name: string,
  referrer: Section | undefined
): Result.Result<Section, ProfileFault> => {
  const found = sections.profiles.get(name)
  if (found !== undefined) return sound(found)
  const { detail, header, hint } = lost(sections, name, sections.profiles, (known) => `profile ${known}`)
  if (referrer !== undefined) return faultOf(referrer, "UnknownProfile", "source_profile", detail, hint)
  const { file, line } = header ?? {}
  return Result.fail({ reason: "UnknownProfile", detail, hint, file, line, profile: shown(name) })
}

// A profile that others build on must have credentials: without any, it is no reason to look elsewhere.
const baseFor = (sections: Sections, section: Section, referrer: Section | undefined) =>
  Result.mapError(baseOf(sections, section), (fault): ProfileFault => {
    if (fault.reason !== "NotConfigured" || referrer === undefined) return fault
    const { file, line } = referrer.settings.get("source_profile") ?? referrer
    const detail = `${fault.detail}, and source_profile of ${shown(referrer.name)} (${file}:${line}) names it`
    return { ...fault, reason: "Incomplete", detail }
  })

const longestCircle = 6

const circle = (section: Section, seen: Iterable<string>, next: string) => {
  const path = [...seen]
  const round = path.slice(path.indexOf(next)).map(shown)
  const some = round.length > longestCircle ? [...round.slice(0, longestCircle), "..."] : round
  return faultOf(
    section,
    "Malformed",
    "source_profile",
    `source_profile forms a loop: ${[...some, shown(next)].join(" -> ")}`,
    "One of these profiles must have its own credentials."
  )
}

/** The way from the selected profile to its credentials. */
export const plan = (sections: Sections, selected: string): Result.Result<Plan, ProfileFault> =>
  Result.gen(function* () {
    let profile = yield* find(sections, selected, undefined)
    let referrer: Section | undefined
    // The last one to assume first.
    const roles: Array<Role> = []
    const seen = new Set<string>()
    const endAt = (base: Base): Plan => ({ base, profile, roles: roles.reverse() })
    for (;;) {
      // Asked by another profile, its key pair counts before its role.
      if (referrer !== undefined && hasKeys(profile)) return endAt({ _tag: "Keys" })
      const empty = blank(profile)
      if (empty !== undefined) return yield* faultOf(profile, "Incomplete", empty, `${empty} is empty`)
      const link = yield* Result.flatMap(unquoted(profile), linkOf)
      if (link !== undefined) roles.push(link.role)
      const next = link?.sourceProfile
      if (next === undefined || next === profile.name) {
        return endAt(yield* baseFor(sections, profile, referrer))
      }
      seen.add(profile.name)
      if (seen.has(next)) return yield* circle(profile, seen, next)
      referrer = profile
      profile = yield* find(sections, next, profile)
    }
  })
