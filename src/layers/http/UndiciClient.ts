/**
 * An HTTP client over undici, for throughput: as `src/layers/http/NodeClient.ts`, with the same options and faults.
 *
 * @since 0.1.0
 */
import dns from "node:dns"
import * as NodeModule from "node:module"
import net from "node:net"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from "undici"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { Outcome, UnderWay } from "../../services/Client.js"
import * as Client from "../../services/Client.js"
import { faultCodes } from "../../services/HttpReply.js"
import { type ClientOptions, check } from "./clientOptions.js"
import { makeSocks, type OpenThroughSocks } from "./nodeExchange.js"
import { makeClient, originOf, type Proxy, type Settings, type WireRequest } from "./WireRequest.js"

type Connect = buildConnector.BuildOptions & { readonly timeout: number }

/** Through a SOCKS proxy: the socket first, TLS on top of it where the host speaks it. */
const socksConnector = (proxy: Proxy, connect: Connect, open: OpenThroughSocks): buildConnector.connector => {
  const secure = buildConnector(connect)
  return (options, opened) => {
    const { hostname, port, protocol } = options
    const plainPort = protocol === "https:" ? 443 : 80
    const target = { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? plainPort : Number(port) }
    open(proxy, target, connect.timeout, { tunnel: undefined }, (error, socket) => {
      if (error !== null || socket === undefined) opened(error ?? new Error("no socket"), null)
      else if (protocol === "https:") secure({ ...options, httpSocket: socket }, opened)
      else opened(null, socket)
    })
  }
}

/**
 * A client's dispatchers: undici binds the connect timeout and the tunnel's proxy to one, so there is one for each that
 * is asked for.
 */
class Dispatchers {
  private readonly opened = new Map<string, Dispatcher>()
  private last: { readonly timeout: number; readonly dispatcher: Dispatcher } | undefined
  private readonly throughSocks: OpenThroughSocks

  constructor(private readonly settings: Settings) {
    this.throughSocks = makeSocks(
      { net, dns, load: (path) => NodeModule.createRequire(path)(path) },
      settings
    )
  }

  /** The dispatcher for new connections that must be ready in time, through a proxy's tunnel if any. */
  get(connectTimeout: number, tunnel: Proxy | undefined): Dispatcher {
    if (tunnel === undefined && this.last?.timeout === connectTimeout) return this.last.dispatcher
    const dispatcher = this.find(connectTimeout, tunnel)
    if (tunnel === undefined) this.last = { timeout: connectTimeout, dispatcher }
    return dispatcher
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((dispatcher) => dispatcher.destroy()))
  }

  private find(connectTimeout: number, tunnel: Proxy | undefined): Dispatcher {
    const key = `${connectTimeout} ${JSON.stringify(tunnel)}`
    const known = this.opened.get(key)
    if (known !== undefined) return known
    const made = this.make(Math.max(1, Math.min(connectTimeout, 2_147_483_647)), tunnel)
    this.opened.set(key, made)
    return made
  }

  private make(timeout: number, tunnel: Proxy | undefined): Dispatcher {
    const { ca, cert, key, localAddress, passphrase } = this.settings
    const local = localAddress === undefined ? {} : { localAddress }
    // Said outright, so that no variable of the environment makes it otherwise.
    const proxyTls = { timeout, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...ca] }) }
    const connect: Connect = {
      ...proxyTls,
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
      ...(passphrase === undefined ? {} : { passphrase })
    }
    if (tunnel === undefined) return new Agent({ connect, ...local })
    if (tunnel.socks !== undefined) {
      return new Agent({ connect: socksConnector(tunnel, connect, this.throughSocks) })
    }
    const { authorization } = tunnel
    return new ProxyAgent({
      uri: originOf(tunnel),
      ...(authorization === undefined ? {} : { token: authorization }),
      requestTls: connect,
      proxyTls,
      clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: timeout, ...local })
    })
  }
}

