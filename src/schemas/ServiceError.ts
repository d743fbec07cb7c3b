/**
 * How a request that was sent can fail: the service refused it, nobody answered, or something else answered.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { categories } from "../protocol/retry.js"
import { Printable, sentences, vendors } from "../protocol/scrub.js"
import { failedCall, optionalString } from "./ErrorFields.js"

export {
  /**
   * The cloud an error comes from.
   *
   * @category models
   * @since 0.1.0
   */
  Cloud
} from "./ErrorFields.js"

/**
 * What kind of refusal a service's error code stands for. One table per cloud maps codes to categories, and the
 * category decides whether a call is retried, signed again or its credentials replaced.
 *
 * @category models
 * @since 0.1.0
 */
export const ErrorCategory = Schema.Literals(categories)

/**
 * What kind of refusal a service's error code stands for.
 *
 * @category models
 * @since 0.1.0
 */
export type ErrorCategory = typeof ErrorCategory.Type

const withoutSuffix = (code: string): string => code.replace(/Exception$/, "")

/**
 * The service answered and refused.
 *
 * @category errors
 * @since 0.1.0
 */
export class StsApiError extends Printable(
  Schema.TaggedError<StsApiError>("effect-sts/StsApiError")("StsApiError", {
    ...failedCall,
    /** The service's own code, for example `EntityNotExist.Role`. */
    code: Schema.String,
    /** The reply's HTTP status. */
    status: Schema.Int,
    /** The service's id of the request, for its support; absent when the reply has none. */
    requestId: optionalString,
    /** The service's own words, without anything secret that it echoed. */
    detail: Schema.String,
    /** What kind of refusal the code stands for; it decides what was done about it. */
    category: ErrorCategory,
    /** Whether the same call may succeed later without any change. */
    retryable: Schema.Boolean,
    /** Milliseconds that the service asked to wait. */
    retryAfterMillis: Schema.optional(Schema.Number),
    /** What to do about it. */
    hint: optionalString,
    /** A page of the service's own that explains the error. */
    recommend: optionalString,
    /** Which permission was missing and why, if the service says so. */
    accessDeniedDetail: Schema.optional(Schema.Record(Schema.String, Schema.String))
  })
) {
  /** Whether the code is this one, with or without the suffix `Exception` that AWS's documentation gives to some. */
  is(code: string): boolean {
    return withoutSuffix(this.code) === withoutSuffix(code)
  }

  override get message(): string {
    const request = this.requestId === undefined ? "" : `, request ${this.requestId}`
    return sentences(
      `${vendors[this.cloud]} STS refused ${this.operation}: ${this.code} (HTTP ${this.status}${request}).`,
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
  /** The service's own code; an editor completes those that the operation is known for. */
  readonly code: Code | (string & {})
  /** Whether the code is this one, with or without the suffix `Exception` that AWS's documentation gives to some. */
  is(code: Code | (string & {})): boolean
}

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
    ...failedCall,
    /** Why there was no answer. */
    reason: TransportErrorReason,
    /** The host that was asked, with the port where it is not the scheme's own. */
    host: Schema.String,
    /** The system's or client's own code, for example `ECONNREFUSED`. */
    code: optionalString,
    /** More about it, in words. */
    detail: optionalString,
    /** Whether the same call may succeed later without any change. */
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
    ...failedCall,
    /** What is wrong with the answer. */
    reason: ResponseErrorReason,
    /** The reply's HTTP status. */
    status: Schema.Int,
    /** The reply's `content-type`, where it has one. */
    contentType: optionalString,
    /** What is wrong with it, in words. */
    detail: Schema.String,
    /** The answer's first characters, without the request's secrets; empty where the answer itself holds secrets. */
    excerpt: Schema.String,
    /** Whether the same call may succeed later without any change. */
    retryable: Schema.Boolean
  })
) {
  override get message(): string {
    return sentences(
      `${this.operation} got an answer that is not ${vendors[this.cloud]} STS's (HTTP ${this.status}, ${this.contentType ?? "no content type"}): ${this.detail}.`,
      this.excerpt === "" ? undefined : `It begins: ${JSON.stringify(this.excerpt)}.`
    )
  }
}
