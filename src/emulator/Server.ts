/**
 * The emulator on a loopback port, for any client in any language.
 *
 * @since 0.1.0
 */
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { StsConfigError } from "../schemas/StsError.js"
import * as Control from "./Control.js"
import { Emulator, type EmulatorService, make as makeEmulator, type Options } from "./Emulator.js"
import { deliver, readRequest } from "./Socket.js"

/**
 * How a server starts.
 *
 * @category models
 * @since 0.1.0
 */
export interface ServerOptions extends Options {
  /** Any free one where left out, or 0. */
  readonly port?: number | undefined
}

/**
 * Where the emulator of the program around listens.
 *
 * @category tags
 * @since 0.1.0
 */
export class EmulatorServer extends Context.Service<
  EmulatorServer,
  {
    /** For example `http://127.0.0.1:41234`. */
    readonly endpoint: string
    readonly port: number
  }
>()("effect-sts/EmulatorServer") {}

const host = "127.0.0.1"

const listen = (server: Http.Server, port: number): Effect.Effect<number, StsConfigError> =>
  Effect.callback((resume) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resume(
        new StsConfigError({
          key: "port",
          detail: `cannot be listened on: ${error.code ?? "unknown reason"}`,
          hint:
            error.code === "EADDRINUSE" ? "Another program listens there; choose another port." : undefined
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
  options: { readonly port?: number | undefined } = {}
): Effect.Effect<EmulatorServer["Service"], StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const run = yield* FiberSet.makeRuntime<never>()
    const server = Http.createServer((incoming, outgoing) => {
      const fiber = run(respond(emulator, incoming, outgoing))
      outgoing.once("close", () => fiber.interruptUnsafe(fiber.id))
    })
    const port = yield* Effect.acquireRelease(listen(server, options.port ?? 0), () => close(server))
    return { endpoint: `http://${host}:${port}`, port }
  })

/**
 * An emulator on a loopback port.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: ServerOptions = {}): Layer.Layer<Emulator | EmulatorServer, StsConfigError> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const emulator = yield* makeEmulator(options)
      const server = yield* serve(emulator, options)
      return Context.make(Emulator, emulator).pipe(Context.add(EmulatorServer, server))
    })
  )
