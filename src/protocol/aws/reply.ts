/**
 * Reading AWS STS's replies and those of others who speak its protocol: results by their shapes, refusals, and the error
 * codes of any AWS service.
 *
 * Source: "AWS Query protocol" and "XML bindings", Smithy documentation; "Common Error Types" and the error responses of
 * Amazon S3, Amazon DynamoDB and Amazon Bedrock, API References.
 */
import * as Result from "effect/Result"
import type { ParseError } from "../../schemas/Codec.js"
import { StsApiError, type StsResponseError } from "../../schemas/StsError.js"
import { issuesOf } from "../../schemas/ValidationIssues.js"
import { parseTimestamp } from "../encoding.js"
import { codeIn, type Exchange, identifierIn, millisecondsIn, notSts, shown } from "../exchange.js"
import { succeeded } from "../retry.js"
import { hintOf, remedyOf } from "./errorCodes.js"
import {
  type List,
  type Map,
  type Member,
  type Scalar,
  type Shape,
  type Structure,
  string,
  structure,
  type Timestamp
} from "./query.js"
import {
  child,
  children,
  type Element,
  type ErrorDocument,
  errorOf,
  parse,
  requestIdOf,
  usualBounds
} from "./xml.js"

/**
 * The value that is not what its shape says, by the names on the wire, and what it should be; never the value.
 */
interface DecodeFault {
  readonly path: string
  readonly reason: string
}

