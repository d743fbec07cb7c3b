/**
 * The emulator on a loopback port, for any client in any language.
 *
 * @since 0.1.0
 */
import * as Http from "node:http"
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import type { AddressInfo } from "node:net"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { StsConfigError } from "../schemas/StsError.js"
import { filled } from "../services/setting.js"
import * as Control from "./Control.js"
import { Emulator, type EmulatorService, make as makeEmulator, type Options } from "./Emulator.js"
import type { Delivery } from "./Faults.js"
import type { WireReply, WireRequest } from "./Service.js"

const maxRequestBytes = 1024 * 1024

const headersOf = (incoming: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")])
  )

/** Reads a request to its end. */
const readRequest = (incoming: IncomingMessage): Effect.Effect<WireRequest> =>
  Effect.callback((resume) => {
    const chunks: Array<Uint8Array> = []
    let bytes = 0
    incoming.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes > maxRequestBytes) incoming.destroy()
      else chunks.push(chunk)
    })
    incoming.once("error", () => resume(Effect.interrupt))
    incoming.once("end", () => {
      const [path = "/", query = ""] = split(incoming.url ?? "/")
      resume(
        Effect.succeed({
          method: incoming.method ?? "GET",
          path,
          query,
          headers: headersOf(incoming),
          body: Buffer.concat(chunks)
        })
      )
    })
  })

const split = (target: string): ReadonlyArray<string> => {
  const mark = target.indexOf("?")
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)]
}

const reset = (outgoing: ServerResponse): Effect.Effect<void> =>
  Effect.sync(() => {
    outgoing.socket?.resetAndDestroy()
  })

const write = (send: (done: () => void) => void): Effect.Effect<void> =>
  Effect.callback((resume) => send(() => resume(Effect.void)))

const headOf = ({ headers, status }: WireReply, length: number): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries({ ...headers, "content-length": String(length), connection: "close" }).map(
      ([name, value]) => `${name}: ${value}`
    )
  ].join("\r\n")

// node:http sends headers in one piece, so slow ones are written past it, and their connection ends with them.
const deliverSlowly = (
  reply: WireReply,
  body: Buffer,
  millis: number,
  { socket }: ServerResponse
): Effect.Effect<void> =>
  Effect.gen(function* () {
    if (socket === null) return
    const head = headOf(reply, body.length)
    const half = Math.floor(head.length / 2)
    yield* write((done) => socket.write(head.slice(0, half), done))
    yield* Effect.sleep(millis)
    yield* write((done) =>
      socket.end(Buffer.concat([Buffer.from(`${head.slice(half)}\r\n\r\n`), body]), done)
    )
  })

/** Sends a reply the way it is to travel. */
const deliver = (delivery: Delivery, outgoing: ServerResponse): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { bodyMillis, delayMillis, headersMillis, reply, resetAfter } = delivery
    const body = Buffer.from(reply.body, "utf8")
    if (delayMillis > 0) yield* Effect.sleep(delayMillis)
    if (resetAfter === "headers") return yield* reset(outgoing)
    if (headersMillis > 0) return yield* deliverSlowly(reply, body, headersMillis, outgoing)
    outgoing.sendDate = false
    outgoing.writeHead(reply.status, { ...reply.headers, "content-length": body.length })
    if (resetAfter !== undefined) {
      yield* write((done) => outgoing.write(body.subarray(0, resetAfter), done))
      return yield* reset(outgoing)
    }
    if (bodyMillis > 0) {
      const half = Math.floor(body.length / 2)
      yield* write((done) => outgoing.write(body.subarray(0, half), done))
      yield* Effect.sleep(bodyMillis)
      return yield* write((done) => outgoing.end(body.subarray(half), done))
    }
    yield* write((done) => outgoing.end(body, done))
  })

/**
 * Options of the server.
 *
 * @category models
 * @since 0.1.0
 */
export interface ServerOptions extends Options {
  /** The port to listen on. Default: 0, any free port. */
  readonly port?: number | undefined
  /**
   * The address to listen on. Default: `127.0.0.1`, which no other machine reaches. The control API answers to this
   * machine's own names alone.
   */
  readonly host?: string | undefined
}

/**
 * Where the emulator that is provided listens.
 *
 * @category tags
 * @since 0.1.0
 */
export class EmulatorServer extends Context.Service<
  EmulatorServer,
  {
    /** For example `http://127.0.0.1:41234`. */
    readonly endpoint: string
    /** The port that it listens on. */
    readonly port: number
  }
>()("effect-sts/EmulatorServer") {}

const loopback = "127.0.0.1"

/** How who stands on this machine calls an address. */
const calledHere = (host: string): string => {
  if (host === "0.0.0.0" || host === "::") return loopback
  return host.includes(":") ? `[${host}]` : host
}

const listen = (server: Http.Server, port: number, host: string): Effect.Effect<number, StsConfigError> =>
  Effect.callback((resume) => {
    if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
      return resume(new StsConfigError({ key: "port", detail: "must be a whole number from 0 to 65535" }))
    server.once("error", (error: NodeJS.ErrnoException) => {
      resume(
        error.code === "EADDRINUSE" || error.code === "EACCES"
          ? new StsConfigError({
              key: "port",
              detail: `is ${port}, which is not available: ${error.code}`,
              hint: "Choose another port, or leave it out."
            })
          : new StsConfigError({
              key: "host",
              detail: `is no address of this machine: ${error.code ?? "unknown reason"}`,
              hint: "Use 127.0.0.1, or 0.0.0.0 for all addresses."
            })
      )
    })
    server.listen(port, host, () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })

const close = (server: Http.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    // Idle keep-alive connections would hold the server open.
    server.closeAllConnections()
  })

const respond = (
  emulator: EmulatorService,
  incoming: Http.IncomingMessage,
  outgoing: Http.ServerResponse
): Effect.Effect<void> =>
  Effect.gen(function* () {
    const request = yield* readRequest(incoming)
    const delivery = Control.isControl(request)
      ? yield* Control.handle(emulator, request)
      : yield* emulator.handle(request)
    yield* deliver(delivery, outgoing)
  })

/**
 * Serves an emulator until the scope closes; then every connection is closed too.
 *
 * @category constructors
 * @since 0.1.0
 */
export const serve = (
  emulator: EmulatorService,
  options: {
    /** 0 to 65535. Default: any free port. */
    readonly port?: number | undefined
    /** The address to listen on. Default: `127.0.0.1`. */
    readonly host?: string | undefined
  } = {}
): Effect.Effect<EmulatorServer["Service"], StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const run = yield* FiberSet.makeRuntime<never>()
    const server = Http.createServer((incoming, outgoing) => {
      const fiber = run(respond(emulator, incoming, outgoing))
      outgoing.once("close", () => fiber.interruptUnsafe(fiber.id))
    })
    // Node takes an empty address for all of them.
    const host = filled(options.host) ?? loopback
    const port = yield* Effect.acquireRelease(listen(server, options.port ?? 0, host), () => close(server))
    return { endpoint: `http://${calledHere(host)}:${port}`, port }
  })

/**
 * What {@link layer} is, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: ServerOptions): Layer.Layer<Emulator | EmulatorServer, StsConfigError> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const emulator = yield* makeEmulator(options)
      const server = yield* serve(emulator, options)
      return Context.make(Emulator, emulator).pipe(Context.add(EmulatorServer, server))
    })
  )

/**
 * An emulator on a loopback port.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Emulator | EmulatorServer, StsConfigError> = /* @__PURE__ */ layerWith({})
