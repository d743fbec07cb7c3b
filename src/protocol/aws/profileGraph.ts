/**
 * How a profile comes by its credentials: its own or another profile's, then role after role.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Assume role credential provider". Where a
 * profile states several kinds of credentials, it counts in this order: `role_arn`, `credential_source`,
 * `web_identity_token_file`, `sso_*`, a key pair in the credentials file, `login_session`, `credential_process`, a key
 * pair in the config file.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { type Base, baseOf, hasKeys } from "./profileBase.js"
import { faultOf, type ProfileFault } from "./profileFault.js"
import type { Section, Sections } from "./profileFile.js"
import { linkOf, type Role } from "./profileRole.js"

/**
 * The way from a profile to its credentials.
 *
 * @category models
 * @since 0.1.0
 */
export interface Plan {
  readonly base: Base
  /** The profile that states the base. */
  readonly profile: Section
  /** The roles to assume with them, the first first. */
  readonly roles: ReadonlyArray<Role>
}

/** Settings that decide where credentials come from: blank, they are mistakes. */
const deciding = [
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "sso_start_url",
  "sso_region",
  "login_session",
  "credential_process"
]

const blank = (section: Section): string | undefined =>
  deciding.find((key) => section.settings.get(key)?.value.trim() === "")

const listed = ({ profiles }: Sections): string =>
  profiles.size === 0 ? "there are none" : `there are ${[...profiles.keys()].sort().join(", ")}`

const meant = ({ notes }: Sections, name: string): string | undefined => {
  const note = notes.find(({ profile }) => profile === name)
  return note === undefined ? undefined : `See ${note.file}:${note.line}: ${note.detail}.`
}

/**
 * The profile of a name, which was selected or which another profile refers to.
 *
 * @category accessors
 * @since 0.1.0
 */
export const find = (
  sections: Sections,
  name: string,
  referrer: Section | undefined
): Either.Either<Section, ProfileFault> => {
  const found = sections.profiles.get(name)
  if (found !== undefined) return Either.right(found)
  const detail = `there is no profile ${name}; ${listed(sections)}`
  const hint = meant(sections, name)
  return referrer === undefined
    ? Either.left({ reason: "UnknownProfile", detail, hint, profile: name })
    : faultOf(referrer, "UnknownProfile", "source_profile", detail, hint)
}

// A profile that others build on must have credentials: without any, it is no reason to look elsewhere.
const baseFor = (sections: Sections, section: Section, roles: ReadonlyArray<Role>) =>
  Either.mapLeft(
    baseOf(sections, section),
    (fault): ProfileFault =>
      fault.reason === "NotConfigured" && roles.length > 0 ? { ...fault, reason: "Incomplete" } : fault
  )

const loop = (section: Section, seen: ReadonlyArray<string>, next: string) =>
  faultOf(
    section,
    "Malformed",
    "source_profile",
    `source_profile leads in a circle: ${[...seen.slice(seen.indexOf(next)), next].join(" -> ")}`,
    "One of these profiles must have credentials of its own."
  )

/**
 * The way from the selected profile to its credentials.
 *
 * @category decoding
 * @since 0.1.0
 */
export const plan = (sections: Sections, selected: string): Either.Either<Plan, ProfileFault> => {
  const from = (
    profile: Section,
    roles: ReadonlyArray<Role>,
    seen: ReadonlyArray<string>
  ): Either.Either<Plan, ProfileFault> =>
    Either.gen(function* () {
      const own = (all: ReadonlyArray<Role>) =>
        Either.map(baseFor(sections, profile, all), (base): Plan => ({ base, profile, roles: all }))
      // Asked by another profile, its key pair counts before its role.
      if (roles.length > 0 && hasKeys(profile)) return { base: { _tag: "Keys" }, profile, roles }
      const empty = blank(profile)
      if (empty !== undefined) return yield* faultOf(profile, "Incomplete", empty, `${empty} is empty`)
      const link = yield* linkOf(profile)
      if (link === undefined) return yield* own(roles)
      const { role, sourceProfile } = link
      const all = [role, ...roles]
      if (sourceProfile === undefined || sourceProfile === profile.name) return yield* own(all)
      const path = [...seen, profile.name]
      if (path.includes(sourceProfile)) return yield* loop(profile, path, sourceProfile)
      return yield* from(yield* find(sections, sourceProfile, profile), all, path)
    })
  return Either.flatMap(find(sections, selected, undefined), (profile) => from(profile, [], []))
}
