/** From a platform request to what goes on the wire, and back from its outcome. */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import {
  BufferedResponse,
  ExchangeFault,
  make as makeBuffered,
  noBody,
  noReply,
  type Outcome,
  type Post,
  type UnderWay
} from "../services/BufferedClient.js"
import { DirectConnection, urlOf, userAgent } from "../services/HttpRequest.js"
import { type ClientError, withoutReply } from "../services/platformHttp.js"
import { RequestPolicy } from "../services/RequestPolicy.js"
import type { ProxyFor } from "./clientOptions.js"
import type { Endpoint, Proxy } from "./connections.js"
import type { WireRequest } from "./exchange.js"

/** Where a URL leads, and what is the same for all that goes there. */
export interface Target extends Endpoint {
  readonly authority: string
  readonly path: string
  /** The scheme and {@link Target.authority}. */
  readonly origin: string
  readonly proxy: Proxy | undefined
}

/** Prepares for the wire, as the context of who sends has it. */
export interface Prepare {
  /** A request of the platform's, or why it cannot go there. */
  readonly request: (
    request: HttpClientRequest.HttpClientRequest,
    context: Context.Context<never>
  ) => Result.Result<WireRequest, ClientError>
  /** A POST of a form; nothing where no request can go to the URL. */
  readonly form: (
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    context: Context.Context<never>
  ) => WireRequest | undefined
}

const parseTarget = (text: string, proxyFor: ProxyFor): Target | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const secure = url.protocol === "https:"
  const named = url.username !== "" || url.password !== ""
  if (named || !(secure || url.protocol === "http:")) return undefined
  const endpoint: Endpoint = {
    secure,
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port)
  }
  return {
    ...endpoint,
    authority: url.host,
    path: url.pathname + url.search,
    origin: url.origin,
    proxy: proxyFor(endpoint)
  }
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string | Uint8Array | undefined | null => {
  if (body._tag === "Empty") return undefined
  if (body._tag === "Uint8Array") return body.body
  return body._tag === "Raw" && (typeof body.body === "string" || body.body instanceof Uint8Array)
    ? body.body
    : null
}

// Whose requests have no body, and do not say so.
const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"])

const none: ReadonlyArray<string> = []

/** Headers as they are written: no client then has to put them in an object and take them out of it again. */
const linesOf = (
  authority: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | undefined,
  more: ReadonlyArray<string> = none
): ReadonlyArray<string> => {
  const lines = headers["host"] === undefined ? ["host", authority, ...more] : [...more]
  for (const name in headers) {
    if (name !== "content-length") lines.push(name, headers[name] as string)
  }
  if (body !== undefined) lines.push("content-length", String(Buffer.byteLength(body)))
  else if (!bodiless.has(method)) lines.push("content-length", "0")
  return lines
}

const refused = (
  request: HttpClientRequest.HttpClientRequest,
  reason: "InvalidUrl" | "Encode",
  description: string
) => Result.fail(withoutReply(request, reason, { description }))

const agent = Object.entries(userAgent).flat()

