/**
 * A request as AWS reads it, and who signed it: the signature in its headers or its URL, with its key, session token,
 * scope and time. The expected signature is computed from the request.
 */
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  algorithm,
  canonicalRequest,
  scopeText,
  sha256,
  signature,
  stringToSign
} from "../../protocol/aws/sigV4.js"
import type { Pairs, Parameters } from "../../protocol/encoding.js"
import { namesOf } from "../../protocol/signature.js"
import { bodyText, mediaType, type Refusal, type WireRequest } from "../Service.js"
import * as Refusals from "./Refusals.js"
import type { Caller, State } from "./State.js"

/** Where the signature is: in the headers, in the URL, or nowhere. */
type Form = "sigv4" | "presigned" | "anonymous"

/** A request as the service reads it. */
export interface Input {
  readonly form: Form
  readonly host: string
  /** In the order they came, the signature's own among them. */
  readonly query: Pairs
  readonly action: string | undefined
  readonly version: string | undefined
  /** Of the query and the body. */
  readonly parameters: Parameters
}

const formTypes = ["", "application/x-www-form-urlencoded"]

const pairsOf = (text: string): Pairs => [...new URLSearchParams(text)]

const signing = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]

/** Reads a request. */
export const read = (request: WireRequest): Input => {
  const { headers } = request
  const query = pairsOf(request.query)
  const form = formTypes.includes(mediaType(request)) ? pairsOf(bodyText(request)) : []
  const parameters: Parameters = Object.fromEntries([...query, ...form])
  const isPresigned = signing.some((name) => parameters[name] !== undefined)
  return {
    form: headers["authorization"] !== undefined ? "sigv4" : isPresigned ? "presigned" : "anonymous",
    host: headers["host"] ?? "",
    query,
    action: parameters["Action"],
    version: parameters["Version"],
    parameters
  }
}

/** Where and when a signature says that it is good for. */
interface Scope {
  readonly day: string
  readonly region: string
  readonly service: string
  readonly terminator: string
}

/** A signature whose secret is still to be found. */
export interface Signed {
  readonly accessKeyId: string
  readonly sessionToken: string | undefined
  readonly scope: Scope
  /** As stated: `20260131T120000Z`. */
  readonly date: string
  /** In milliseconds since 1970. */
  readonly time: number
  /** How long a URL is good for; a signature in headers says nothing of it. */
  readonly expiresInSeconds: number | undefined
  /** In hexadecimal, as stated. */
  readonly signature: string
  /** What it has to be made over. */
  readonly canonicalRequest: string
}

type Reading<A> = Result.Result<A, Refusal>

const incomplete = (detail: string): Reading<never> => Result.fail(Refusals.incomplete(detail))

const credentialOf = (
  credential: string
): Reading<{ readonly accessKeyId: string; readonly scope: Scope }> => {
  const [accessKeyId, day, region, service, terminator, ...others] = credential.split("/")
  return accessKeyId === undefined ||
    day === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined ||
    others.length > 0
    ? incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
      )
    : Result.succeed({ accessKeyId, scope: { day, region, service, terminator } })
}

const dateForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

const timeOf = (date: string): Reading<number> => {
  const time = dateForm.test(date) ? Date.parse(date.replace(dateForm, "$1-$2-$3T$4:$5:$6Z")) : Number.NaN
  return Number.isNaN(time)
    ? incomplete(
        `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`
      )
    : Result.succeed(time)
}

const coversHeaders = (names: ReadonlyArray<string>, headers: WireRequest["headers"]): Reading<void> => {
  if (!names.includes("host")) return Result.fail(Refusals.unsignedHeader("'Host' or ':authority'"))
  return headers["x-amz-date"] !== undefined && !names.includes("x-amz-date")
    ? Result.fail(Refusals.unsignedHeader("'X-Amz-Date'"))
    : Result.void
}

interface Stated {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly date: string
  readonly sessionToken: string | undefined
  readonly expiresInSeconds: number | undefined
  /** Whatever of the query the signature covers. */
  readonly query: Pairs
}

const parts = ["Credential", "Signature", "SignedHeaders"] as const

const statedInHeaders = ({ headers }: WireRequest, { query }: Input): Reading<Stated> => {
  const authorization = headers["authorization"] ?? ""
  const space = authorization.indexOf(" ")
  if (authorization.slice(0, space) !== algorithm)
    return incomplete("Unsupported AWS 'algorithm' in Authorization.")
  const values = new Map(
    authorization
      .slice(space + 1)
      .split(/, ?/)
      .map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)] as const)
  )
  const missing = parts.filter((name) => !values.has(name))
  const date = headers["x-amz-date"]
  if (missing.length > 0 || date === undefined) {
    const lacks = missing.map((name) => `Authorization header requires '${name}' parameter.`)
    const dateless = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    return incomplete([...lacks, ...(date === undefined ? [dateless] : [])].join(" "))
  }
  return Result.succeed({
    credential: values.get("Credential") ?? "",
    signedHeaders: values.get("SignedHeaders") ?? "",
    signature: values.get("Signature") ?? "",
    date,
    sessionToken: headers["x-amz-security-token"],
    expiresInSeconds: undefined,
    query
  })
}

const parameterNames = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date"
] as const

const longestUrl = 604_800
const usualUrl = 900

