/**
 * Requests and replies as the emulator sees them, whether they came over a socket or not.
 *
 * @since 0.1.0
 */
import type { Parameters } from "../protocol/percentEncoding.js"

/**
 * One request.
 *
 * @category models
 * @since 0.1.0
 */
export interface WireRequest {
  readonly method: string
  readonly path: string
  /** The query as it was sent, without its question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * One reply. `content-length` is left to whoever sends it.
 *
 * @category models
 * @since 0.1.0
 */
export interface WireReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const utf8 = new TextDecoder()

/**
 * The body as UTF-8.
 *
 * @category combinators
 * @since 0.1.0
 */
export const bodyText = (request: WireRequest): string => utf8.decode(request.body)

/**
 * Names and values of a query or form; of a name that comes twice, the last.
 *
 * @category combinators
 * @since 0.1.0
 */
export const decodeForm = (text: string): Parameters => Object.fromEntries(new URLSearchParams(text))
