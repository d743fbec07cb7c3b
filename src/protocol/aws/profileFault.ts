/**
 * What is wrong with a profile, and where.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import type { Section, Setting } from "./profileFile.js"

/**
 * What is wrong with a profile, and where. It never holds the value of a secret.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProfileFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly profile: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly key?: string | undefined
  readonly hint?: string | undefined
}

/**
 * A fault of one setting, at its line, or at its section's header where it is missing.
 *
 * @category constructors
 * @since 0.1.0
 */
export const faultOf = (
  section: Section,
  reason: CredentialErrorReason,
  key: string,
  detail: string,
  hint?: string
): Either.Either<never, ProfileFault> => {
  const { file, line } = section.settings.get(key) ?? section
  return Either.left({ reason, key, detail, hint, file, line, profile: section.name })
}

/**
 * A setting's value; blank counts as unset.
 *
 * @category accessors
 * @since 0.1.0
 */
export const valueOf = (section: Section, key: string): string | undefined =>
  section.settings.get(key)?.value.trim() || undefined

/**
 * A setting that must be there and not blank.
 *
 * @category accessors
 * @since 0.1.0
 */
export const required = (section: Section, key: string, why: string): Either.Either<string, ProfileFault> => {
  const value = valueOf(section, key)
  return value === undefined
    ? faultOf(section, "Incomplete", key, `${key} is missing or empty, and ${why}`)
    : Either.right(value)
}

/**
 * Whether a setting stands in the credentials file.
 *
 * @category predicates
 * @since 0.1.0
 */
export const inCredentialsFile = (setting: Setting | undefined): boolean => setting?.kind === "credentials"
