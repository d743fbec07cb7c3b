/**
 * How a profile comes by its credentials: its own or another profile's, then role after role.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Assume role credential provider". Where a
 * profile states several kinds of credentials, it counts in this order: `role_arn`, `credential_source`,
 * `web_identity_token_file`, `sso_*`, a key pair in the credentials file, `login_session`, `credential_process`, a key
 * pair in the config file.
 */

import * as Result from "effect/Result"
import { deciding } from "./credentialSettings.js"
import { type Base, baseOf, hasKeys } from "./profileBase.js"
import { faultOf, lost, type ProfileFault, shown, sound, unquoted } from "./profileFault.js"
import type { Section, Sections } from "./profileFile.js"
import { linkOf, type Role } from "./profileRole.js"

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
    `source_profile leads in a circle: ${[...some, shown(next)].join(" -> ")}`,
    "One of these profiles must have credentials of its own."
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
