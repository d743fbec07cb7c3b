/**
 * IAM Identity Center in a profile: with an `[sso-session]`, or by the profile alone as older tools write it.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { faultOf, type ProfileFault, required, valueOf } from "./profileFault.js"
import type { Section, Sections } from "./profileFile.js"

/**
 * Where people sign in.
 *
 * @category models
 * @since 0.1.0
 */
export interface SsoPortal {
  /** The session's name; profiles of older tools have none. */
  readonly sessionName: string | undefined
  readonly startUrl: string
  readonly region: string
}

/**
 * A role that IAM Identity Center gives; or, without account and role, no credentials but a token alone.
 *
 * @category models
 * @since 0.1.0
 */
export type Sso =
  | (SsoPortal & { readonly _tag: "Sso"; readonly accountId: string; readonly roleName: string })
  | (SsoPortal & { readonly _tag: "SsoToken" })

const shared = ["sso_start_url", "sso_region"] as const

const portalIn = (
  section: Section,
  sessionName: string | undefined
): Either.Either<SsoPortal, ProfileFault> =>
  Either.all({
    sessionName: Either.right(sessionName),
    startUrl: required(section, "sso_start_url", "signing in needs it"),
    region: required(section, "sso_region", "signing in needs it")
  })

/**
 * The portal that a profile signs in at. A profile may repeat what its session says, and not contradict it.
 *
 * @category decoding
 * @since 0.1.0
 */
export const portalOf = (
  { ssoSessions }: Sections,
  profile: Section
): Either.Either<SsoPortal, ProfileFault> => {
  const name = valueOf(profile, "sso_session")
  if (name === undefined) return portalIn(profile, undefined)
  const session = ssoSessions.get(name)
  if (session === undefined) {
    const known = ssoSessions.size === 0 ? "there is none" : `there are ${[...ssoSessions.keys()].join(", ")}`
    return faultOf(profile, "Malformed", "sso_session", `there is no [sso-session ${name}]; ${known}`)
  }
  const other = shared.find((key) => {
    const stated = valueOf(profile, key)
    return stated !== undefined && stated !== valueOf(session, key)
  })
  return other === undefined
    ? portalIn(session, name)
    : faultOf(
        profile,
        "Malformed",
        other,
        `${other} is not what [sso-session ${name}] says`,
        `State it in [sso-session ${name}] alone.`
      )
}

/**
 * What a profile says about IAM Identity Center; nothing where it says nothing.
 *
 * @category decoding
 * @since 0.1.0
 */
export const ssoOf = (sections: Sections, profile: Section): Either.Either<Sso | undefined, ProfileFault> => {
  const has = (key: string) => profile.settings.has(key)
  const wantsRole = has("sso_account_id") || has("sso_role_name")
  if (!wantsRole && !has("sso_session") && !shared.some(has)) return Either.right(undefined)
  return Either.gen(function* () {
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
