/**
 * The person's side of signing in, on Node: the system's browser, and an address of this machine.
 *
 * @since 0.1.0
 */
import { spawn } from "node:child_process"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { platform } from "node:os"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { pageOf, type Redirect, redirectIn, type Stray } from "../protocol/oauth.js"
import { StsConfigError } from "../schemas/StsError.js"
import { timeLimit } from "../services/fiber.js"
import { Browser, type Listening, type ListenOptions, LoopbackListener } from "../services/SignIn.js"
import { settings } from "../services/setting.js"

const host = "127.0.0.1"

/** A server that is listened at, or why there is none. */
const bound = (port: number): Effect.Effect<Http.Server, NodeJS.ErrnoException> =>
  Effect.callback((resume) => {
    const server = Http.createServer({ headersTimeout: 10_000, requestTimeout: 10_000 })
    server.once("error", (error) => resume(Effect.fail(error)))
    server.listen({ host, port, exclusive: true }, () => resume(Effect.succeed(server)))
    return Effect.sync(() => void server.close())
  })

const close = (server: Http.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

const taken = (ports: ReadonlyArray<number>, code: string | undefined): StsConfigError =>
  new StsConfigError({
    key: "port",
    detail: `cannot be listened on: ${ports.join(", ")} ${code === "EADDRINUSE" ? "is taken" : `failed with ${code ?? "an unknown error"}`}`,
    hint:
      code === "EADDRINUSE"
        ? "Another sign-in may be waiting there: end it, or the program that listens there."
        : undefined
  })

const firstBound = (
  ports: ReadonlyArray<number>
): Effect.Effect<Http.Server, StsConfigError, Scope.Scope> => {
  const tried = (at: number, code: string | undefined): Effect.Effect<Http.Server, StsConfigError> => {
    const port = ports[at]
    return port === undefined
      ? Effect.fail(taken(ports, code))
      : Effect.catch(bound(port), (error) => tried(at + 1, error.code))
  }
  return Effect.acquireRelease(tried(0, undefined), close)
}

const statusOf = (found: Redirect | Stray): number => (found._tag === "Stray" ? found.status : 200)

// What the page was called with stays between the browser and here.
const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  connection: "close"
}

const listen = ({
  path,
  ports,
  state
}: ListenOptions): Effect.Effect<Listening, StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    const answered = yield* Deferred.make<Redirect>()
    const server = yield* firstBound(ports)
    const { port } = server.address() as AddressInfo
    let foreign = 0
    server.on("request", (request: Http.IncomingMessage, response: Http.ServerResponse) => {
      const { method = "", url = "" } = request
      const found = redirectIn(
        { method, target: url, host: request.headers.host },
        { host: `${host}:${port}`, path, state }
      )
      if (found._tag === "Stray" && found.foreign) foreign++
      response.writeHead(statusOf(found), headers)
      // The page is on its way before the server may close.
      response.end(pageOf(found), () => {
        if (found._tag !== "Stray") Effect.runSync(Deferred.succeed(answered, found))
      })
    })
    return {
      redirectUri: `http://${host}:${port}${path}`,
      answer: Deferred.await(answered),
      foreignRequests: Effect.sync(() => foreign)
    }
  })

const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"]
}

const patience = 2_000

/** Starts the system's opener, without a shell. One that has not failed for two seconds has opened the page. */
const start = ([program, ...words]: readonly [string, ...string[]], url: string): Effect.Effect<boolean> => {
  const ended = Effect.callback<boolean>((resume) => {
    const opener = spawn(program, [...words, url], { detached: true, stdio: "ignore", windowsHide: true })
    opener.once("error", () => resume(Effect.succeed(false)))
    opener.once("exit", (code) => resume(Effect.succeed(code === 0)))
    opener.unref()
  })
  return Effect.orElseSucceed(
    timeLimit(ended, patience, () => undefined),
    () => true
  )
}

/** Opens a page where the system has a screen. */
const open = (url: string): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const command = commands[platform()]
    if (command !== undefined) return yield* start(command, url)
    const screen = yield* Effect.option(settings(["DISPLAY", "WAYLAND_DISPLAY"]))
    const seen = screen._tag === "Some" && (screen.value.DISPLAY ?? screen.value.WAYLAND_DISPLAY)
    return seen === undefined || seen === false ? false : yield* start(["xdg-open"], url)
  })

/**
 * An address on this machine for a browser to be sent back to, but no browser: the person is told which page to open.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWithoutBrowser: Layer.Layer<LoopbackListener> = Layer.succeed(LoopbackListener, { listen })

/**
 * The system's browser, where there is a screen, and an address on this machine for it to be sent back to.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<LoopbackListener> = Layer.merge(Browser.layer(open), layerWithoutBrowser)
