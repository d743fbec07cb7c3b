/** The role that a profile assumes with other credentials. */
import * as Result from "effect/Result"
import { quotesHint } from "../quotes.js"
import { faultOf, type ProfileFault, required, valueOf } from "./profileFault.js"
import type { Section } from "./profileFile.js"

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
  const at = (key: string) => {
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

/** The profile's `duration_seconds`. */
export const seconds = (section: Section): Result.Result<number | undefined, ProfileFault> => {
  const text = valueOf(section, "duration_seconds")
  if (text === undefined) return Result.succeed(undefined)
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= 900 && value <= 43_200
    ? Result.succeed(value)
    : faultOf(
        section,
        "Malformed",
        "duration_seconds",
        "duration_seconds is not a whole number from 900 to 43200"
      )
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

/** The role that a profile assumes; nothing where it assumes none, or assumes it with a token. */
export const linkOf = (section: Section): Result.Result<Link | undefined, ProfileFault> => {
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
      "role_arn says which role, but nothing says whose credentials may assume it",
      "Set source_profile, which may name this profile itself, credential_source or web_identity_token_file."
    )
  }
  return Result.map(roleIn(section), (role) => ({ role, sourceProfile }))
}
