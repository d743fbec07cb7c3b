/** Replies read whole and within bounds, whatever HTTP client they come from. */

import * as Effect from "effect/Effect"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import { BufferedResponse, faultCodes, noBody, type Outcome } from "./BufferedClient.js"
import type { BodyError } from "./platformHttp.js"

/** A reply at hand. Header names are in lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const utf8 = new TextDecoder()

/** The reply that an exchange ended with. */
export const of = ({ body, headers, status }: Extract<Outcome, { readonly kind: "reply" }>): Reply => ({
  status,
  headers,
  body: utf8.decode(body)
})

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

/** That somebody has read a body. */
const isTaken = (source: Source): boolean =>
  Boolean(source?.bodyUsed || source?.readableDidRead || source?.body?.bodyUsed)

/** What the platform's responses hold of a body. */
interface Held {
  readonly source?: Source
  readonly textBody?: Effect.Effect<string, BodyError>
  readonly textEffect?: Effect.Effect<string, BodyError>
  readonly arrayBufferBody?: Effect.Effect<ArrayBuffer, BodyError>
  readonly arrayBufferEffect?: Effect.Effect<ArrayBuffer, BodyError>
}

const taken = ({ headers, request, status }: HttpClientResponse.HttpClientResponse) =>
  Effect.fail(noBody(request, status, headers, faultCodes.bodyTaken))

/** What a step of the client's, a logger perhaps, has read of a body, which no stream gives again. */
const alreadyRead = (
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<string, BodyError> | undefined => {
  const { original, ...own } = response as Held & { readonly original?: Held }
  const { arrayBufferBody, arrayBufferEffect, source, textBody, textEffect } = original ?? own
  if (!isTaken(source)) return undefined
  const buffer = arrayBufferBody ?? arrayBufferEffect
  const bytes = buffer && Effect.map(buffer, (held) => utf8.decode(held))
  return textBody ?? textEffect ?? bytes ?? taken(response)
}

/** Reads a reply of at most `maxBytes`; gives up the connection of a longer one. */
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
  const announced = Number(headers["content-length"] ?? 0)
  if (announced > maxBytes) return tooLarge()
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
    return Effect.flatMap(collected, () =>
      // A stream that was given up ends as if there were nothing more.
      length === 0 && announced > 0
        ? taken(response)
        : Effect.succeed({ status, headers, body: utf8.decode(concat(chunks, length)) })
    )
  })
}
