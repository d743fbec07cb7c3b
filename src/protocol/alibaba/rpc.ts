/**
 * Alibaba Cloud's RPC protocol: parameters, signed by version 1.0 with HMAC-SHA1 or not at all, and the replies.
 *
 * Source: "Request syntax and signature method V2 for RPC APIs", Alibaba Cloud documentation.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { ParseError } from "../../schemas/Codec.js"
import { StsApiError, type StsResponseError } from "../../schemas/StsError.js"
import { encodeSorted, type Parameters, percentEncode, timestamp } from "../encoding.js"
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
import type { Structure } from "../shape.js"
import { HmacKey, hmacKey, type Secret, SignedForm } from "../signature.js"
import { diagnoseSignature, hintOf, remedyOf } from "./errorCodes.js"

const plain = (value: unknown): string => String(Redacted.isRedacted(value) ? Redacted.value(value) : value)

/** Fields, and what they are called on the wire. */
type Names = ReadonlyArray<readonly [field: string, name: string]>

/** The same in the order in which a form has them. */
export const inOrder = ({ members }: Structure): Names =>
  Object.entries(members)
    .map(([field, { name }]): Names[number] => [field, name])
    .sort(([, one], [, other]) => (one < other ? -1 : 1))

/** The parameters that a request states, secrets plain. */
export const parametersOf = (names: Names, request: object): Parameters => {
  const parameters: Record<string, string> = {}
  for (const [field, name] of names) {
    const value = (request as Readonly<Record<string, unknown>>)[field]
    if (value !== undefined) parameters[name] = plain(value)
  }
  return parameters
}

/**
 * The text that a signature is made over. The HTTP method is part of it: what is signed for POST does not verify
 * for GET.
 */
export const stringToSign = (method: string, parameters: Parameters): string =>
  textOver(method, encodeSorted(parameters))

// No character of what is encoded once is one that `encodeURIComponent` leaves alone and the signature does not.
const textOver = (method: string, encoded: string): string => `${method}&%2F&${encodeURIComponent(encoded)}`

/** The signature of a text, in base64. */
export const signature = (secret: Secret, text: string): string => keyOf(secret).sign(text, "base64")

const keyOf = (secret: Secret): HmacKey => hmacKey(secret, "rpc", (plain) => new HmacKey("sha1", `${plain}&`))

/** What every request of the RPC form says of itself, signed or not. */
export interface Call {
  /** The operation's name, such as `AssumeRole`. */
  readonly action: string
  /** The API's version, such as `2015-04-01`. */
  readonly version: string
  /** The operation's own parameters, not percent-encoded. */
  readonly parameters: Parameters
  /** Milliseconds since 1970, as the service's clock has it. */
  readonly time: number
  /** A text that no other request has, so that this one cannot be replayed. */
  readonly nonce: string
}

/** The parameters of an anonymous request. */
export const unsignedParameters = ({ action, nonce, parameters, time, version }: Call): Parameters => ({
  ...parameters,
  Action: action,
  Version: version,
  Format: "JSON",
  Timestamp: timestamp(time),
  SignatureNonce: nonce
})

/** Whose signature it is. */
export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: Secret
  readonly securityToken?: Secret | undefined
}

const noHeaders = {}

/** What every signed request states, in the order of their names. */
const common = [
  "AccessKeyId",
  "Action",
  "Format",
  "SecurityToken",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureVersion",
  "Timestamp",
  "Version"
]

/** The headers and the body of a signed POST, and the text that was signed. The signature comes last. */
export const sign = (
  { action, nonce, parameters, time, version }: Call,
  { accessKeyId, accessKeySecret, securityToken: token }: Key
): SignedForm => {
  const secret = typeof token === "object" ? Redacted.value(token) : token
  const stated = [accessKeyId, action, "JSON", secret, "HMAC-SHA1", nonce, "1.0", timestamp(time), version]
  const encoded = encodeSorted(parameters, common, stated)
  const text = textOver("POST", encoded)
  return new SignedForm(
    noHeaders,
    `${encoded}&Signature=${percentEncode(signature(accessKeySecret, text))}`,
    text
  )
}

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

/** The role's user by today's names: older documents, and the servers that go by them, have others. */
const respelled = (json: Json): Json => {
  const user = json["AssumedRoleUser"]
  if (!isRecord(user) || !("arn" in user || "AssumedRoleUserId" in user)) return json
  const { arn, AssumedRoleUserId, ...others } = user
  return { ...json, AssumedRoleUser: { Arn: arn, AssumedRoleId: AssumedRoleUserId, ...others } }
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
  const made = response(respelled(identified))
  if (Result.isSuccess(made)) return Result.succeed(made.success)
  return Result.fail(incomplete(exchange, made.failure))
}
