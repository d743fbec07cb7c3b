/**
 * The errors of every operation and credential source: what happened, where, and what to do next.
 *
 * Each is a `Schema.TaggedError`, so it survives encoding and decoding, and none has a field that could hold a secret
 * or the foreign error it came from. Text that others wrote stands in a field on one line, without terminal control
 * characters, and cut after 4,096 characters.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Printable, sentences, vendors } from "../protocol/scrub.js"
import { Cloud, configuredAt, failedCall, optionalString } from "./ErrorFields.js"
import { StsApiError, StsResponseError, StsTransportError } from "./ServiceError.js"

/**
 * What can become of a request that was sent.
 *
 * @since 0.1.0
 */
export * from "./ServiceError.js"

/**
 * A field of a request, and the rule that it broke.
 *
 * @category models
 * @since 0.1.0
 */
export const ValidationIssue = Schema.Struct({
  /** The path of the field, for example `roleArn` or `tags[3].key`. */
  field: Schema.String,
  /** The rule it broke, in words; never the value. */
  rule: Schema.String
})

/**
 * A field of a request, and the rule that it broke.
 *
 * @category models
 * @since 0.1.0
 */
export type ValidationIssue = typeof ValidationIssue.Type

/**
 * The request breaks the operation's own rules. Nothing was sent.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsValidationError extends Printable(
  Schema.TaggedError<StsValidationError>("effect-sts/StsValidationError")("StsValidationError", {
    ...failedCall,
    /** The broken rules, at least one. */
    issues: Schema.NonEmptyArray(ValidationIssue)
  })
) {
  // Debuggers ask the prototype too, which has no issues.

  /** The first field that broke a rule. */
  get field(): string {
    return this.issues?.[0].field ?? ""
  }

  /** The rule that the first field broke. */
  get rule(): string {
    return this.issues?.[0].rule ?? ""
  }

  override get message(): string {
    const issues = this.issues?.map(({ field, rule }) => `${field} ${rule}`).join("; ")
    return `${this.operation}: ${issues}. Nothing was sent.`
  }
}

/**
 * A signature could not be made.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsSignatureError extends Printable(
  Schema.TaggedError<StsSignatureError>("effect-sts/StsSignatureError")("StsSignatureError", {
    ...failedCall,
    /** Why, in words. */
    detail: Schema.String
  })
) {
  override get message(): string {
    return `${this.operation} could not be signed for ${vendors[this.cloud]} STS: ${this.detail}.`
  }
}

/**
 * A setting is missing or wrong.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsConfigError extends Printable(
  Schema.TaggedError<StsConfigError>("effect-sts/StsConfigError")("StsConfigError", {
    /** The setting: a policy's field, an environment variable or a file's key. */
    key: Schema.String,
    /** What is wrong with the setting, in words. */
    detail: Schema.String,
    ...configuredAt,
    /** What to do about it. */
    hint: optionalString
  })
) {
  override get message(): string {
    return sentences(`Setting ${this.key}${place(this)} ${this.detail}.`, this.hint)
  }
}

const place = (error: { readonly file?: string | undefined; readonly line?: number | undefined }): string =>
  error.file === undefined ? "" : ` (${error.file}${error.line === undefined ? "" : `:${error.line}`})`

/**
 * What a call that a credential source makes itself can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export const FailedCall = Schema.Union([
  StsApiError,
  StsValidationError,
  StsSignatureError,
  StsTransportError,
  StsResponseError
])

/**
 * What a call that a credential source makes itself can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type FailedCall = typeof FailedCall.Type

/**
 * Why a credential source has no credentials. `NotConfigured` alone lets a chain go on to the next source;
 * `Unavailable` alone passes by itself: a source that could not be reached or that failed. After the others somebody
 * has to act, here or elsewhere: log in again (`Expired`), grant a permission or replace a token (`Refused`), repair a
 * setting or a document (`Malformed`).
 *
 * @category models
 * @since 0.1.0
 */
export const CredentialErrorReason = Schema.Literals([
  "NotConfigured",
  "Incomplete",
  "UnknownProfile",
  "Unreadable",
  "Malformed",
  "Unsupported",
  "Expired",
  "Unavailable",
  "Refused",
  "UnexpectedIdentity"
])

/**
 * Why a credential source has no credentials.
 *
 * @category models
 * @since 0.1.0
 */
export type CredentialErrorReason = typeof CredentialErrorReason.Type

/**
 * One source that a chain asked, and why it gave nothing.
 *
 * @category models
 * @since 0.1.0
 */
export const CredentialAttempt = Schema.Struct({
  /** The source's name, for example `environment`. */
  source: Schema.String,
  /** Why it gave nothing. */
  reason: CredentialErrorReason,
  /** Why it gave nothing, in words. */
  detail: Schema.String,
  ...configuredAt,
  /** What to do about it. */
  hint: optionalString
})

/**
 * One source that a chain asked, and why it gave nothing.
 *
 * @category models
 * @since 0.1.0
 */
export type CredentialAttempt = typeof CredentialAttempt.Type

/**
 * No credentials: which source, why, and for a chain every source that was asked.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsCredentialError extends Printable(
  Schema.TaggedError<StsCredentialError>("effect-sts/StsCredentialError")("StsCredentialError", {
    /** The cloud that the credentials are for. */
    cloud: Cloud,
    /** The source's name, for example `environment` or `credentials file`. */
    source: Schema.String,
    /** Why it gave nothing. */
    reason: CredentialErrorReason,
    /** Why, in words. */
    detail: Schema.String,
    ...configuredAt,
    /** The profile, where the source is one of a file's. */
    profile: optionalString,
    /** The setting that is missing or wrong. */
    key: optionalString,
    /** What to do about it. */
    hint: optionalString,
    /** For a chain: the sources that were asked before, in order. */
    attempts: Schema.optional(Schema.Array(CredentialAttempt)),
    /**
     * Whether this may pass although the source is not down: an agent refused, a token had expired that something else
     * replaces, a command printed something unexpected this once. Sources set it; {@link StsCredentialError.retryable}
     * tells what follows.
     */
    transient: Schema.optional(Schema.Boolean),
    /** The call that the source made and that failed. */
    cause: Schema.optional(FailedCall)
  })
) {
  /**
   * Whether asking again later may succeed though nobody acts. Credentials that are still valid are worth more than this
   * error then.
   */
  get retryable(): boolean {
    return this.reason === "Unavailable" || this.transient === true
  }

  override get message(): string {
    const attempts = this.attempts?.map(({ detail, source }) => `${source}: ${detail}`).join("; ")
    return sentences(
      `No ${vendors[this.cloud]} credentials from ${this.source}${place(this)}: ${this.detail}.`,
      attempts === undefined ? undefined : `Looked at ${attempts}.`,
      this.hint
    )
  }
}

/**
 * Everything that can go wrong.
 *
 * @category models
 * @since 0.1.0
 */
export type StsError =
  | StsApiError
  | StsValidationError
  | StsCredentialError
  | StsSignatureError
  | StsConfigError
  | StsTransportError
  | StsResponseError
