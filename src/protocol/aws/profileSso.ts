/**
 * IAM Identity Center in a profile: with an `[sso-session]`, or by the profile alone as older tools write it.
 */
import * as Result from "effect/Result"
import {
  faultOf,
  lost,
  type ProfileFault,
  required,
  shown,
  sound,
  unquoted,
  valueOf
} from "./profileFault.js"
import type { Section, Sections } from "./profileFile.js"

/** Where people sign in. */
export interface SsoPortal {
  /** The session's name; profiles of older tools have none. */
  readonly sessionName: string | undefined
  readonly startUrl: string
  readonly region: string
  /** Where the region is stated. */
  readonly regionAt: { readonly file: string; readonly line: number }
}

/** A role that IAM Identity Center gives; or, without account and role, no credentials but a token alone. */
export type Sso =
  | (SsoPortal & { readonly _tag: "Sso"; readonly accountId: string; readonly roleName: string })
  | (SsoPortal & { readonly _tag: "SsoToken" })

const shared = ["sso_start_url", "sso_region"] as const

const placeOf = (section: Section, key: string) => {
  const { file, line } = section.settings.get(key) ?? section
  return { file, line }
}

// A region is the same in any case.
const statedIn = (section: Section, key: (typeof shared)[number]): string | undefined =>
  key === "sso_region" ? valueOf(section, key)?.toLowerCase() : valueOf(section, key)

const portalIn = (
  section: Section,
  sessionName: string | undefined
): Result.Result<SsoPortal, ProfileFault> =>
  Result.all({
    sessionName: Result.succeed(sessionName),
    startUrl: required(section, "sso_start_url", "signing in needs it"),
    region: required(section, "sso_region", "signing in needs it"),
    regionAt: Result.succeed(placeOf(section, "sso_region"))
  })

const sessionOf = (
  sections: Sections,
  profile: Section,
  name: string
): Result.Result<Section, ProfileFault> => {
  const found = sections.ssoSessions.get(name)
  if (found !== undefined) return Result.flatMap(sound(found), unquoted)
  const { detail, hint } = lost(sections, name, sections.ssoSessions, (known) => `[sso-session ${known}]`)
  return faultOf(profile, "Malformed", "sso_session", detail, hint)
}

/**
 * The portal that a profile signs in at. A profile may repeat what its session says, and not contradict it.
 */
export const portalOf = (sections: Sections, profile: Section): Result.Result<SsoPortal, ProfileFault> => {
  const name = valueOf(profile, "sso_session")
  if (name === undefined) return portalIn(profile, undefined)
  return Result.gen(function* () {
    // What is wrong with a session is wrong with the profile that names it.
    const ofSession = Result.mapError((fault: ProfileFault) => ({ ...fault, profile: shown(profile.name) }))
    const session = yield* ofSession(sessionOf(sections, profile, name))
    const other = shared.find((key) => {
      const stated = statedIn(profile, key)
      return stated !== undefined && stated !== statedIn(session, key)
    })
    if (other === undefined) return yield* ofSession(portalIn(session, name))
    const header = `[sso-session ${shown(name)}]`
    const says =
      valueOf(session, other) === undefined ? "is stated here and not in" : "is not what is stated in"
    return yield* faultOf(
      profile,
      "Malformed",
      other,
      `${other} ${says} ${header}`,
      `State it in ${header} alone.`
    )
  })
}

/** What a profile says about IAM Identity Center; nothing where it says nothing. */
export const ssoOf = (sections: Sections, profile: Section): Result.Result<Sso | undefined, ProfileFault> => {
  const has = (key: string) => profile.settings.has(key)
  const wantsRole = has("sso_account_id") || has("sso_role_name")
  if (!wantsRole && !has("sso_session") && !shared.some(has)) return Result.succeed(undefined)
  return Result.gen(function* () {
    const portal = yield* portalOf(sections, profile)
    if (!wantsRole) return { _tag: "SsoToken", ...portal } as const
    return {
      _tag: "Sso",
      ...portal,
      accountId: yield* required(profile, "sso_account_id", "sso_role_name alone names no role"),
      roleName: yield* required(profile, "sso_role_name", "sso_account_id alone names no role")
    } as const
  })
}
