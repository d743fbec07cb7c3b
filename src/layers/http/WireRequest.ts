/** From a platform request to what goes on the wire, and back from its outcome. */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { makeBuffered, type Outcome, type Post, type UnderWay } from "../../services/Client.js"
import { BufferedResponse, ExchangeFault, noBody, noReply } from "../../services/HttpReply.js"
import { DirectConnection, urlOf, userAgent } from "../../services/HttpRequest.js"
import { type ClientError, withoutReply } from "../../services/platformHttp.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"

/** What is the same for all exchanges of a client. It is plain data. */
export interface Settings {
  /** PEM certificates to trust instead of the system's. */
  readonly ca: ReadonlyArray<string> | undefined
  /** The client's own certificate in PEM, its key, and what that is encrypted with. Hosts may ask for it, proxies not. */
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly passphrase: string | undefined
  /** The address of this machine that connections are made from. */
  readonly localAddress: string | undefined
  /** The fault codes that no system call reports. */
  readonly codes: { readonly connectTimeout: string; readonly proxy: string; readonly replyTooLarge: string }
}

/** Somewhere to connect to. It is plain data. */
export interface Endpoint {
  /** Whether the connection is TLS. */
  readonly secure: boolean
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
}

/** A proxy and the credentials that it asks for. It is plain data. */
export interface Proxy extends Endpoint {
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined
  /** What a SOCKS5 proxy is told, and where the package that speaks to it is; absent for HTTP proxies. */
  readonly socks?: SocksAccess | undefined
}

/** How a SOCKS5 proxy is spoken to. It is plain data. */
export interface SocksAccess {
  /** The file of the `socks` package. */
  readonly path: string
  readonly user: string | undefined
  readonly password: string | undefined
  /** Whether the proxy resolves names. */
  readonly resolves: boolean
}

/** The way of a request: where it goes first. It is plain data. */
interface Route extends Endpoint {
  /** The same as a URL. */
  readonly origin: string
  /** Path and query; the whole URL for a proxy that sends it on. */
  readonly path: string
  /** Whose tunnel leads there. */
  readonly proxy: Proxy | undefined
}

/** A request. It is plain data. */
export interface WireRequest extends Route {
  readonly method: string
  /** Names and values in turn, as they are written; the host and the length of the body among them. */
  readonly headers: ReadonlyArray<string>
  readonly body: string | Uint8Array | undefined
  /** Milliseconds in which a new connection must be ready. */
  readonly connectTimeout: number
  readonly maxReplyBytes: number
}

/** Finds the proxy for a host. */
export type ProxyFor = (host: Endpoint) => Proxy | undefined

/** Where a URL leads, and what is the same for all that goes there. */
interface Target {
  /** The host as a URL has it, with the port unless it is the scheme's own. */
  readonly authority: string
  readonly direct: Route
  /** By the proxy, if there is one. */
  readonly usual: Route
  /** The lines that a proxy which sends requests on wants beside. */
  readonly proxyLines: ReadonlyArray<string>
}

/** Prepares for the wire, as the sender's context has it. */
export interface Prepare {
  /** A request of the platform's, or why it cannot go there. */
  readonly request: (
    request: HttpClientRequest.HttpClientRequest,
    context: Context.Context<never>
  ) => Result.Result<WireRequest, ClientError>
  /** A POST of a form; undefined where no request can go to the URL. */
  readonly form: (
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    context: Context.Context<never>
  ) => WireRequest | undefined
}

const none: ReadonlyArray<string> = []

const parseTarget = (text: string, proxyFor: ProxyFor): Target | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const secure = url.protocol === "https:"
  const named = url.username !== "" || url.password !== ""
  if (named || !(secure || url.protocol === "http:")) return undefined
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname
  const endpoint: Endpoint = { secure, host, port: url.port === "" ? (secure ? 443 : 80) : Number(url.port) }
  const authority = url.host
  const direct = { ...endpoint, origin: url.origin, path: url.pathname + url.search, proxy: undefined }
  const proxy = proxyFor(endpoint)
  if (proxy === undefined || secure || proxy.socks !== undefined) {
    return { authority, direct, usual: { ...direct, proxy }, proxyLines: none }
  }
  const usual = {
    secure: proxy.secure,
    host: proxy.host,
    port: proxy.port,
    origin: originOf(proxy),
    path: `http://${authority}${direct.path}`,
    proxy: undefined
  }
  const { authorization } = proxy
  const proxyLines = authorization === undefined ? none : ["proxy-authorization", authorization]
  return { authority, direct, usual, proxyLines }
}

/** The URL of a proxy. */
export const originOf = ({ host, port, secure }: Proxy): string =>
  `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string | Uint8Array | undefined | null => {
  if (body._tag === "Empty") return undefined
  if (body._tag === "Uint8Array") return body.body
  return body._tag === "Raw" && (typeof body.body === "string" || body.body instanceof Uint8Array)
    ? body.body
    : null
}

// Whose requests have no body, and do not say so.
const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"])

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
    { direct, proxyLines, usual }: Target,
    method: string,
    lines: ReadonlyArray<string>,
    body: string | Uint8Array | undefined,
    context: Context.Context<never>
  ): WireRequest => {
    const { connectTimeout, maxReplyBytes } = Context.get(context, RequestPolicy)
    const isDirect = Context.get(context, DirectConnection)
    const { host, origin, path, port, proxy, secure } = isDirect ? direct : usual
    const headers = isDirect || proxyLines === none ? lines : [...lines, ...proxyLines]
    return { method, secure, host, port, origin, path, proxy, headers, body, connectTimeout, maxReplyBytes }
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
const fromAbortable = <A, E>(
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

/** Sends what is prepared and reports the outcome once, later. */
type Send = (outgoing: WireRequest, done: (outcome: Outcome) => void) => UnderWay

const sender =
  (prepare: Prepare["request"], send: Send) =>
  (request: HttpClientRequest.HttpClientRequest): Effect.Effect<BufferedResponse, ClientError> =>
    Effect.withFiber((fiber) => {
      const prepared = prepare(request, fiber.context)
      if (Result.isFailure(prepared)) return Effect.fail(prepared.failure)
      return fromAbortable<BufferedResponse, ClientError>((settle) => {
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
