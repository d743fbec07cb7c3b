/**
 * What an HTTP client's failure means, told by codes alone: a client's own error holds the whole request.
 *
 * @since 0.1.0
 */
import type * as HttpClientError from "@effect/platform/HttpClientError"
import {
  type Cloud,
  StsResponseError,
  StsTransportError,
  type TransportErrorReason
} from "../schemas/StsError.js"
import { faultCodes } from "./BufferedClient.js"

const reasons: Readonly<Record<string, TransportErrorReason>> = {
  ECONNREFUSED: "Refused",
  ECONNRESET: "Reset",
  ECONNABORTED: "Reset",
  EPIPE: "Reset",
  UND_ERR_SOCKET: "Reset",
  UND_ERR_CLOSED: "Reset",
  UND_ERR_DESTROYED: "Reset",
  ERR_STREAM_PREMATURE_CLOSE: "Reset",
  ENOTFOUND: "Dns",
  EAI_AGAIN: "Dns",
  EAI_FAIL: "Dns",
  ETIMEDOUT: "Timeout",
  ESOCKETTIMEDOUT: "Timeout",
  UND_ERR_CONNECT_TIMEOUT: "Timeout",
  UND_ERR_HEADERS_TIMEOUT: "Timeout",
  UND_ERR_BODY_TIMEOUT: "Timeout",
  EPROTO: "Tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "Tls",
  SELF_SIGNED_CERT_IN_CHAIN: "Tls",
  HOSTNAME_MISMATCH: "Tls",
  [faultCodes.connectTimeout]: "Timeout",
  [faultCodes.proxy]: "Proxy",
  [faultCodes.worker]: "Worker"
}

const tlsCode = /^(CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_)/

const reasonOf = (code: string | undefined): TransportErrorReason =>
  code === undefined ? "Other" : (reasons[code] ?? (tlsCode.test(code) ? "Tls" : "Other"))

const neverRetried: ReadonlySet<TransportErrorReason> = new Set(["Tls", "Worker", "InvalidRequest"])

const isRetryable = (reason: TransportErrorReason, code: string | undefined): boolean =>
  !neverRetried.has(reason) && code !== "ENOTFOUND"

// The code is on the error, on what caused it, or on the first of several attempts (IPv6, then IPv4).
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== "object" || error === null || depth > 5) return undefined
  const { cause, code, errors } = error as { cause?: unknown; code?: unknown; errors?: unknown }
  if (typeof code === "string") return code
  return codeOf(cause, depth + 1) ?? codeOf(Array.isArray(errors) ? errors[0] : undefined, depth + 1)
}

/**
 * Where a failure happened.
 *
 * @category models
 * @since 0.1.0
 */
export interface Where {
  readonly cloud: Cloud
  readonly operation: string
  readonly host: string
}

/**
 * The typed error for a client's failure.
 *
 * @category errors
 * @since 0.1.0
 */
export const fromClient = (
  { cloud, host, operation }: Where,
  error: HttpClientError.HttpClientError
): StsTransportError | StsResponseError => {
  const code = codeOf(error.cause)
  if (error._tag === "ResponseError" && code === faultCodes.replyTooLarge) {
    return new StsResponseError({
      cloud,
      operation,
      reason: "TooLarge",
      status: error.response.status,
      detail: "it is larger than the policy's maxReplyBytes",
      excerpt: "",
      retryable: false
    })
  }
  const unsendable = error._tag === "RequestError" && error.reason !== "Transport"
  // A client that says no more than that a started body could not be read lost its connection.
  const cut = error._tag === "ResponseError" && code === undefined
  const reason = unsendable ? "InvalidRequest" : cut ? "Reset" : reasonOf(code)
  return new StsTransportError({ cloud, operation, reason, host, code, retryable: isRetryable(reason, code) })
}

/**
 * The typed error for a call or attempt that took too long.
 *
 * @category errors
 * @since 0.1.0
 */
export const timedOut = (
  { cloud, host, operation }: Where,
  millis: number,
  what: "call" | "attempt"
): StsTransportError =>
  new StsTransportError({
    cloud,
    operation,
    reason: "Timeout",
    host,
    detail: `The ${what} took longer than ${millis} ms.`,
    retryable: what === "attempt"
  })
