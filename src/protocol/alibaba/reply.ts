/** Reading Alibaba Cloud STS's replies. */
import * as Result from "effect/Result"
import type { ParseError } from "../../schemas/Codec.js"
import { StsApiError, type StsResponseError } from "../../schemas/StsError.js"
import {
  codeIn,
  type Exchange,
  identifierIn,
  incomplete,
  millisecondsIn,
  notSts,
  shown
} from "../exchange.js"
import { succeeded } from "../retry.js"
import { longestText } from "../scrub.js"
import { diagnoseSignature, hintOf, remedyOf } from "./errorCodes.js"

type Json = Readonly<Record<string, unknown>>

const jsonType = /^(application|text)\/([\w.-]+\+)?json\b/i

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const stringIn = (json: Json, name: string): string | undefined => {
  const value = json[name]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** A member that is null says no more than one that is absent. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, withoutNulls(member)]]))
  )
}

const parse = (exchange: Exchange): Result.Result<Json, StsResponseError> => {
  const contentType = exchange.headers["content-type"]
  if (contentType !== undefined && !jsonType.test(contentType)) {
    return Result.fail(notSts(exchange, "ContentType", "it is not JSON"))
  }
  try {
    const whole: unknown = JSON.parse(exchange.body)
    const json = exchange.body.includes("null") ? withoutNulls(whole) : whole
    return isRecord(json)
      ? Result.succeed(json)
      : Result.fail(notSts(exchange, "Malformed", "it is not a JSON object"))
  } catch {
    return Result.fail(notSts(exchange, "Malformed", "it is incomplete or not JSON"))
  }
}

const accessDeniedDetail = (exchange: Exchange, json: Json): Record<string, string> | undefined => {
  const detail = json["AccessDeniedDetail"]
  if (!isRecord(detail)) return undefined
  return Object.fromEntries(
    Object.entries(detail).flatMap(([name, value]) =>
      typeof value === "string" ? [[shown(exchange, name), shown(exchange, value, longestText)]] : []
    )
  )
}

const refusal = (exchange: Exchange, json: Json, code: string): StsApiError => {
  const message = stringIn(json, "Message") ?? ""
  const denied = accessDeniedDetail(exchange, json)
  const { detail, hint } =
    code === "SignatureDoesNotMatch"
      ? diagnoseSignature(message, exchange.stringToSign)
      : { detail: message, hint: hintOf(code, denied) }
  const { category, retry } = remedyOf(code, exchange.status)
  return new StsApiError({
    cloud: "alibaba",
    operation: exchange.operation,
    code: codeIn(exchange, code),
    status: exchange.status,
    requestId: identifierIn(exchange, stringIn(json, "RequestId") ?? exchange.headers["x-acs-request-id"]),
    detail: shown(exchange, detail),
    category,
    retryable: retry !== undefined,
    retryAfterMillis: millisecondsIn(exchange.headers["x-acs-retry-after"]),
    hint,
    recommend: shown(exchange, stringIn(json, "Recommend")),
    accessDeniedDetail: denied
  })
}

/** The operation's response, the service's refusal, or why the reply is neither. */
export const decode = <Response>(
  exchange: Exchange,
  response: (json: unknown) => Result.Result<Response, ParseError>
): Result.Result<Response, StsApiError | StsResponseError> => {
  const parsed = parse(exchange)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const json = parsed.success
  const code = stringIn(json, "Code")
  if (code !== undefined && !(succeeded(exchange) && "Credentials" in json)) {
    return Result.fail(refusal(exchange, json, code))
  }
  if (!succeeded(exchange)) return Result.fail(notSts(exchange, "Malformed", "it has no error code"))
  const identified = "RequestId" in json ? json : { ...json, RequestId: exchange.headers["x-acs-request-id"] }
  const made = response(identified)
  if (Result.isSuccess(made)) return Result.succeed(made.success)
  return Result.fail(incomplete(exchange, made.failure))
}
