/** Fields that several errors have, each declared once. */
import * as Schema from "effect/Schema"

/** The cloud an error comes from. */
export const Cloud = Schema.Literals(["alibaba", "aws"])

/** The cloud an error comes from. */
export type Cloud = typeof Cloud.Type

/** A text that may be absent. */
export const optionalString = Schema.optional(Schema.String)

/** What every failed call says of itself. */
export const failedCall = {
  /** The cloud that was called. */
  cloud: Cloud,
  /** The operation's name, such as `AssumeRole`. */
  operation: Schema.String
}

/** Where something is configured. */
export const configuredAt = {
  /** The file that states it, if one does. */
  file: optionalString,
  /** The line in that file; the first is 1. */
  line: Schema.optional(Schema.Int)
}
