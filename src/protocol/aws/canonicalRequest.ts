/**
 * A request in the canonical form that AWS Signature Version 4 is made over.
 *
 * Source: "Create a signed AWS API request", IAM User Guide.
 *
 * @since 0.1.0
 */
import { hash } from "node:crypto"
import { type Pairs, percentEncode } from "../percentEncoding.js"

/**
 * A request before it is signed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Request {
  readonly method: string
  /** As it goes out. */
  readonly path: string
  /** Names and values as they are meant, not percent-encoded. */
  readonly query: Pairs
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/**
 * A SHA-256 digest in hexadecimal.
 *
 * @category signing
 * @since 0.1.0
 */
export const sha256 = (data: string | Uint8Array): string => hash("sha256", data, "hex")

/**
 * Headers by their name in lower case; the values of a name that comes more than once are joined in order.
 *
 * @category constructors
 * @since 0.1.0
 */
export const headersFrom = (pairs: Pairs): Record<string, string> => {
  const headers = new Map<string, string>()
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    const earlier = headers.get(lower)
    headers.set(lower, earlier === undefined ? value : `${earlier},${value}`)
  }
  return Object.fromEntries(headers)
}

// Headers that a proxy or client on the way may add, change or drop.
const unsigned: ReadonlySet<string> = new Set([
  "authorization",
  "cache-control",
  "connection",
  "expect",
  "from",
  "keep-alive",
  "max-forwards",
  "pragma",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id"
])

const isSigned = (name: string): boolean =>
  !unsigned.has(name) && !name.startsWith("proxy-") && !name.startsWith("sec-")

/**
 * The names of the headers that a signature covers, in order: all but those that may change on the way.
 *
 * @category signing
 * @since 0.1.0
 */
export const signedHeaderNames = (headers: Request["headers"]): ReadonlyArray<string> =>
  Object.keys(headers).filter(isSigned).sort()

const needsTrimming = /^[ \t\r\n]|[ \t\r\n]$|[ \t\r\n]{2}|[\t\r\n]/
const space = /[ \t\r\n]+/g

const trimmed = (value: string): string =>
  needsTrimming.test(value) ? value.replace(space, " ").replace(/^ | $/g, "") : value

const withoutDots = (path: string): string => {
  const segments: Array<string> = []
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop()
    else if (segment !== "" && segment !== ".") segments.push(segment)
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : ""
  return `/${segments.join("/")}${end}`
}

/**
 * A path percent-encoded once more than it goes out, without its dots and empty segments where `normalized`.
 *
 * @category signing
 * @since 0.1.0
 */
export const canonicalPath = (path: string, normalized: boolean): string => {
  if (path === "/" || path === "") return "/"
  const whole = normalized ? withoutDots(path) : path
  return whole.split("/").map(percentEncode).join("/")
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/**
 * A query by name and then value, in the order of their encoded forms.
 *
 * @category signing
 * @since 0.1.0
 */
export const canonicalQuery = (query: Pairs): string => {
  if (query.length === 0) return ""
  return query
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&")
}

/**
 * The request in its canonical form. `payload` is the body's SHA-256 in hexadecimal, or what stands for it.
 *
 * @category signing
 * @since 0.1.0
 */
export const canonicalRequest = (
  request: Omit<Request, "body">,
  names: ReadonlyArray<string>,
  payload: string,
  normalized: boolean
): string => {
  let headers = ""
  for (const name of names) headers += `${name}:${trimmed(request.headers[name] ?? "")}\n`
  return `${request.method}\n${canonicalPath(request.path, normalized)}\n${canonicalQuery(request.query)}\n${headers}\n${names.join(";")}\n${payload}`
}
