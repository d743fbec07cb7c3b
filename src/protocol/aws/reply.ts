/**
 * Reading AWS STS's replies, and those of others who speak its protocol.
 *
 * @since 0.1.0
 */
import * as Outcome from "effect/Result"
import type { ParseError } from "../../schemas/Codec.js"
import { StsApiError, type StsResponseError } from "../../schemas/StsError.js"
import { issuesOf } from "../../schemas/ValidationIssues.js"
import { codeIn, type Exchange, identifierIn, millisecondsIn, notSts, shown, succeeded } from "../exchange.js"
import { categoryOf, hintOf } from "./errorCodes.js"
import { type ErrorDocument, errorOf, requestIdOf, resultOf } from "./replyDocument.js"
import type { Structure } from "./shape.js"
import { type Element, parse } from "./xml.js"

/**
 * How an operation's result becomes its response.
 *
 * @category models
 * @since 0.1.0
 */
export interface Result<Response> {
  readonly output: Structure
  readonly response: (result: unknown) => Outcome.Result<Response, ParseError>
}

// Other implementations send the right document as text/html; the document's own name is what counts then.
const plausibleType = /^(text\/|[\w.-]+\/([\w.-]+\+)?xml\b)/i

const rootOf = (exchange: Exchange): Outcome.Result<Element, StsResponseError> => {
  const contentType = exchange.headers["content-type"]
  if (contentType !== undefined && !plausibleType.test(contentType)) {
    return Outcome.fail(notSts(exchange, "ContentType", "it is not XML"))
  }
  return Outcome.mapError(parse(exchange.body), ({ offset, reason }) =>
    notSts(exchange, "Malformed", `it is not XML as the service writes it: ${reason} at ${offset}`)
  )
}

const requestIdIn = (exchange: Exchange, root: Element): string | undefined =>
  requestIdOf(root) ?? exchange.headers["x-amzn-requestid"] ?? exchange.headers["x-amz-request-id"]

const refusal = (exchange: Exchange, root: Element, { code, message = "" }: ErrorDocument): StsApiError => {
  const category = categoryOf(code, exchange.status)
  return new StsApiError({
    cloud: "aws",
    operation: exchange.operation,
    code: codeIn(exchange, code),
    status: exchange.status,
    requestId: identifierIn(exchange, requestIdIn(exchange, root)),
    detail: shown(exchange, withoutEcho(message)),
    category,
    retryable: category === "throttled" || category === "server" || exchange.status >= 500,
    retryAfterMillis: millisecondsIn(exchange.headers["x-amz-retry-after"]),
    hint: hintOf(code, message)
  })
}

// SignatureDoesNotMatch may repeat the whole canonical request.
const withoutEcho = (message: string): string =>
  message.split(/\s*The Canonical String for this request/i)[0] ?? ""

/**
 * The operation's response, the service's refusal, or why the reply is neither.
 *
 * @category decoding
 * @since 0.1.0
 */
export const decode = <Response>(
  exchange: Exchange,
  result: Result<Response>
): Outcome.Result<Response, StsApiError | StsResponseError> => {
  const parsed = rootOf(exchange)
  return Outcome.isFailure(parsed)
    ? Outcome.fail(parsed.failure)
    : responseIn(exchange, parsed.success, result)
}

const responseIn = <Response>(
  exchange: Exchange,
  root: Element,
  { output, response }: Result<Response>
): Outcome.Result<Response, StsApiError | StsResponseError> => {
  const error = errorOf(root)
  if (error !== undefined) return Outcome.fail(refusal(exchange, root, error))
  if (!succeeded(exchange)) return Outcome.fail(notSts(exchange, "Malformed", "it has no error code"))
  const result = resultOf(exchange.operation, output, root)
  if (Outcome.isFailure(result)) {
    const { path, reason } = result.failure
    const named = path === root.name
    return Outcome.fail(notSts(exchange, named ? "Malformed" : "Incomplete", `${path} ${reason}`))
  }
  const requestId = requestIdIn(exchange, root)
  return Outcome.mapError(response({ ...(result.success as object), requestId }), (fault) => {
    const issues = issuesOf(fault.issue).map(({ field, rule }) => `${field} ${rule}`)
    return notSts(exchange, "Incomplete", issues.join("; "))
  })
}
