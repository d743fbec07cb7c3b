/** The credentials that a profile states without another profile's help. */
import * as Result from "effect/Result"
import { deciding, keys, type Mistake, mistakesIn } from "./credentialSettings.js"
import {
  faultOf,
  hintOf,
  inCredentialsFile,
  type ProfileFault,
  required,
  shown,
  told,
  valueOf
} from "./profileFault.js"
import type { Note, Section, Sections } from "./profileFile.js"
import { seconds } from "./profileRole.js"
import { type Sso, ssoOf } from "./profileSso.js"

/** Where `credential_source` may point. */
export const credentialSources = ["Environment", "EcsContainer", "Ec2InstanceMetadata"] as const

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

// What somebody began to set up is no reason to look elsewhere.
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
      mistake === undefined
        ? "Give it credentials of its own, or name the profile that has them."
        : hintOf(mistake)
    )
  }
  return faultOf(
    section,
    "Incomplete",
    "role_arn",
    "source_profile says whose credentials may assume a role, and role_arn is missing",
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
