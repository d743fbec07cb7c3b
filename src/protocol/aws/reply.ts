/**
 * Reading AWS STS's replies and those of others who speak its protocol, and the error codes of any AWS service.
 *
 * Source: "Common Error Types" and the error responses of Amazon S3, Amazon DynamoDB and Amazon Bedrock, API
 * References.
 */
import * as Outcome from "effect/Result"
import type { ParseError } from "../../schemas/Codec.js"
import { StsApiError, type StsResponseError } from "../../schemas/StsError.js"
import { issuesOf } from "../../schemas/ValidationIssues.js"
import { codeIn, type Exchange, identifierIn, millisecondsIn, notSts, shown, succeeded } from "../exchange.js"
import { categoryOf, hintOf } from "./errorCodes.js"
import type { Structure } from "./query.js"
import {
  type ErrorDocument,
  errorOf,
  type ReplyFields,
  requestIdOf,
  resultOf,
  scanReply
} from "./replyDocument.js"
import { type Element, parse } from "./xml.js"

/** How an operation's result becomes its response. */
export interface Result<Response> {
  readonly output: Structure
  readonly response: (result: unknown) => Outcome.Result<Response, ParseError>
}

// Other implementations send the right document as text/html; the document's own name is what counts then.
const plausibleType = /^(text\/|[\w.-]+\/([\w.-]+\+)?xml\b)/i

const requestIdIn = ({ headers }: Exchange, stated: string | undefined): string | undefined =>
  stated ?? headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]

const refusal = (exchange: Exchange, root: Element, { code, message = "" }: ErrorDocument): StsApiError => {
  const category = categoryOf(code, exchange.status)
  return new StsApiError({
    cloud: "aws",
    operation: exchange.operation,
    code: codeIn(exchange, code),
    status: exchange.status,
    requestId: identifierIn(exchange, requestIdIn(exchange, requestIdOf(root))),
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

/** The operation's response, the service's refusal, or why the reply is neither. */
export const decode = <Response>(
  exchange: Exchange,
  result: Result<Response>
): Outcome.Result<Response, StsApiError | StsResponseError> => {
  const contentType = exchange.headers["content-type"]
  if (contentType !== undefined && !plausibleType.test(contentType)) {
    return Outcome.fail(notSts(exchange, "ContentType", "it is not XML"))
  }
  const usual = succeeded(exchange) ? scanReply(exchange.operation, result.output, exchange.body) : undefined
  if (usual !== undefined) return responseOf(exchange, result, usual)
  const parsed = parse(exchange.body)
  if (Outcome.isSuccess(parsed)) return responseIn(exchange, parsed.success, result)
  const { offset, reason } = parsed.failure
  return Outcome.fail(
    notSts(exchange, "Malformed", `it is not XML as the service writes it: ${reason} at ${offset}`)
  )
}

const responseIn = <Response>(
  exchange: Exchange,
  root: Element,
  result: Result<Response>
): Outcome.Result<Response, StsApiError | StsResponseError> => {
  const error = errorOf(root)
  if (error !== undefined) return Outcome.fail(refusal(exchange, root, error))
  if (!succeeded(exchange)) return Outcome.fail(notSts(exchange, "Malformed", "it has no error code"))
  const fields = resultOf(exchange.operation, result.output, root)
  if (Outcome.isFailure(fields)) {
    const { path, reason } = fields.failure
    const named = path === root.name
    return Outcome.fail(notSts(exchange, named ? "Malformed" : "Incomplete", `${path} ${reason}`))
  }
  return responseOf(exchange, result, { ...(fields.success as object), requestId: requestIdOf(root) })
}

const responseOf = <Response>(
  exchange: Exchange,
  { response }: Result<Response>,
  fields: ReplyFields
): Outcome.Result<Response, StsResponseError> => {
  fields.requestId = requestIdIn(exchange, fields.requestId)
  const made = response(fields)
  if (Outcome.isSuccess(made)) return Outcome.succeed(made.success)
  const issues = issuesOf(made.failure.issue).map(({ field, rule }) => `${field} ${rule}`)
  return Outcome.fail(notSts(exchange, "Incomplete", issues.join("; ")))
}

// `com.amazon.coral.service#ExpiredTokenException:http://internal.amazon.com/`
const bare = (name: unknown): string | undefined =>
  typeof name === "string" ? /^(?:[\w.-]+#)?([\w.-]{1,100})(?::|$)/.exec(name)?.[1] : undefined

const inJson = (body: string): string | undefined => {
  try {
    const document: unknown = JSON.parse(body)
    if (typeof document !== "object" || document === null) return undefined
    const { __type, code, Code } = document as Readonly<Record<string, unknown>>
    return bare(__type) ?? bare(code) ?? bare(Code)
  } catch {
    return undefined
  }
}

const inXml = (body: string): string | undefined =>
  Outcome.match(parse(body), { onFailure: () => undefined, onSuccess: (root) => bare(errorOf(root)?.code) })

/** The code of a refusal, if it has one. Header names are in lower case. */
export const refusalCode = (headers: Readonly<Record<string, string>>, body: string): string | undefined =>
  bare(headers["x-amzn-errortype"]) ?? (body.trimStart().startsWith("<") ? inXml(body) : inJson(body))