const integer = /^[+-]?\d{1,20}$/
const decimal = /^([+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?|NaN|-?Infinity)$/
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

const matching =
  (pattern: RegExp) =>
  (text: string): number | undefined =>
    pattern.test(text.trim()) ? Number(text) : undefined

const scalars: Readonly<Record<Scalar["type"], (text: string) => unknown>> = {
  string: (text) => text,
  integer: matching(integer),
  long: matching(integer),
  float: matching(decimal),
  double: matching(decimal),
  boolean: (text) => (text.trim() === "true" ? true : text.trim() === "false" ? false : undefined),
  blob: (text) => {
    const packed = text.replace(/\s+/g, "")
    return base64.test(packed) ? new Uint8Array(Buffer.from(packed, "base64")) : undefined
  }
}

/** The value that a text states; none where it is no such value. */
const scalar = (shape: Scalar | Timestamp, text: string): unknown => {
  if (shape.type !== "timestamp") return scalars[shape.type](text)
  const millis = parseTimestamp(text.trim(), shape.format)
  return millis === undefined ? undefined : new Date(millis)
}

const isVoid = ({ type }: Scalar | Timestamp, { children, text }: Element): boolean =>
  type !== "string" && type !== "blob" && children.length === 0 && text.trim() === ""

class Decoder {
  /** The first that was found. */
  fault: DecodeFault | undefined

  value(shape: Shape, element: Element, path: string): unknown {
    switch (shape.type) {
      case "structure":
        return this.structure(shape, element, path)
      case "list":
        return this.list(shape, children(element, shape.memberName ?? "member"), path)
      case "map":
        return this.map(shape, children(element, "entry"), path)
      default: {
        // An empty element of what cannot be empty says no more than one that is absent.
        if (isVoid(shape, element)) return undefined
        // A structure where a text is expected is another document, and no text that is empty.
        const value = element.children.length === 0 ? scalar(shape, element.text) : undefined
        if (value === undefined) this.fault ??= { path, reason: `is no ${shape.type}` }
        return value
      }
    }
  }

  private structure({ members }: Structure, element: Element, path: string): object {
    const value: { [field: string]: unknown } = {}
    for (const field of Object.keys(members)) {
      const member = members[field]
      if (member === undefined) continue
      const found = this.member(member.shape, element, member.name, path)
      if (found !== undefined) value[field] = found
    }
    return value
  }

  private member(shape: Shape, element: Element, name: string, parent: string): unknown {
    const path = `${parent}.${name}`
    if ((shape.type === "list" || shape.type === "map") && shape.flattened === true) {
      const elements = children(element, name)
      if (elements.length === 0) return undefined
      return shape.type === "list" ? this.list(shape, elements, path) : this.map(shape, elements, path)
    }
    const found = child(element, name)
    return found === undefined ? undefined : this.value(shape, found, path)
  }

  private list({ member }: List, elements: ReadonlyArray<Element>, path: string): ReadonlyArray<unknown> {
    return elements.map((element, index) => this.value(member, element, `${path}[${index}]`))
  }

  private map(shape: Map, entries: ReadonlyArray<Element>, path: string): object {
    const { key, keyName = "key", value, valueName = "value" } = shape
    return Object.fromEntries(
      entries.map((entry, index) => {
        const place = `${path}[${index}]`
        const part = (shape: Shape, wanted: string) => {
          const found = this.member(shape, entry, wanted, place)
          if (found === undefined) this.fault ??= { path: place, reason: `has no ${wanted}` }
          return found
        }
        return [String(part(key, keyName)), part(value, valueName)] as const
      })
    )
  }
}

/**
 * The value of an element. Elements that the shape does not know are ignored, fields that the element does not have
 * are absent; a timestamp becomes a `Date`, a blob bytes.
 */
export const valueOf = (shape: Shape, element: Element): Result.Result<unknown, DecodeFault> => {
  const decoder = new Decoder()
  const value = decoder.value(shape, element, element.name)
  return decoder.fault === undefined ? Result.succeed(value) : Result.fail(decoder.fault)
}

/** The output of an action: what stands in `<ActionResult>` within `<ActionResponse>`. */
export const resultOf = (
  action: string,
  output: Structure,
  root: Element
): Result.Result<unknown, DecodeFault> => {
  if (root.name !== `${action}Response`) {
    return Result.fail({ path: root.name, reason: `is no ${action}Response` })
  }
  const result = child(root, `${action}Result`)
  if (result !== undefined) return valueOf(output, result)
  return Object.keys(output.members).length === 0
    ? Result.succeed({})
    : Result.fail({ path: root.name, reason: `has no ${action}Result` })
}

/** The fields of a result, by this library's names, with the id of the request beside them. */
interface ReplyFields {
  [field: string]: unknown
  requestId?: string | undefined
}

// References, the end of a CDATA section, carriage returns, halves of characters, and what XML has not.
const unusual = /[^\t\n -%'-\\^-\ud7ff\ue000-\ufffd]/

interface Parts {
  readonly result?: ReplyFields
  readonly head?: ReplyFields
}

const head = { name: "ResponseMetadata", shape: structure({ requestId: ["RequestId", string] }) }

class Scan {
  private at = 0
  constructor(private readonly source: string) {}

  /** Passes the start of the document, whose root may name a namespace. */
  root(name: string): boolean {
    this.space()
    if (this.begins(name)) return true
    const { at, source } = this
    const named = `<${name} xmlns="`
    const end = source.indexOf('"', at + named.length)
    if (!source.startsWith(named, at) || source.lastIndexOf("<", end) !== at) return false
    this.at = end + 2
    return source.charCodeAt(end + 1) === 0x3e
  }

  structure({ members }: Pick<Structure, "members">, name: string): ReplyFields | undefined {
    const fields: ReplyFields = {}
    while (!this.ends(name)) {
      const field = this.member(members)
      const member = field === undefined ? undefined : members[field]
      if (field === undefined || member === undefined || fields[field] !== undefined) return undefined
      const value = this.value(member)
      if (value === undefined) return undefined
      fields[field] = value
    }
    return fields
  }

  isAtEnd(): boolean {
    this.space()
    return this.at === this.source.length
  }

  /** The field whose element begins here. */
  private member(members: Structure["members"]): string | undefined {
    for (const field in members) if (this.begins(members[field]?.name ?? "")) return field
    return undefined
  }

  private value({ name, shape }: Member): unknown {
    if (shape.type === "structure") return this.structure(shape, name)
    if (shape.type === "list" || shape.type === "map") return undefined
    const from = this.at
    const to = this.source.indexOf("<", from)
    if (to === -1) return undefined
    this.at = to
    return this.ends(name) ? scalar(shape, this.source.slice(from, to)) : undefined
  }

  private begins(name: string): boolean {
    return this.source.charCodeAt(this.at) === 0x3c && this.tag(this.at + 1, name)
  }

  private ends(name: string): boolean {
    this.space()
    return this.source.startsWith("</", this.at) && this.tag(this.at + 2, name)
  }

  private tag(at: number, name: string): boolean {
    const end = at + name.length
    if (this.source.charCodeAt(end) !== 0x3e || !this.source.startsWith(name, at)) return false
    this.at = end + 1
    return true
  }

  /** What is {@link unusual} is not there, so nothing but space comes before the first printable character. */
  private space(): void {
    while (this.source.charCodeAt(this.at) <= 0x20) this.at++
  }
}

/**
 * What an action's usual reply states, read in one pass: elements that the shapes know, each of them once and in any
 * order, with neither attribute nor comment nor reference. None where the reply is another or unusual: that is left to
 * the strict reader of XML.
 */
export const scanReply = (action: string, output: Structure, source: string): ReplyFields | undefined => {
  if (source.length > usualBounds.length || unusual.test(source)) return undefined
  const scan = new Scan(source)
  const root = `${action}Response`
  if (!scan.root(root)) return undefined
  const members = { result: { name: `${action}Result`, shape: output }, head }
  const parts = scan.structure({ members }, root) as Parts | undefined
  if (parts?.result === undefined || !scan.isAtEnd()) return undefined
  // A blank id is none.
  parts.result.requestId = parts.head?.requestId?.trim() || undefined
  return parts.result
}

/** How an operation's result becomes its response. */
interface Expected<Response> {
  readonly output: Structure
  readonly response: (result: unknown) => Result.Result<Response, ParseError>
}

// Other implementations send the right document as text/html; the document's own name is what counts then.
const plausibleType = /^(text\/|[\w.-]+\/([\w.-]+\+)?xml\b)/i

const requestIdIn = ({ headers }: Exchange, stated: string | undefined): string | undefined =>
  stated ?? headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]

const refusal = (exchange: Exchange, root: Element, { code, message = "" }: ErrorDocument): StsApiError => {
  const { category, retry } = remedyOf(code, exchange.status)
  return new StsApiError({
    cloud: "aws",
    operation: exchange.operation,
    code: codeIn(exchange, code),
    status: exchange.status,
    requestId: identifierIn(exchange, requestIdIn(exchange, requestIdOf(root))),
    detail: shown(exchange, withoutEcho(message)),
    category,
    retryable: retry !== undefined,
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
  result: Expected<Response>
): Result.Result<Response, StsApiError | StsResponseError> => {
  const contentType = exchange.headers["content-type"]
  if (contentType !== undefined && !plausibleType.test(contentType)) {
    return Result.fail(notSts(exchange, "ContentType", "it is not XML"))
  }
  const usual = succeeded(exchange) ? scanReply(exchange.operation, result.output, exchange.body) : undefined
  if (usual !== undefined) return responseOf(exchange, result, usual)
  const parsed = parse(exchange.body)
  if (Result.isSuccess(parsed)) return responseIn(exchange, parsed.success, result)
  const { offset, reason } = parsed.failure
  return Result.fail(
    notSts(exchange, "Malformed", `it is not XML as the service writes it: ${reason} at ${offset}`)
  )
}

const responseIn = <Response>(
  exchange: Exchange,
  root: Element,
  result: Expected<Response>
): Result.Result<Response, StsApiError | StsResponseError> => {
  const error = errorOf(root)
  if (error !== undefined) return Result.fail(refusal(exchange, root, error))
  if (!succeeded(exchange)) return Result.fail(notSts(exchange, "Malformed", "it has no error code"))
  const fields = resultOf(exchange.operation, result.output, root)
  if (Result.isFailure(fields)) {
    const { path, reason } = fields.failure
    const named = path === root.name
    return Result.fail(notSts(exchange, named ? "Malformed" : "Incomplete", `${path} ${reason}`))
  }
  return responseOf(exchange, result, { ...(fields.success as object), requestId: requestIdOf(root) })
}

const responseOf = <Response>(
  exchange: Exchange,
  { response }: Expected<Response>,
  fields: ReplyFields
): Result.Result<Response, StsResponseError> => {
  fields.requestId = requestIdIn(exchange, fields.requestId)
  const made = response(fields)
  if (Result.isSuccess(made)) return Result.succeed(made.success)
  const issues = issuesOf(made.failure.issue).map(({ field, rule }) => `${field} ${rule}`)
  return Result.fail(notSts(exchange, "Incomplete", issues.join("; ")))
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
  Result.match(parse(body), { onFailure: () => undefined, onSuccess: (root) => bare(errorOf(root)?.code) })

/** The code of a refusal, if it has one. Header names are in lower case. */
export const refusalCode = (headers: Readonly<Record<string, string>>, body: string): string | undefined =>
  bare(headers["x-amzn-errortype"]) ?? (body.trimStart().startsWith("<") ? inXml(body) : inJson(body))
