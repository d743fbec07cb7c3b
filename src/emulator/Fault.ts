/**
 * Faults between a client and a cloud, on request.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

const between = (min: number, max: number) =>
  Schema.Int.pipe(
    Schema.check(
      Schema.makeFilter((value) => value >= min && value <= max, {
        description: `a number from ${min} to ${max}`
      })
    )
  )
const bytes = between(0, Number.MAX_SAFE_INTEGER)

const late = {
  /** How long. */
  duration: Schema.DurationFromMillis
} as const
const cut = {
  /** How many bytes of the reply arrive before that. */
  afterBytes: bytes
} as const
const answered = {
  /** The reply's HTTP status: 200 to 599. */
  status: between(200, 599)
}

/**
 * A fault. The first group keeps the reply and spoils its way; the second answers in the cloud's stead, so that the
 * request has no effect.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Fault = Schema.Union([
  Schema.TaggedStruct("Latency", late),
  Schema.TaggedStruct("SlowHeaders", late),
  Schema.TaggedStruct("SlowBody", late),
  Schema.TaggedStruct("ResetBeforeReply", {}),
  Schema.TaggedStruct("ResetDuringReply", cut),
  Schema.TaggedStruct("CutBody", cut),
  Schema.TaggedStruct("OversizedReply", {
    /** How many bytes the reply has. */
    bytes
  }),
  Schema.TaggedStruct("ContentType", {
    /** The `content-type` that the reply states. */
    contentType: Schema.String
  }),
  Schema.TaggedStruct("SkewedClock", {
    /** Milliseconds by which the service's clock is ahead; behind if negative. */
    offset: Schema.Number
  }),
  Schema.TaggedStruct("BadGateway", {}),
  Schema.TaggedStruct("Redirect", {
    /** Where the reply sends the client. */
    location: Schema.String,
    /** The reply's HTTP status: 300 to 399. */
    status: between(300, 399)
  }),
  Schema.TaggedStruct("Throttled", {
    ...answered,
    /** The wait that the reply requests. Default: none. */
    retryAfter: Schema.optional(Schema.DurationFromMillis)
  }),
  Schema.TaggedStruct("Refused", {
    ...answered,
    /** The code, as it stands on the wire. */
    code: Schema.String,
    /** The message. */
    message: Schema.String
  })
])

/**
 * A fault.
 *
 * @category models
 * @since 0.1.0
 */
export type Fault = typeof Fault.Type

/**
 * The request is answered late.
 *
 * @category constructors
 * @since 0.1.0
 */
export const latency = (duration: Duration.Input): Fault => ({
  _tag: "Latency",
  duration: Duration.fromInputUnsafe(duration)
})

/**
 * The headers of the reply take this long.
 *
 * @category constructors
 * @since 0.1.0
 */
export const slowHeaders = (duration: Duration.Input): Fault => ({
  _tag: "SlowHeaders",
  duration: Duration.fromInputUnsafe(duration)
})

/**
 * The body of the reply takes this long.
 *
 * @category constructors
 * @since 0.1.0
 */
export const slowBody = (duration: Duration.Input): Fault => ({
  _tag: "SlowBody",
  duration: Duration.fromInputUnsafe(duration)
})

/**
 * The request takes effect, but the connection is reset instead of a reply.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resetBeforeReply: Fault = { _tag: "ResetBeforeReply" }

/**
 * The connection is reset after the headers and this many bytes of the body.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resetDuringReply = (afterBytes = 20): Fault => ({ _tag: "ResetDuringReply", afterBytes })

/**
 * A complete HTTP reply with truncated JSON or XML.
 *
 * @category constructors
 * @since 0.1.0
 */
export const cutBody = (afterBytes = 20): Fault => ({ _tag: "CutBody", afterBytes })

/**
 * The reply is padded with spaces to this size.
 *
 * @category constructors
 * @since 0.1.0
 */
export const oversizedReply = (bytes: number): Fault => ({ _tag: "OversizedReply", bytes })

/**
 * The reply has another content type.
 *
 * @category constructors
 * @since 0.1.0
 */
export const contentType = (contentType = "text/html"): Fault => ({ _tag: "ContentType", contentType })

/**
 * The cloud's clock is ahead, or behind if negative, in its checks and in its `Date` header.
 *
 * @category constructors
 * @since 0.1.0
 */
export const skewedClock = (offsetMillis: number): Fault => ({ _tag: "SkewedClock", offset: offsetMillis })

/**
 * A gateway's HTML page, with status 502.
 *
 * @category constructors
 * @since 0.1.0
 */
export const badGateway: Fault = { _tag: "BadGateway" }

/**
 * A redirect to a URL, or to a path of the same host. The status is 307 by default,
 * so that a client that follows it sends the whole request again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const redirect = (location = "/", status = 307): Fault => ({ _tag: "Redirect", location, status })

/**
 * Throttling, with the wait that the cloud requests. Alibaba Cloud answers with status 400, newer products with 429, and AWS
 * STS with 400.
 *
 * @category constructors
 * @since 0.1.0
 */
export const throttled = (options?: {
  /** The wait that the reply requests. Default: none. */
  readonly retryAfter?: Duration.Input
  /** The reply's HTTP status. Default: 400. */
  readonly status?: number
}): Fault => ({
  _tag: "Throttled",
  status: options?.status ?? 400,
  ...(options?.retryAfter === undefined
    ? undefined
    : { retryAfter: Duration.fromInputUnsafe(options.retryAfter) })
})

/**
 * An error of the cloud's own shape.
 *
 * @category constructors
 * @since 0.1.0
 */
export const refused = (status: number, code: string, message = "Refused on request."): Fault => ({
  _tag: "Refused",
  status,
  code,
  message
})

/**
 * A server error of the cloud's own shape.
 *
 * @category constructors
 * @since 0.1.0
 */
export const serverError = (status = 503, code = "ServiceUnavailable"): Fault =>
  refused(status, code, "The request has failed due to a temporary failure of the server.")
