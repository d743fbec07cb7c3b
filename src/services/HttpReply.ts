/**
 * One exchange over whatever client a program has, decorated or not: nothing is added after signing, no redirect is
 * followed, no secret is shown, and a reply counts as one whatever the client makes of it, and is read completely and
 * within bounds.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as UrlParams from "effect/http/UrlParams"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Pipeable from "effect/Pipeable"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { isBare, type Reply } from "./Client.js"
import { type Parts, SecretRequest, urlOf } from "./HttpRequest.js"
import {
  type BodyError,
  type ClientError,
  discreet,
  Redirected,
  refusedIn,
  undecodable,
  withoutReply
} from "./platformHttp.js"

/** A reply whose body has been read. */
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

  get pipe(): Pipeable.Pipeable["pipe"] {
    return Pipeable.Prototype.pipe
  }

  /** The reply's outline, without headers or body. */
  toJSON(): unknown {
    return { _id: "effect-sts/BufferedResponse", status: this.status, bytes: this.body.length }
  }
}

const utf8 = new TextDecoder()

/**
 * Why a client of this package has no reply.
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
  /** The proxy answered the tunnel request with a status other than 200. */
  proxy: "ERR_PROXY_REFUSED",
  /** A step of the application's client has read the body, which cannot be read again. */
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
 * A failure after the reply's headers: its body was abandoned, because it grew over the policy's `maxReplyBytes` or the
 * connection was cut.
 */
export const noBody = (
  request: HttpClientRequest.HttpClientRequest,
  status: number,
  rawHeaders: Readonly<Record<string, string>>,
  code: string
): BodyError =>
  undecodable(new BufferedResponse(request, status, rawHeaders, new Uint8Array()), new ExchangeFault(code))

const concat = (chunks: ReadonlyArray<Uint8Array>, length: number): Uint8Array => {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

type Response = HttpClientResponse.HttpClientResponse

type Source = { bodyUsed?: boolean; readableDidRead?: boolean; body?: Source } | undefined | null

/** Whether a body has been read. */
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

/** What a step of the client, such as a logger, has read of a body, which no stream gives again. */
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

/** Reads a reply of at most `maxBytes`; closes the connection of a longer one. */
export const readReply = (response: Response, maxBytes: number): Effect.Effect<Reply, BodyError> => {
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
      // A stream that was abandoned ends as if there were nothing more.
      length === 0 && announced > 0
        ? taken(response)
        : Effect.succeed({ status, headers, body: utf8.decode(concat(chunks, length)) })
    )
  })
}

/** A reply, and what the client has done to the request, in words. */
export interface Answer {
  readonly reply: Reply
  readonly changes: ReadonlyArray<string>
}

/** Why there is no reply. */
export class Failure {
  readonly _tag = "Failure"
  constructor(
    /** What the client failed with, whatever that is. It may hold the request, so it is not for showing. */
    readonly error: unknown,
    readonly changes: ReadonlyArray<string>,
    /** Whether it broke rather than failed. */
    readonly broken: boolean
  ) {}
}

const wireOf = (error: unknown): HttpClientRequest.HttpClientRequest | undefined =>
  typeof error === "object" && error !== null && "request" in error
    ? (error.request as HttpClientRequest.HttpClientRequest)
    : undefined

// A foreign client over fetch may follow redirects without saying so.
const wasRedirected = (response: Response): boolean => {
  const { original, source } = response as { original?: { source?: unknown }; source?: unknown }
  const found = source ?? original?.source
  return typeof found === "object" && found !== null && "redirected" in found && found.redirected === true
}

/** Sends a request through a client and reads the reply, of at most `maxBytes`. */
export const send = (
  client: HttpClient.HttpClient,
  parts: Parts,
  maxBytes: number
): Effect.Effect<Answer, Failure> => {
  const secret = new SecretRequest(parts)
  const changesOf = (error: unknown) => {
    const wire = wireOf(error)
    return wire === undefined ? [] : secret.changes(wire)
  }
  const read = (response: Response): Effect.Effect<Answer, Failure> => {
    const changes = secret.changes(response.request)
    if (wasRedirected(response)) return Effect.fail(new Failure(new Redirected(), changes, false))
    return Effect.mapBoth(readReply(response, maxBytes), {
      onSuccess: (reply) => ({ reply, changes }),
      onFailure: (error) => new Failure(error, changes, false)
    })
  }
  if (isBare(client)) {
    return Effect.matchEffect(client.execute(secret.request), {
      onSuccess: read,
      onFailure: (error) => Effect.fail(new Failure(error, [], false))
    })
  }
  const recovered = (cause: Cause.Cause<unknown>): Effect.Effect<Answer, Failure> => {
    const error = Cause.squash(cause)
    const response = refusedIn(error)
    return response === undefined
      ? Effect.fail(new Failure(error, changesOf(error), !Cause.hasFails(cause)))
      : read(response)
  }
  const whole = HttpClient.mapRequest(client, (mapped) => secret.complete(mapped))
  return discreet(
    Effect.suspend(() => whole.execute(secret.outline)).pipe(
      Effect.matchCauseEffect({ onSuccess: read, onFailure: recovered }),
      // What it gave as a response was not one.
      Effect.catchDefect((defect) => Effect.fail(new Failure(defect, [], true)))
    ),
    false,
    (request) => secret.follows(request)
  )
}
