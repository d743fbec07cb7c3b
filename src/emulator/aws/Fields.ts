/**
 * What the fields that several operations share have to be.
 *
 * Source: "AWS Security Token Service API Reference", version 2011-06-15.
 */
import { integer, list, optional, structure, text } from "./Constraint.js"

const anyPrintable =
  "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]+"

const policyCharacters = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"

const tagCharacters = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]"

/** An ARN. */
export const arn = text({ min: 20, max: 2048, pattern: anyPrintable })

/** The name of a role's session, and who stands behind it. */
export const sessionName = text({ min: 2, max: 64, pattern: "[\\w+=,.@-]*" })

/** A policy of any length. */
export const unrestrictedPolicy = text({ min: 1, pattern: policyCharacters })

/** A policy. */
export const policy = text({ min: 1, max: 2048, pattern: policyCharacters })

/** Managed policies. */
export const policyArns = list(structure({ arn: optional(arn) }), { max: 10 })

/** How long a role's session lasts, in seconds. */
export const roleDuration = integer(900, 43_200)

/** How long a user's session lasts, in seconds. */
export const userDuration = integer(900, 129_600)

/** The key of a tag. */
export const tagKey = text({ min: 1, max: 128, pattern: `${tagCharacters}+` })

/** Tags. */
export const tags = list(
  structure({ key: tagKey, value: text({ min: 0, max: 256, pattern: `${tagCharacters}*` }) }),
  { max: 50 }
)

/** The serial number of an MFA device. */
export const serialNumber = text({ min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" })

/** What an MFA device shows. */
export const tokenCode = text({ min: 6, max: 6, pattern: "[\\d]*", sensitive: true })
