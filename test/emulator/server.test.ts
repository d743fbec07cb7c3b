import * as Http from "node:http"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { AlibabaSeed, Emulator, EmulatorServer, Fault } from "../../src/testing.js"
import { requestOf } from "./support.js"

interface Reply {
  readonly status: number
  readonly headers: Http.IncomingHttpHeaders
  readonly body: string
  /** Milliseconds until the headers, and until the end. */
  readonly times: readonly [number, number]
}

const exchange = (
  url: string,
  options: Http.RequestOptions = {},
  body?: string
): Effect.Effect<Reply, NodeJS.ErrnoException> =>
  Effect.callback((resume) => {
    const start = performance.now()
    const fail = (error: NodeJS.ErrnoException) => resume(Effect.fail(error))
    const request = Http.request(url, options, (response) => {
      const headersAt = performance.now() - start
      let text = ""
      response.on("data", (chunk) => {
        text += chunk
      })
      response.once("error", fail)
      response.once("end", () =>
        resume(
          Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            times: [headersAt, performance.now() - start]
          })
        )
      )
    })
    request.once("error", fail)
    request.end(body)
  })

const ask = (options?: Http.RequestOptions) =>
  Effect.gen(function* () {
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    const { query } = yield* requestOf({ action: "GetCallerIdentity", method: "GET", place: "query" })
    return yield* exchange(`${endpoint}/?${query}`, options)
  })

const control = (method: string, path: string, content?: object, headers = {}) =>
  Effect.gen(function* () {
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    const json = { "content-type": "application/json", ...headers }
    const reply = yield* exchange(
      `${endpoint}/_emulator/${path}`,
      { method, headers: json },
      content === undefined ? undefined : JSON.stringify(content)
    )
    return { status: reply.status, content: JSON.parse(reply.body) }
  })

const server = Effect.provide(EmulatorServer.layer())

it.live("answers over a socket as in process", () =>
  Effect.gen(function* () {
    const reply = yield* ask()
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.body).Arn).toBe(AlibabaSeed.arns.user)
    expect(reply.headers["date"]).toMatch(/GMT$/)
    expect(reply.headers["x-acs-request-id"]).toBe(JSON.parse(reply.body).RequestId)
  }).pipe(server)
)

it.live("makes the faults of sockets", () =>
  Effect.gen(function* () {
    const { addFault } = yield* Emulator.Emulator
    yield* addFault(Fault.resetBeforeReply)
    expect((yield* Effect.flip(ask())).code).toBe("ECONNRESET")
    yield* addFault(Fault.resetDuringReply())
    expect((yield* Effect.flip(ask())).code).toBe("ECONNRESET")
    yield* addFault(Fault.latency("60 millis"))
    expect((yield* ask()).times[0]).toBeGreaterThan(50)
    yield* addFault(Fault.slowHeaders("60 millis"))
    const slowHeaders = yield* ask()
    expect(slowHeaders.times[0]).toBeGreaterThan(50)
    expect(JSON.parse(slowHeaders.body).Arn).toBe(AlibabaSeed.arns.user)
    yield* addFault(Fault.slowBody("200 millis"))
    const slowBody = yield* ask()
    expect(slowBody.times[1] - slowBody.times[0]).toBeGreaterThan(100)
    expect(JSON.parse(slowBody.body).Arn).toBe(AlibabaSeed.arns.user)
    yield* addFault(Fault.oversizedReply(2_000_000))
    expect((yield* ask()).body).toHaveLength(2_000_000)
    expect((yield* ask()).status).toBe(200)
  }).pipe(server)
)

it.live("lets another process handle it, without showing secrets", () =>
  Effect.gen(function* () {
    expect(yield* control("POST", "faults", { fault: { _tag: "BadGateway" }, times: 2 })).toMatchObject({
      status: 200
    })
    expect((yield* ask()).status).toBe(502)
    expect((yield* control("DELETE", "faults")).status).toBe(200)
    expect((yield* ask()).status).toBe(200)
    const latency = { fault: { _tag: "Latency", duration: 1 }, operation: "GetCallerIdentity" }
    expect((yield* control("POST", "faults", latency)).status).toBe(200)
    expect((yield* control("POST", "faults", { fault: { _tag: "Unknown" } })).status).toBe(400)

    const { content: requests } = yield* control("GET", "requests")
    expect(requests).toHaveLength(2)
    expect(requests[1].parameters).toMatchObject({ Action: "GetCallerIdentity", Signature: "<redacted>" })
    yield* control("DELETE", "requests")
    expect((yield* control("GET", "requests")).content).toEqual([])

    yield* control("POST", "clock", { offset: 3_600_000 })
    expect((yield* ask()).body).toContain(AlibabaSeed.arns.user)
    expect(yield* (yield* Emulator.Emulator).now).toBeGreaterThan(Date.now() + 3_500_000)

    const oidc = yield* control("POST", "alibaba/oidc-tokens", { subject: "me", expiresIn: 60_000 })
    expect(oidc.content.token.split(".")).toHaveLength(3)
    const saml = yield* control("POST", "alibaba/saml-responses", {})
    expect(Buffer.from(saml.content.samlResponse, "base64").toString()).toContain("<samlp:Response")
    const login = yield* control("POST", "aws/logins", { userName: "alice", expiresIn: 60_000 })
    expect(JSON.parse(login.content.content)).toMatchObject({ tokenType: "aws_sigv4" })
    const nobody = yield* control("POST", "aws/logins", { userName: "nobody" })
    expect(nobody).toEqual({ status: 400, content: { error: "No account has a user nobody." } })
    expect((yield* control("POST", "nothing", {})).status).toBe(404)
  }).pipe(server)
)

it.live("lets no page in a browser handle it", () =>
  Effect.gen(function* () {
    const form = { "content-type": "text/plain" }
    expect((yield* control("POST", "clock", { offset: 1 }, form)).status).toBe(403)
    expect((yield* control("GET", "requests", undefined, { host: "rebound.test" })).status).toBe(403)
  }).pipe(server)
)

it.live("closes at once, connections that are kept alive or waiting for a reply included", () =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    const emulator = yield* Emulator.make()
    const { endpoint } = yield* Scope.provide(EmulatorServer.serve(emulator), scope)
    const agent = new Http.Agent({ keepAlive: true })
    yield* exchange(endpoint, { agent })
    yield* emulator.addFault(Fault.latency("1 hour"))
    const waiting = yield* Effect.forkChild(Effect.flip(exchange(endpoint)))
    yield* Effect.repeat(Effect.yieldNow, {
      until: () => Effect.map(emulator.requests, (requests) => requests.length === 2)
    })
    yield* Scope.close(scope, Exit.void)
    expect((yield* Fiber.join(waiting)).code).toBe("ECONNRESET")
    expect((yield* Effect.flip(exchange(endpoint))).code).toBe("ECONNREFUSED")
    agent.destroy()
  })
)

it.live("says which port is taken", () =>
  Effect.gen(function* () {
    const { port } = yield* EmulatorServer.EmulatorServer
    const error = yield* Effect.flip(
      Effect.scoped(Effect.flatMap(Emulator.make(), (emulator) => EmulatorServer.serve(emulator, { port })))
    )
    expect(error.message).toContain("EADDRINUSE")
  }).pipe(server)
)
