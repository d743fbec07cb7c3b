/** What an HTTP client's failure means, judged by codes alone: a client's own error contains the whole request. */
import { scrub } from "../protocol/scrub.js"
import {
  type Cloud,
  StsApiError,
  StsResponseError,
  StsTransportError,
  type TransportErrorReason
} from "../schemas/StsError.js"
import type { Outcome } from "./Client.js"
import { type Failure, faultCodes } from "./HttpReply.js"
import {
  type ClientError,
  causeOf,
  isClientError,
  Redirected,
  responseOf,
  reasonOf as whyOf
} from "./platformHttp.js"

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

/** Where a failure happened. */
export interface Where {
  readonly cloud: Cloud
  readonly operation: string
  readonly host: string
}

const responseError = (
  { cloud, operation }: Where,
  reason: "TooLarge" | "Redirect",
  status: number,
  detail: string
): StsResponseError =>
  new StsResponseError({ cloud, operation, reason, status, detail, excerpt: "", retryable: false })

const redirect = (where: Where, status: number, to: string): StsResponseError =>
  responseError(
    where,
    "Redirect",
    status,
    `it is a redirect${to}, and requests with secrets do not follow redirects`
  )

/** The typed error for a redirect. Nothing is sent to where it points, which would get the secrets. */
export const redirected = (
  where: Where,
  status: number,
  url: string,
  { location }: Readonly<Record<string, string>>,
  secrets: () => ReadonlyArray<string>
): StsResponseError => {
  const known = location !== undefined && URL.canParse(location, url)
  const to = known ? ` to ${scrub(new URL(location, url).host.slice(0, 100), secrets())}` : ""
  return redirect(where, status, to)
}

const nameOf = (error: unknown): string => {
  if (typeof error !== "object" || error === null) return "an error"
  const { _tag, name } = error as { _tag?: unknown; name?: unknown }
  const found = _tag ?? name
  return typeof found === "string" && /^\w{1,60}$/.test(found) ? found : "an error"
}

const tooLarge = (where: Where, status: number): StsResponseError =>
  responseError(where, "TooLarge", status, "it is larger than the policy's maxReplyBytes")

const noReply = (where: Where, reason: TransportErrorReason, code: string | undefined): StsTransportError =>
  new StsTransportError({ ...where, reason, code, retryable: isRetryable(reason, code) })

const fromPlatform = (where: Where, error: ClientError) => {
  const cause = causeOf(error)
  const code = codeOf(cause)
  const response = responseOf(error)
  if (response !== undefined && code === faultCodes.replyTooLarge) return tooLarge(where, response.status)
  if (response !== undefined && (code === faultCodes.bodyTaken || nameOf(cause) === "AbortError")) {
    const detail = "The HttpClient in use has already read the reply's body, or discarded it."
    return new StsTransportError({ ...where, reason: "Other", detail, retryable: false })
  }
  const unsendable = response === undefined && whyOf(error) !== "Transport"
  // A client that only says that a body it had begun to read could not be read has lost its connection.
  const cut = response !== undefined && code === undefined
  return noReply(where, unsendable ? "InvalidRequest" : cut ? "Reset" : reasonOf(code), code)
}

const fromStranger = (where: Where, { broken, error }: Failure) => {
  // What Effect calls it, or an exception; AbortSignal does too.
  if (/^Timeout(Error|Exception)$/.test(nameOf(error))) {
    const detail = "The HttpClient in use timed out."
    return new StsTransportError({ ...where, reason: "Timeout", detail, retryable: true })
  }
  const code = codeOf(error)
  const did = broken ? "broke" : "failed"
  const detail = `The HttpClient in use ${did} with ${nameOf(error)}, which is not an error of Effect's HttpClient.`
  return new StsTransportError({ ...where, reason: reasonOf(code), code, detail, retryable: false })
}

/** The typed error for a client's failure. */
export const fromClient = (where: Where, failure: Failure): StsTransportError | StsResponseError => {
  const { changes, error } = failure
  if (error instanceof Redirected) {
    // The client that follows it has not passed the reply on.
    return redirect(where, 300, " to somewhere else, which the HttpClient in use follows")
  }
  const fault = isClientError(error) ? fromPlatform(where, error) : fromStranger(where, failure)
  return withChanges(fault, changes)
}

/** The typed error for an exchange of this package's own clients that gave no reply. */
export const fromOutcome = (
  where: Where,
  outcome: Exclude<Outcome, { readonly kind: "reply" }>
): StsTransportError | StsResponseError => {
  const { code, kind } = outcome
  if (kind === "noBody" && code === faultCodes.replyTooLarge) return tooLarge(where, outcome.status)
  return noReply(where, kind === "unsendable" ? "InvalidRequest" : reasonOf(code), code)
}

/** The same error, which also says what the client has changed of the request, where it did. */
export const withChanges = <E>(error: E, changes: ReadonlyArray<string>): E => {
  if (changes.length === 0) return error
  const note = `The HttpClient in use changes the request: ${changes.join(", ")}`
  const after = (text: string | undefined) => (text === undefined || text === "" ? note : `${text} ${note}`)
  if (error instanceof StsApiError) return new StsApiError({ ...error, hint: after(error.hint) }) as E
  if (error instanceof StsTransportError) {
    return new StsTransportError({ ...error, detail: after(error.detail) }) as E
  }
  return error instanceof StsResponseError
    ? (new StsResponseError({ ...error, detail: `${error.detail}. ${note}` }) as E)
    : error
}

/** The typed error for a call or attempt that took too long. */
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
