/**
 * HTTP replies at hand: clients that answer with the whole reply at once, as small exchanges want it (no stream, no
 * span, no tracing header, no fiber per body), and the replies of any other client, read whole and within bounds.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as UrlParams from "effect/http/UrlParams"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { pipeArguments } from "effect/Pipeable"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { urlOf } from "./HttpRequest.js"
import { type BodyError, type ClientError, undecodable, withoutReply } from "./platformHttp.js"

/** A reply whose body is at hand. */
export class BufferedResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpIncomingMessage.TypeId]: typeof HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId

  constructor(
    readonly request: HttpClientRequest.HttpClientRequest,
    readonly status: number,
    /** Names in lower case. */
    readonly rawHeaders: Readonly<Record<string, string>>,
    readonly body: Uint8Array
  ) {
    super()
  }

  get headers(): Headers.Headers {
    return Headers.fromInput(this.rawHeaders)
  }

  get url(): string {
    return urlOf(this.request) ?? this.request.url
  }

  get upgrade(): Effect.Effect<never, BodyError> {
    return Effect.fail(undecodable(this, "a buffered reply has no socket"))
  }

  get remoteAddress(): Option.Option<string> {
    return Option.none()
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.rawHeaders["set-cookie"] ?? [])
  }

  /** The body as UTF-8. */
  get bodyText(): string {
    return utf8.decode(this.body)
  }

  get text(): Effect.Effect<string, BodyError> {
    return Effect.sync(() => this.bodyText)
  }

  get json(): Effect.Effect<Schema.Json, BodyError> {
    return Effect.try({ try: () => JSON.parse(this.bodyText), catch: (cause) => undecodable(this, cause) })
  }

  get urlParamsBody(): Effect.Effect<UrlParams.UrlParams, BodyError> {
    return Effect.sync(() => UrlParams.fromInput(new URLSearchParams(this.bodyText)))
  }

  get formData(): Effect.Effect<FormData, BodyError> {
    return Effect.fail(undecodable(this, "a buffered reply has no form data"))
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, BodyError> {
    return Effect.sync(() => this.body.slice().buffer as ArrayBuffer)
  }

  get stream(): Stream.Stream<Uint8Array, BodyError> {
    return Stream.succeed(this.body)
  }

  pipe() {
    // biome-ignore lint/complexity/noArguments: pipeArguments takes nothing else.
    return pipeArguments(this, arguments)
  }

  /** The reply's outline, without headers or body. */
  toJSON(): unknown {
    return { _id: "effect-sts/BufferedResponse", status: this.status, bytes: this.body.length }
  }
}

const utf8 = new TextDecoder()

/**
 * Why a {@link makeBuffered}-made client has no reply: a system code such as `ECONNREFUSED`, or one of this package's own.
 * It holds nothing of the request.
 */
export class ExchangeFault extends Error {
  constructor(
    /** A system code such as `ECONNREFUSED`, or one of this package's own. */
    readonly code: string
  ) {
    super(code)
  }
}

/** The codes that no system call reports. */
export const faultCodes = {
  /** No connection within the policy's `connectTimeout`. */
  connectTimeout: "ERR_CONNECT_TIMEOUT",
  /** The proxy answered the tunnel request with something else than 200. */
  proxy: "ERR_PROXY_REFUSED",
  /** A step of the application's client has read the body, and nothing of it is left. */
  bodyTaken: "ERR_BODY_TAKEN",
  /** More than the policy's `maxReplyBytes`. */
  replyTooLarge: "ERR_REPLY_TOO_LARGE",
  /** The blocking worker ended while a request was under way. */
  worker: "ERR_WORKER_DIED"
} as const

/** A failure without a reply. */
export const noReply = (request: HttpClientRequest.HttpClientRequest, code: string): ClientError =>
  withoutReply(request, "Transport", { cause: new ExchangeFault(code) })

/**
 * A failure after the reply's headers: its body was given up, because it grew over the policy's `maxReplyBytes` or
 * the connection was cut.
 */
export const noBody = (
  request: HttpClientRequest.HttpClientRequest,
  status: number,
  rawHeaders: Readonly<Record<string, string>>,
  code: string
): BodyError =>
  undecodable(new BufferedResponse(request, status, rawHeaders, new Uint8Array()), new ExchangeFault(code))

/** How an exchange ended. It is plain data. */
export type Outcome =
  | {
      readonly kind: "reply"
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array
    }
  /** Such a request cannot be written, for example for a character in a header. */
  | { readonly kind: "unsendable"; readonly code: string }
  | { readonly kind: "noReply"; readonly code: string }
  | {
      readonly kind: "noBody"
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly code: string
    }

/** An exchange under way. */
export interface UnderWay {
  /** Gives the exchange up: its connection is closed and no outcome told. */
  readonly abort: () => void
}

/** Who is told the outcome of an exchange. */
export interface Sender {
  readonly settle: (outcome: Outcome) => void
}

/**
 * Posts a form, needing neither a fiber nor a request of the platform's, and tells the outcome once, later.
 */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  context: Context.Context<never>,
  sender: Sender
) => UnderWay

const bare = new WeakMap<HttpClient.HttpClient, Post | undefined>()

/**
 * Whether a client is one of {@link makeBuffered}'s that nobody has decorated: it adds nothing to what it is given.
 */
export const isBare = (client: HttpClient.HttpClient): boolean => bare.has(client)

/** How a client posts forms directly, where nobody has decorated it and it can. */
export const postOf = (client: HttpClient.HttpClient): Post | undefined => bare.get(client)

/** A question that no client sends: who prepares it last says who that is. Its body tells it from its copies. */
const question = HttpClientRequest.post("/", { body: HttpBody.raw("who sends?") })
let answer: HttpClient.HttpClient | undefined

/** The client of {@link makeBuffered}'s at the bottom of a decorated one, if there is one. */
export const senderOf = (client: HttpClient.HttpClient): HttpClient.HttpClient | undefined => {
  if (isBare(client)) return client
  answer = undefined
  try {
    ;(client as { preprocess?: (request: HttpClientRequest.HttpClientRequest) => unknown }).preprocess?.(
      question
    )
  } catch {
    // A step of somebody else's, which expects other requests.
  }
  return answer
}

/**
 * Makes a client from a function that sends one request and answers with the whole reply, and from one that posts forms
 * directly, where there is one.
 */
export const makeBuffered = (
  send: (request: HttpClientRequest.HttpClientRequest) => Effect.Effect<BufferedResponse, ClientError>,
  post?: Post
): HttpClient.HttpClient => {
  const client = HttpClient.makeWith<never, never, ClientError, never>(
    Effect.flatMap((request) =>
      Effect.withFiber<HttpClientResponse.HttpClientResponse, ClientError>((fiber) => {
        // Who sends secrets through a decorated client is asked before each request, by the platform's clients too.
        fiber.getRef(HttpClient.TracerDisabledWhen)(request)
        return send(request)
      })
    ),
    (request) => {
      if (request.body === question.body) answer = client
      return Effect.succeed(request)
    }
  )
  bare.set(client, post)
  return client
}

/** A reply at hand. Header names are in lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The reply that an exchange ended with. */
export const replyOf = ({ body, headers, status }: Extract<Outcome, { readonly kind: "reply" }>): Reply => ({
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
export const readReply = (
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
