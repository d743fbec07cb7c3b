/**
 * The credentials that a profile states without another profile's help, IAM Identity Center's among them: with an
 * `[sso-session]`, or by the profile alone as older tools write it.
 */
import * as Result from "effect/Result"
import type { AwsKey } from "../settingTable.js"
import {
  deciding,
  faultOf,
  hintOf,
  inCredentialsFile,
  keys,
  lost,
  type Mistake,
  mistakesIn,
  type ProfileFault,
  required,
  seconds,
  shown,
  sound,
  told,
  unquoted,
  valueOf
} from "./profileFault.js"
import type { Note, Section, Sections } from "./profileFile.js"

/** Where people sign in. */
export interface SsoPortal {
  /** The session's name; profiles of older tools have none. */
  readonly sessionName: string | undefined
  readonly startUrl: string
  readonly region: string
  /** Where the region is stated. */
  readonly regionAt: { readonly file: string; readonly line: number }
}

/** A role that IAM Identity Center gives; or, without account and role, only a token and no credentials. */
export type Sso =
  | (SsoPortal & { readonly _tag: "Sso"; readonly accountId: string; readonly roleName: string })
  | (SsoPortal & { readonly _tag: "SsoToken" })

const shared = ["sso_start_url", "sso_region"] as const

const placeOf = (section: Section, key: AwsKey) => {
  const { file, line } = section.settings.get(key) ?? section
  return { file, line }
}

// A region is the same in any case.
const statedIn = (section: Section, key: (typeof shared)[number]): string | undefined =>
  key === "sso_region" ? valueOf(section, key)?.toLowerCase() : valueOf(section, key)

/** Where a section says that people sign in. */
export const portalIn = (
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
const portalOf = (sections: Sections, profile: Section): Result.Result<SsoPortal, ProfileFault> => {
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
    const says = valueOf(session, other) === undefined ? "is set here and not in" : "differs from the one in"
    return yield* faultOf(
      profile,
      "Malformed",
      other,
      `${other} ${says} ${header}`,
      `Set it only in ${header}.`
    )
  })
}

/** What a profile says about IAM Identity Center; undefined where it says nothing. */
export const ssoOf = (sections: Sections, profile: Section): Result.Result<Sso | undefined, ProfileFault> => {
  const has = (key: AwsKey) => profile.settings.has(key)
  const wantsRole = has("sso_account_id") || has("sso_role_name")
  if (!wantsRole && !has("sso_session") && !shared.some(has)) return Result.succeed(undefined)
  return Result.gen(function* () {
    const portal = yield* portalOf(sections, profile)
    if (!wantsRole) return { _tag: "SsoToken", ...portal } as const
    return {
      _tag: "Sso",
      ...portal,
      accountId: yield* required(profile, "sso_account_id", "sso_role_name needs it"),
      roleName: yield* required(profile, "sso_role_name", "sso_account_id needs it")
    } as const
  })
}

/** Where `credential_source` may point. */
const credentialSources = ["Environment", "EcsContainer", "Ec2InstanceMetadata"] as const

/** Where `credential_source` may point. */
export type NamedSource = (typeof credentialSources)[number]

/** What a profile's first credentials are. */
export type Base =
  | { readonly _tag: "Keys" }
  | { readonly _tag: "Named"; readonly from: NamedSource }
  | {
      readonly _tag: "WebIdentity"
      readonly roleArn: string
      readonly tokenFile: string
      readonly roleSessionName: string | undefined
      readonly durationSeconds: number | undefined
    }
  | { readonly _tag: "Login"; readonly loginSession: string }
  | { readonly _tag: "Process"; readonly command: string }
  | Sso

/** Whether a profile states a key pair, or a part of one. */
export const hasKeys = (section: Section): boolean =>
  Object.values(keys).some((key) => valueOf(section, key) !== undefined)

type Reader = (section: Section, sections: Sections) => Result.Result<Base | undefined, ProfileFault>

const named: Reader = (section) => {
  const stated = valueOf(section, "credential_source")
  if (stated === undefined) return Result.succeed(undefined)
  const from = credentialSources.find((name) => name === stated)
  return from === undefined
    ? faultOf(
        section,
        "Unsupported",
        "credential_source",
        `credential_source is not one of ${credentialSources.join(", ")}`
      )
    : Result.succeed({ _tag: "Named", from })
}