/** Undici's codes in the words of the system; `UND_ERR_ABORTED` is left to a proxy that refuses a tunnel. */
const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: faultCodes.connectTimeout,
  UND_ERR_HEADERS_TIMEOUT: faultCodes.connectTimeout,
  UND_ERR_ABORTED: faultCodes.proxy,
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_CLOSED: "ECONNRESET",
  UND_ERR_DESTROYED: "ECONNRESET"
}

const codeOf = (error: Error & { readonly code?: unknown }): string =>
  typeof error.code === "string" ? (systemCodes[error.code] ?? error.code) : "EIO"

const flat = (headers: Record<string, string | Array<string> | undefined>): Record<string, string> => {
  for (const name in headers) {
    const value = headers[name]
    if (Array.isArray(value)) headers[name] = value.join(", ")
  }
  return headers as Record<string, string>
}

class Dispatched implements Dispatcher.DispatchHandler, UnderWay {
  private controller: Dispatcher.DispatchController | undefined
  private settled = false
  private status = 0
  private headers: Readonly<Record<string, string>> = {}
  private readonly chunks: Array<Uint8Array> = []
  private left: number

  constructor(
    private readonly outgoing: WireRequest,
    private readonly done: (outcome: Outcome) => void
  ) {
    this.left = outgoing.maxReplyBytes
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.settled) controller.abort(new Error("aborted"))
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | Array<string> | undefined>
  ): void {
    this.status = status
    this.headers = flat(headers)
    if (this.outgoing.method !== "HEAD" && Number(this.headers["content-length"]) > this.left) this.tooLarge()
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.left -= chunk.length
    if (this.left < 0) this.tooLarge()
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    // Undici puts the connection back in an immediate that it asks for next; behind it a next request finds it.
    queueMicrotask(() => setImmediate(finish, this))
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const code = codeOf(error)
    if (code === "UND_ERR_INVALID_ARG") this.settle({ kind: "unsendable", code })
    else if (this.status === 0) this.settle({ kind: "noReply", code })
    else this.settle({ kind: "noBody", status: this.status, headers: this.headers, code })
  }

  finish(): void {
    const [first] = this.chunks
    const body = first !== undefined && this.chunks.length === 1 ? first : Buffer.concat(this.chunks)
    this.settle({ kind: "reply", status: this.status, headers: this.headers, body })
  }

  abort(): void {
    if (this.settled) return
    this.settled = true
    this.controller?.abort(new Error("aborted"))
  }

  private tooLarge(): void {
    const { headers, status } = this
    this.settle({ kind: "noBody", status, headers, code: faultCodes.replyTooLarge })
    this.controller?.abort(new Error("too large"))
  }

  private settle(outcome: Outcome): void {
    if (this.settled) return
    this.settled = true
    this.done(outcome)
  }
}

const finish = (call: Dispatched): void => call.finish()

/** Sends a request and reports the outcome once, later. */
const send = (
  dispatchers: Dispatchers,
  outgoing: WireRequest,
  done: (outcome: Outcome) => void
): UnderWay => {
  const { connectTimeout, origin, path, proxy } = outgoing
  const call = new Dispatched(outgoing, done)
  dispatchers.get(connectTimeout, proxy).dispatch(
    {
      method: outgoing.method as Dispatcher.HttpMethod,
      origin,
      path,
      headers: outgoing.headers as Array<string>,
      body: outgoing.body ?? null,
      headersTimeout: 0,
      bodyTimeout: 0
    },
    call
  )
  return call
}

/**
 * What can be set. Proxies come from the environment unless they are set here.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends ClientOptions {}

/**
 * The client; its connections are closed with the scope.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {}
): Effect.Effect<HttpClient.HttpClient, StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const { proxyFor, settings } = yield* check(options)
    const dispatchers = yield* Effect.acquireRelease(
      Effect.sync(() => new Dispatchers(settings)),
      (opened) => Effect.promise(() => opened.close())
    )
    return makeClient(proxyFor, (outgoing, done) => send(dispatchers, outgoing, done))
  })

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<HttpClient.HttpClient, StsConfigError> =>
  Layer.effect(HttpClient.HttpClient, Effect.map(make(options), Client.keeper()))

/**
 * The client as a layer.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<HttpClient.HttpClient, StsConfigError> = /* @__PURE__ */ layerWith({})
