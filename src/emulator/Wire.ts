/** Requests and replies as the emulator sees them, whether they came over a socket or not. */
import type { Parameters } from "../protocol/percentEncoding.js"

/** One request. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  /** The query as it was sent, without its question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** One reply. `content-length` is left to whoever sends it. */
export interface WireReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const utf8 = new TextDecoder()

/** The body as UTF-8. */
export const bodyText = (request: WireRequest): string => utf8.decode(request.body)

/** Names and values of a query or form; of a name that comes twice, the last. */
export const decodeForm = (text: string): Parameters => Object.fromEntries(new URLSearchParams(text))

/** The type of the body, without its parameters, in lower case. */
export const mediaType = ({ headers }: WireRequest): string =>
  (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? ""

const isScalar = (entry: [string, unknown]): entry is [string, string | number | boolean] =>
  ["string", "number", "boolean"].includes(typeof entry[1])

/** The texts, numbers and truth values of an object in JSON; nothing where it is no such object. */
export const decodeJson = (text: string): Parameters | undefined => {
  try {
    const entries: Array<[string, unknown]> = Object.entries(JSON.parse(text))
    return Object.fromEntries(entries.filter(isScalar).map(([name, value]) => [name, String(value)]))
  } catch {
    return undefined
  }
}

/** A reply in JSON, at a time in milliseconds since 1970. */
export const jsonReply = (
  now: number,
  status: number,
  content: object,
  headers: WireReply["headers"] = {}
): WireReply => ({
  status,
  headers: { "content-type": "application/json", date: new Date(now).toUTCString(), ...headers },
  body: JSON.stringify(content)
})

/** A reply in plain text, at a time in milliseconds since 1970. */
export const textReply = (
  now: number,
  status: number,
  body: string,
  headers: WireReply["headers"] = {}
): WireReply => ({
  status,
  headers: { "content-type": "text/plain", date: new Date(now).toUTCString(), ...headers },
  body
})

/** How a reply travels: whole, late, in pieces or not at all. */
export interface Delivery {
  readonly reply: WireReply
  /** Before anything is sent. */
  readonly delayMillis: number
  /** Between the beginning of the headers and their end. */
  readonly headersMillis: number
  /** Between the headers and the end of the body. */
  readonly bodyMillis: number
  /** Bytes of the body after which the connection is reset; `headers` if not even those are sent. */
  readonly resetAfter: number | "headers" | undefined
}

/** A reply without any fault. */
export const whole = (reply: WireReply): Delivery => ({
  reply,
  delayMillis: 0,
  headersMillis: 0,
  bodyMillis: 0,
  resetAfter: undefined
})
