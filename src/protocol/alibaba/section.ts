/**
 * A profile's settings, whichever file it stands in, and what is wrong with them.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { CredentialErrorReason } from "../../schemas/StsError.js"

/**
 * A setting, and the line it stands in.
 *
 * @category models
 * @since 0.1.0
 */
export interface Setting {
  readonly value: unknown
  readonly line: number
}

/**
 * A profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface Section {
  readonly name: string
  readonly line: number
  readonly settings: ReadonlyMap<string, Setting>
}

/**
 * What is wrong with a file or a profile of it. It never holds the value of a secret.
 *
 * @category models
 * @since 0.1.0
 */
export interface Fault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly profile?: string | undefined
  readonly line?: number | undefined
  readonly key?: string | undefined
  readonly hint?: string | undefined
}

/**
 * The line of a setting, or of its profile where it is missing.
 *
 * @category accessors
 * @since 0.1.0
 */
export const lineOf = (section: Section, key: string): number =>
  section.settings.get(key)?.line ?? section.line

/**
 * A fault of one setting.
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
): Either.Either<never, Fault> =>
  Either.left({ reason, key, detail, hint, line: lineOf(section, key), profile: section.name })

/**
 * A setting's text as it stands; blank counts as unset.
 *
 * @category accessors
 * @since 0.1.0
 */
export const exact = (section: Section, key: string): Either.Either<string | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? undefined
  if (value !== undefined && typeof value !== "string") {
    return faultOf(section, "Malformed", key, `${key} is not a text`)
  }
  return Either.right(value === undefined || value.trim() === "" ? undefined : value)
}

/**
 * A setting's text without the blanks around it; blank counts as unset.
 *
 * @category accessors
 * @since 0.1.0
 */
export const text = (section: Section, key: string): Either.Either<string | undefined, Fault> =>
  Either.map(exact(section, key), (value) => value?.trim())

/**
 * Asserts that a setting was there.
 *
 * @category accessors
 * @since 0.1.0
 */
export const needed =
  (section: Section, key: string, hint?: string) =>
  <A>(value: A | undefined): Either.Either<A, Fault> =>
    value === undefined
      ? faultOf(section, "Incomplete", key, `profile ${section.name} has no ${key}`, hint)
      : Either.right(value)

/**
 * A text that must be there.
 *
 * @category accessors
 * @since 0.1.0
 */
export const required = (section: Section, key: string, hint?: string): Either.Either<string, Fault> =>
  Either.flatMap(text(section, key), needed(section, key, hint))

/**
 * A number that is not negative, as a number or in digits; 0 counts as unset, as the vendor's tools write it.
 *
 * @category accessors
 * @since 0.1.0
 */
export const count = (section: Section, key: string): Either.Either<number | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? ""
  if (value === "") return Either.right(undefined)
  const number = typeof value === "string" && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0
    ? Either.right(number === 0 ? undefined : number)
    : faultOf(section, "Malformed", key, `${key} is not a whole number`)
}

/**
 * A switch, as true or false or in these words.
 *
 * @category accessors
 * @since 0.1.0
 */
export const flag = (section: Section, key: string): Either.Either<boolean | undefined, Fault> => {
  const value = section.settings.get(key)?.value ?? ""
  switch (typeof value === "string" ? value.trim().toLowerCase() : value) {
    case "":
      return Either.right(undefined)
    case true:
    case "true":
      return Either.right(true)
    case false:
    case "false":
      return Either.right(false)
    default:
      return faultOf(section, "Malformed", key, `${key} is neither true nor false`)
  }
}