const webIdentity: Reader = (section) => {
  const tokenFile = valueOf(section, "web_identity_token_file")
  if (tokenFile === undefined) return Result.succeed(undefined)
  return Result.all({
    _tag: Result.succeed("WebIdentity" as const),
    roleArn: required(section, "role_arn", "web_identity_token_file needs it"),
    tokenFile: Result.succeed(tokenFile),
    roleSessionName: Result.succeed(valueOf(section, "role_session_name")),
    durationSeconds: seconds(section)
  })
}

const sso: Reader = (section, sections) =>
  Result.map(ssoOf(sections, section), (found) => (found?._tag === "Sso" ? found : undefined))

// A profile whose session is for a token alone may have credentials of another kind besides.
const ssoToken: Reader = (section, sections) => ssoOf(sections, section)

const pair = (section: Section): Base | undefined => (hasKeys(section) ? { _tag: "Keys" } : undefined)

const storedPair: Reader = (section) =>
  Result.succeed(inCredentialsFile(section.settings.get(keys.id)) ? pair(section) : undefined)

const anyPair: Reader = (section) => Result.succeed(pair(section))

const login: Reader = (section) => {
  const loginSession = valueOf(section, "login_session")
  return Result.succeed(loginSession === undefined ? undefined : { _tag: "Login", loginSession })
}

const program: Reader = (section) => {
  const command = valueOf(section, "credential_process")
  return Result.succeed(command === undefined ? undefined : { _tag: "Process", command })
}

/** The order in which a profile's settings count, where it has several. */
const readers: ReadonlyArray<Reader> = [
  named,
  webIdentity,
  sso,
  storedPair,
  login,
  program,
  anyPair,
  ssoToken
]

// An unfinished setup is no reason to look elsewhere.
const begun = (section: Section): Result.Result<never, ProfileFault> | undefined => {
  const blank = Object.values(keys).find((key) => section.settings.has(key))
  if (blank !== undefined) {
    return faultOf(section, "Incomplete", blank, `${blank} is empty`, "Set the whole key pair, or remove it.")
  }
  if (!section.settings.has("source_profile")) return undefined
  if (section.settings.has("role_arn")) {
    const [mistake] = mistakesIn(section)
    return faultOf(
      section,
      "Incomplete",
      "source_profile",
      `profile ${shown(section.name)} names itself, and has no credentials of its own`,
      mistake === undefined ? "Give it credentials, or name the profile that has them." : hintOf(mistake)
    )
  }
  return faultOf(
    section,
    "Incomplete",
    "role_arn",
    "source_profile is set, but role_arn is missing",
    "Set role_arn, or remove source_profile."
  )
}

/** A section that may have been meant for the profile, under a header that is passed over, and that has credentials. */
const headerFor = ({ notes }: Sections, { name }: Section): Note | undefined =>
  notes.find(
    ({ about, profile, section }) =>
      about === "header" &&
      profile === name &&
      section !== undefined &&
      (hasKeys(section) || deciding.some((key) => section.settings.has(key)))
  )

/**
 * The profile's own credentials; `NotConfigured` where it has no such setting, at the line that looks like one.
 */
export const baseOf = (sections: Sections, section: Section): Result.Result<Base, ProfileFault> =>
  Result.gen(function* () {
    for (const reader of readers) {
      const base = yield* reader(section, sections)
      if (base !== undefined) return base
    }
    const fault = begun(section)
    if (fault !== undefined) return yield* fault
    const [mistake] = mistakesIn(section)
    const meant: Mistake | Note | undefined = mistake ?? headerFor(sections, section)
    const detail = `profile ${shown(section.name)} has no setting for credentials`
    return yield* Result.fail<ProfileFault>({
      reason: "NotConfigured",
      detail: meant === undefined ? detail : `${detail}; ${told(meant)}`,
      profile: shown(section.name),
      key: mistake?.meant,
      file: (meant ?? section).file,
      line: (meant ?? section).line,
      begun: meant !== undefined
    })
  })
