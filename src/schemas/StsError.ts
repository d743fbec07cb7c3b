/**
 * The errors of every operation and credential source: what happened, where, and what to do next.
 *
 * Each is a `Schema.TaggedError`, so it survives encoding and decoding, and none has a field that could hold a
 * secret or the foreign error it came from. Whatever others wrote stands in a field on one line, without characters
 * that steer a terminal, and cut after 4,096.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Printable } from "../protocol/printable.js"

/**
 * The cloud an error comes from.
 *
 * @category models
 * @since 0.1.0
 */
export const Cloud = Schema.Literals(["alibaba", "aws"])

/**
 * The cloud an error comes from.
 *
 * @category models
 * @since 0.1.0
 */
export type Cloud = typeof Cloud.Type

const cloudNames: Record<Cloud, string> = { alibaba: "Alibaba Cloud STS", aws: "AWS STS" }

/**
 * What kind of refusal a service's error code stands for. One table per cloud maps codes to categories, and the
 * category decides whether a call is retried, signed again or its credentials replaced.
 *
 * @category models
 * @since 0.1.0
 */
export const ErrorCategory = Schema.Literals([
  "throttled",
  "server",
  "clock-skew",
  "nonce-used",
  "expired-credentials",
  "invalid-credentials",
  "access-denied",
  "not-found",
  "identity-provider",
  "invalid-request",
  "other"
])

/**
 * What kind of refusal a service's error code stands for.
 *
 * @category models
 * @since 0.1.0
 */
export type ErrorCategory = typeof ErrorCategory.Type

const optionalString = Schema.optional(Schema.String)

const sentences = (...parts: ReadonlyArray<string | undefined>): string =>
  parts
    .filter((part): part is string => part !== undefined && part !== "")
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ")

const withoutSuffix = (code: string): string => code.replace(/Exception$/, "")

/**
 * The service answered and refused.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsApiError extends Printable(
  Schema.TaggedError<StsApiError>("effect-sts/StsApiError")("StsApiError", {
    cloud: Cloud,
    operation: Schema.String,
    /** The service's own code, for example `EntityNotExist.Role`. */
    code: Schema.String,
    status: Schema.Int,
    requestId: optionalString,
    /** The service's own words, without anything secret that it echoed. */
    detail: Schema.String,
    category: ErrorCategory,
    retryable: Schema.Boolean,
    /** Milliseconds that the service asked to wait. */
    retryAfterMillis: Schema.optional(Schema.Number),
    /** What to do about it. */
    hint: optionalString,
    /** A page of the service's own that explains the error. */
    recommend: optionalString,
    /** Which permission was missing and why, where the service says so. */
    accessDeniedDetail: Schema.optional(Schema.Record(Schema.String, Schema.String))
  })
) {
  /** Whether the code is this one, with or without the `Exception` that AWS's documents append to some. */
  is(code: string): boolean {
    return withoutSuffix(this.code) === withoutSuffix(code)
  }

  override get message(): string {
    const request = this.requestId === undefined ? "" : `, request ${this.requestId}`
    return sentences(
      `${cloudNames[this.cloud]} refused ${this.operation}: ${this.code} (HTTP ${this.status}${request}).`,
      this.detail,
      this.hint
    )
  }
}

/**
 * A refusal whose code is one of the operation's known ones, or any other.
 *
 * @category errors
 * @since 0.1.0
 */
export type ApiErrorOf<Code extends string> = StsApiError & {
  readonly code: Code | (string & {})
  is(code: Code | (string & {})): boolean
}

/**
 * One field of a request that broke one rule.
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
 * One field of a request that broke one rule.
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
    cloud: Cloud,
    operation: Schema.String,
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
    cloud: Cloud,
    operation: Schema.String,
    detail: Schema.String
  })
) {
  override get message(): string {
    return `${this.operation} could not be signed for ${cloudNames[this.cloud]}: ${this.detail}.`
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
    detail: Schema.String,
    file: optionalString,
    line: Schema.optional(Schema.Int),
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
 * Why there was no answer.
 *
 * @category models
 * @since 0.1.0
 */
export const TransportErrorReason = Schema.Literals([
  "Refused",
  "Reset",
  "Dns",
  "Tls",
  "Timeout",
  "Proxy",
  "Worker",
  "InvalidRequest",
  "Other"
])

/**
 * Why there was no answer.
 *
 * @category models
 * @since 0.1.0
 */
export type TransportErrorReason = typeof TransportErrorReason.Type

const transportWords: Record<TransportErrorReason, string> = {
  Refused: "the connection was refused",
  Reset: "the connection was cut",
  Dns: "the host name could not be resolved",
  Tls: "no trusted TLS connection could be made (a server's own certificate is trusted by the client's option ca or NODE_EXTRA_CA_CERTS)",
  Timeout: "there was no answer in time",
  Proxy: "the proxy did not open a connection",
  Worker: "the blocking worker died",
  InvalidRequest: "the HTTP client could not send the request",
  Other: "the connection failed"
}

