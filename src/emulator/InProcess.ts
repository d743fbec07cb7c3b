/** The emulator as an HTTP client: no socket, and every wait by Effect's Clock. */

import * as Effect from "effect/Effect"
import type * as HttpBody from "effect/http/HttpBody"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { BufferedResponse, make, noBody, noReply } from "../services/BufferedClient.js"
import { type ClientError, withoutReply } from "../services/clientError.js"
import { parsedUrlOf } from "../services/HttpRequest.js"
import type { Delivery } from "./Delivery.js"
import type { WireRequest } from "./Wire.js"

type ClientRequest = HttpClientRequest.HttpClientRequest

const utf8 = new TextEncoder()

const bytesOf = (body: HttpBody.HttpBody): Uint8Array | undefined => {
  switch (body._tag) {
    case "Empty":
      return new Uint8Array()
    case "Uint8Array":
      return body.body
    case "Raw":
      return typeof body.body === "string" ? utf8.encode(body.body) : undefined
    default:
      return undefined
  }
}

const wireOf = (request: ClientRequest): Result.Result<WireRequest, ClientError> =>
  Result.gen(function* () {
    const url = yield* Result.fromNullishOr(parsedUrlOf(request), () => withoutReply(request, "InvalidUrl"))
    const body = yield* Result.fromNullishOr(bytesOf(request.body), () => withoutReply(request, "Encode"))
    const type = "contentType" in request.body ? request.body.contentType : undefined
    return {
      method: request.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: {
        host: url.host,
        ...(type === undefined ? undefined : { "content-type": type }),
        ...request.headers
      },
      body
    }
  })

const receive = (
  request: ClientRequest,
  { bodyMillis, delayMillis, headersMillis, reply, resetAfter }: Delivery
): Effect.Effect<BufferedResponse, ClientError> =>
  Effect.gen(function* () {
    const body = utf8.encode(reply.body)
    const headers = { ...reply.headers, "content-length": String(body.length) }
    const wait = delayMillis + headersMillis + bodyMillis
    if (wait > 0) yield* Effect.sleep(wait)
    if (resetAfter === "headers") return yield* noReply(request, "ECONNRESET")
    if (resetAfter !== undefined) return yield* noBody(request, reply.status, headers, "ECONNRESET")
    return new BufferedResponse(request, reply.status, headers, body)
  })

/** A client whose every request the given handler answers, whatever host it is for. */
export const makeClient = (
  handle: (request: WireRequest) => Effect.Effect<Delivery>
): HttpClient.HttpClient =>
  make((request) =>
    Effect.flatMap(Effect.fromResult(wireOf(request)), (wire) =>
      Effect.flatMap(handle(wire), (delivery) => receive(request, delivery))
    )
  )