const statedInQuery = ({ query }: Input): Reading<Stated> => {
  const values = new Map(query)
  const missing = parameterNames.filter((name) => !values.has(name))
  if (missing.length > 0) {
    const lacks = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
    return incomplete([...lacks, "Re-examine the query-string parameters."].join(" "))
  }
  if (values.get("X-Amz-Algorithm") !== algorithm)
    return incomplete("Unsupported AWS 'algorithm' in the query.")
  const expires = values.get("X-Amz-Expires") ?? String(usualUrl)
  const expiresInSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0
  if (expiresInSeconds < 1 || expiresInSeconds > longestUrl) {
    return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${longestUrl}.`)
  }
  return Result.succeed({
    credential: values.get("X-Amz-Credential") ?? "",
    signedHeaders: values.get("X-Amz-SignedHeaders") ?? "",
    signature: values.get("X-Amz-Signature") ?? "",
    date: values.get("X-Amz-Date") ?? "",
    sessionToken: values.get("X-Amz-Security-Token"),
    expiresInSeconds,
    query: query.filter(([name]) => name !== "X-Amz-Signature")
  })
}

/** Reads the signature of a request. */
export const readSignature = (request: WireRequest, input: Input): Reading<Signed> =>
  Result.gen(function* () {
    if (input.form === "anonymous") return yield* Result.fail(Refusals.missingAuthentication)
    const stated = yield* input.form === "sigv4" ? statedInHeaders(request, input) : statedInQuery(input)
    const { accessKeyId, scope } = yield* credentialOf(stated.credential)
    const { date, expiresInSeconds, query, sessionToken } = stated
    const time = yield* timeOf(date)
    const { body, headers, method, path } = request
    yield* coversHeaders(stated.signedHeaders.split(";"), headers)
    return {
      accessKeyId,
      sessionToken,
      scope,
      date,
      time,
      expiresInSeconds,
      signature: stated.signature,
      // The service hashes the body itself: a header only states what the client believes it sent.
      canonicalRequest: canonicalRequest(
        { method, path, query },
        headers,
        namesOf(stated.signedHeaders),
        sha256(body),
        true
      )
    }
  })

/** What the signature has to be, over a canonical form. */
export const signatureWith = (
  secret: Redacted.Redacted,
  { date, scope }: Pick<Signed, "date" | "scope">,
  canonical: string
): string => signature(secret, scope, stringToSign(date, scopeText(scope), canonical))

const regions: ReadonlySet<string> = new Set(
  `af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
ap-southeast-7 ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-north-1
eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1
me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1
us-west-2`.split(/\s/)
)

const global = "sts.amazonaws.com"
const regional = /^sts(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws|api\.amazonwebservices)\b/

/** Whether a host is the global endpoint. */
export const isGlobal = (host: string): boolean => host.split(":")[0] === global

/** The only region that requests to a host may be signed for; none where the host's name does not tell. */
export const regionOf = (host: string): string | undefined =>
  isGlobal(host) ? "us-east-1" : regional.exec(host)?.[1]

const serves = (host: string, region: string): boolean =>
  regions.has(region) && (regionOf(host) ?? region) === region

/** How far the time of a request may be off. */
const windowMillis = Duration.toMillis("5 minutes")

type Checked<A = void> = Result.Result<A, Refusal>

interface KeyFound {
  readonly secret: Redacted.Redacted
  readonly caller: Caller
}

const findSession = (state: State, accessKeyId: string, token: string, now: number): Checked<KeyFound> => {
  const session = state.sessions.find(token, now)
  if (session?.accessKeyId !== accessKeyId) return Result.fail(Refusals.invalidToken)
  return session.expiration <= now
    ? Result.fail(Refusals.expiredToken)
    : Result.succeed({ secret: session.secretAccessKey, caller: { identity: session.identity, session } })
}

const findKey = (state: State, { accessKeyId, sessionToken }: Signed, now: number): Checked<KeyFound> => {
  if (sessionToken !== undefined) return findSession(state, accessKeyId, sessionToken, now)
  const owner = state.findKey(accessKeyId)
  return owner?.key.active === true
    ? Result.succeed({
        secret: owner.key.secretAccessKey,
        caller: { identity: owner.owner, session: undefined }
      })
    : Result.fail(Refusals.invalidToken)
}

const checkScope = ({ date, scope }: Signed, host: string): Checked => {
  const wrong = (detail: string) => Result.fail(Refusals.mismatch(detail))
  if (scope.terminator !== "aws4_request") {
    return wrong(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'.`
    )
  }
  if (scope.service !== "sts") return wrong("Credential should be scoped to correct service: 'sts'.")
  if (!serves(host, scope.region)) {
    const only = regionOf(host)
    return wrong(
      only === undefined
        ? `Credential should be scoped to a valid region, not '${scope.region}'.`
        : `Credential should be scoped to a valid region, not '${scope.region}'. This endpoint is for '${only}'.`
    )
  }
  return scope.day === date.slice(0, 8)
    ? Result.void
    : wrong(
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.day}' != '${date.slice(0, 8)}', from '${date}'.`
      )
}

const checkTime = ({ expiresInSeconds, time }: Signed, now: number): Checked => {
  if (time - now > windowMillis) return Result.fail(Refusals.notYetCurrent(time, now, windowMillis))
  if (expiresInSeconds !== undefined) {
    return now < time + expiresInSeconds * 1000 ? Result.void : Result.fail(Refusals.requestExpired)
  }
  return now - time > windowMillis
    ? Result.fail(Refusals.signatureExpired(time, now, windowMillis))
    : Result.void
}

/** Who signed a request. */
export const callerOf = (
  state: State,
  request: WireRequest,
  input: Input,
  now: number
): Result.Result<Caller, Refusal> =>
  Result.gen(function* () {
    const signed = yield* readSignature(request, input)
    const { caller, secret } = yield* findKey(state, signed, now)
    yield* checkScope(signed, input.host)
    yield* checkTime(signed, now)
    return signatureWith(secret, signed, signed.canonicalRequest) === signed.signature
      ? caller
      : yield* Result.fail(Refusals.signatureDoesNotMatch)
  })