/**
 * No answer: the connection failed or took too long.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsTransportError extends Printable(
  Schema.TaggedError<StsTransportError>("effect-sts/StsTransportError")("StsTransportError", {
    cloud: Cloud,
    operation: Schema.String,
    reason: TransportErrorReason,
    host: Schema.String,
    /** The system's or client's own code, for example `ECONNREFUSED`. */
    code: optionalString,
    detail: optionalString,
    retryable: Schema.Boolean
  })
) {
  override get message(): string {
    const code = this.code === undefined ? "" : ` (${this.code})`
    return sentences(
      `${this.operation} got no answer from ${this.host}: ${transportWords[this.reason]}${code}.`,
      this.detail
    )
  }
}

/**
 * What is wrong with an answer that is not the service's.
 *
 * @category models
 * @since 0.1.0
 */
export const ResponseErrorReason = Schema.Literals([
  "ContentType",
  "Malformed",
  "Incomplete",
  "TooLarge",
  "Redirect"
])

/**
 * What is wrong with an answer that is not the service's.
 *
 * @category models
 * @since 0.1.0
 */
export type ResponseErrorReason = typeof ResponseErrorReason.Type

/**
 * An answer that is not the service's: a proxy's page, a cut or oversized document, one without the fields that
 * the operation promises.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsResponseError extends Printable(
  Schema.TaggedError<StsResponseError>("effect-sts/StsResponseError")("StsResponseError", {
    cloud: Cloud,
    operation: Schema.String,
    reason: ResponseErrorReason,
    status: Schema.Int,
    contentType: optionalString,
    detail: Schema.String,
    /** The answer's first characters, without the request's secrets; empty where the answer itself holds secrets. */
    excerpt: Schema.String,
    retryable: Schema.Boolean
  })
) {
  override get message(): string {
    return sentences(
      `${this.operation} got an answer that is not ${cloudNames[this.cloud]}'s (HTTP ${this.status}, ${this.contentType ?? "no content type"}): ${this.detail}.`,
      this.excerpt === "" ? undefined : `It begins: ${JSON.stringify(this.excerpt)}.`
    )
  }
}

/**
 * How a call of a credential source's own can fail.
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
 * How a call of a credential source's own can fail.
 *
 * @category errors
 * @since 0.1.0
 */
export type FailedCall = typeof FailedCall.Type

/**
 * Why a credential source has no credentials to give. `NotConfigured` alone lets a chain go on to the next source;
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
 * Why a credential source has no credentials to give.
 *
 * @category models
 * @since 0.1.0
 */
export type CredentialErrorReason = typeof CredentialErrorReason.Type

/**
 * One source that a chain looked at, and why it gave nothing.
 *
 * @category models
 * @since 0.1.0
 */
export const CredentialAttempt = Schema.Struct({
  source: Schema.String,
  reason: CredentialErrorReason,
  detail: Schema.String,
  file: optionalString,
  line: Schema.optional(Schema.Int),
  hint: optionalString
})

/**
 * One source that a chain looked at, and why it gave nothing.
 *
 * @category models
 * @since 0.1.0
 */
export type CredentialAttempt = typeof CredentialAttempt.Type

/**
 * No credentials: which source, why, and for a chain every source it looked at.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsCredentialError extends Printable(
  Schema.TaggedError<StsCredentialError>("effect-sts/StsCredentialError")("StsCredentialError", {
    cloud: Cloud,
    /** The source's name, for example `environment` or `credentials file`. */
    source: Schema.String,
    reason: CredentialErrorReason,
    detail: Schema.String,
    file: optionalString,
    line: Schema.optional(Schema.Int),
    profile: optionalString,
    /** The setting that is missing or wrong. */
    key: optionalString,
    hint: optionalString,
    attempts: Schema.optional(Schema.Array(CredentialAttempt)),
    /**
     * Whether this may be over soon though nobody acts here: an agent refused, a token had ended that somebody else
     * replaces, a command wrote something else this once.
     */
    transient: Schema.optional(Schema.Boolean),
    /** The call that the source made and that failed. */
    cause: Schema.optional(FailedCall)
  })
) {
  /** Whether the source is down, and the next try may succeed without anybody doing anything. */
  get recoverable(): boolean {
    return this.reason === "Unavailable"
  }

  /** Whether no person has to act first. Credentials that are valid are worth more than this error then. */
  get mayPass(): boolean {
    return this.recoverable || this.transient === true
  }

  override get message(): string {
    const attempts = this.attempts?.map(({ detail, source }) => `${source}: ${detail}`).join("; ")
    return sentences(
      `No ${this.cloud === "aws" ? "AWS" : "Alibaba Cloud"} credentials from ${this.source}${place(this)}: ${this.detail}.`,
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
