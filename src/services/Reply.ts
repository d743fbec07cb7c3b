/**
 * Replies read whole and within bounds, whatever HTTP client they come from.
 *
 * @since 0.1.0
 */
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { BufferedResponse, faultCodes, noBody } from "./BufferedClient.js"
import type { BodyError } from "./clientError.js"

/**
 * A reply at hand. Header names are in lower case.
 *
 * @category models
 * @since 0.1.0
 */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const utf8 = new TextDecoder()

const concat = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array => {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

type Source = { bodyUsed?: boolean; readableDidRead?: boolean; body?: Source } | undefined | null

/** What the platform's responses hold of a body. */
interface Held {
  readonly source?: Source
  readonly textBody?: Effect.Effect<string, BodyError>
  readonly textEffect?: Effect.Effect<string, BodyError>
  readonly arrayBufferBody?: Effect.Effect<ArrayBuffer, BodyError>
}

/** What a step of the client's, a logger perhaps, has read of a body, which no stream gives again. */
const alreadyRead = (
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<string, BodyError> | undefined => {
  const { original, ...own } = response as Held & { readonly original?: Held }
  const { arrayBufferBody, source, textBody, textEffect } = original ?? own
  if (!(source?.bodyUsed || source?.readableDidRead || source?.body?.bodyUsed)) return undefined
  const bytes = arrayBufferBody && Effect.map(arrayBufferBody, (buffer) => utf8.decode(buffer))
  return (
    textBody ??
    textEffect ??
    bytes ??
    Effect.fail(noBody(response.request, response.status, response.headers, faultCodes.bodyTaken))
  )
}

/**
 * Reads a reply of at most `maxBytes`; gives up the connection of a longer one.
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = (
  response: HttpClientResponse.HttpClientResponse,
  maxBytes: number
): Effect.Effect<Reply, BodyError> => {
  const { status } = response
  const buffered = response instanceof BufferedResponse
  const headers = buffered ? response.rawHeaders : response.headers
  const tooLarge = () => Effect.fail(noBody(response.request, status, headers, faultCodes.replyTooLarge))
  if (buffered) {
    return response.body.length > maxBytes
      ? tooLarge()
      : Effect.succeed({ status, headers, body: response.bodyText })
  }
  if (Number(headers["content-length"] ?? 0) > maxBytes) return tooLarge()
  const read = alreadyRead(response)
  if (read !== undefined) {
    return Effect.flatMap(read, (body) =>
      body.length > maxBytes ? tooLarge() : Effect.succeed({ status, headers, body })
    )
  }
  return Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let length = 0
    const collected = Stream.runForEach(response.stream, (chunk) => {
      length += chunk.length
      chunks.push(chunk)
      return length > maxBytes ? tooLarge() : Effect.void
    })
    return Effect.map(collected, () => ({ status, headers, body: utf8.decode(concat(chunks, length)) }))
  })
}