/** Prepares the requests of one client. URLs with a user name are refused: it would be lost silently. */
export const makePrepare = (proxyFor: ProxyFor): Prepare => {
  // A client mostly calls one URL over and over.
  let lastUrl: string | undefined
  let lastTarget: Target | undefined
  const targetOf = (url: string): Target | undefined => {
    if (url !== lastUrl) {
      lastTarget = parseTarget(url, proxyFor)
      lastUrl = url
    }
    return lastTarget
  }
  const outgoing = (
    { authority, host, origin, path, port, proxy, secure }: Target,
    method: string,
    headers: ReadonlyArray<string>,
    body: string | Uint8Array | undefined,
    context: Context.Context<never>
  ): WireRequest => {
    const { connectTimeout, maxReplyBytes } = Context.get(context, RequestPolicy)
    return {
      method,
      secure,
      host,
      port,
      authority,
      origin,
      path,
      proxy: proxy !== undefined && Context.get(context, DirectConnection) ? undefined : proxy,
      headers,
      body,
      connectTimeout,
      maxReplyBytes
    }
  }
  return {
    request: (request, context) => {
      const target = targetOf(urlOf(request) ?? "")
      if (target === undefined) return refused(request, "InvalidUrl", "not an http: or https: URL")
      const body = bodyOf(request)
      if (body === null) return refused(request, "Encode", "only bytes and text can be sent")
      const { headers, method } = request
      const lines = linesOf(target.authority, method, headers, body)
      return Result.succeed(outgoing(target, method, lines, body, context))
    },
    form: (url, headers, body, context) => {
      const target = targetOf(url)
      if (target === undefined) return undefined
      return outgoing(target, "POST", linesOf(target.authority, "POST", headers, body, agent), body, context)
    }
  }
}

/** What an outcome is to the caller. */
export const toExit = (
  request: HttpClientRequest.HttpClientRequest,
  outcome: Outcome
): Exit.Exit<BufferedResponse, ClientError> => {
  switch (outcome.kind) {
    case "reply":
      return Exit.succeed(new BufferedResponse(request, outcome.status, outcome.headers, outcome.body))
    case "unsendable":
      return Exit.fail(withoutReply(request, "Encode", { cause: new ExchangeFault(outcome.code) }))
    case "noReply":
      return Exit.fail(noReply(request, outcome.code))
    case "noBody":
      return Exit.fail(noBody(request, outcome.status, outcome.headers, outcome.code))
  }
}

/**
 * Begins a call and waits until it settles; an interrupted fiber aborts it. `begin` must not settle at once.
 *
 * `Effect.async` with a canceler does nearly this. But it can be interrupted between beginning and waiting, where the
 * fiber gives way to others, and then nobody aborts the call.
 */
const awaiting = <A, E>(
  begin: (settle: (exit: Exit.Exit<A, E>) => void) => () => void
): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) => {
    let settled: Exit.Exit<A, E> | undefined
    let settle = (exit: Exit.Exit<A, E>): void => {
      settled = exit
    }
    const abort = begin((exit) => settle(exit))
    const settling = Effect.callback<A, E>((resume) => {
      if (settled !== undefined) resume(settled)
      else settle = resume
    })
    return Effect.catchCause(restore(settling), (cause) => {
      abort()
      return Effect.failCause(cause)
    })
  })

/** Sends what is prepared and tells the outcome once, later. */
type Send = (outgoing: WireRequest, done: (outcome: Outcome) => void) => UnderWay

const sender =
  (prepare: Prepare["request"], send: Send) =>
  (request: HttpClientRequest.HttpClientRequest): Effect.Effect<BufferedResponse, ClientError> =>
    Effect.withFiber((fiber) => {
      const prepared = prepare(request, fiber.context)
      if (Result.isFailure(prepared)) return Effect.fail(prepared.failure)
      return awaiting<BufferedResponse, ClientError>((settle) => {
        const call = send(prepared.success, (outcome) => settle(toExit(request, outcome)))
        return () => call.abort()
      })
    })

const poster =
  ({ form }: Prepare, send: Send): Post =>
  (url, headers, body, context, sender) => {
    const outgoing = form(url, headers, body, context)
    if (outgoing !== undefined) return send(outgoing, (outcome) => sender.settle(outcome))
    queueMicrotask(() => sender.settle({ kind: "unsendable", code: "ERR_INVALID_URL" }))
    return { abort: () => undefined }
  }

/** The client of a program, given how what is prepared is sent. It posts forms directly. */
export const makeClient = (proxyFor: ProxyFor, send: Send): HttpClient.HttpClient => {
  const prepare = makePrepare(proxyFor)
  return makeBuffered(sender(prepare.request, send), poster(prepare, send))
}
