import * as Http from "node:http"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { AlibabaSeed, Emulator, EmulatorServer, Fault } from "../../src/testing.js"
import { requestOf } from "./alibaba/support.js"

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

const server = Effect.provide(EmulatorServer.layer)

it.live("answers over a socket as in process", () =>
  Effect.gen(function* () {
    const reply = yield* ask()
    assert.strictEqual(reply.status, 200)
    assert.strictEqual(JSON.parse(reply.body).Arn, AlibabaSeed.arns.user)
    assert.match(reply.headers["date"] ?? "", /GMT$/)
    assert.strictEqual(reply.headers["x-acs-request-id"], JSON.parse(reply.body).RequestId)
  }).pipe(server)
)

it.live("makes the faults of sockets", () =>
  Effect.gen(function* () {
    const { addFault } = yield* Emulator.Emulator
    yield* addFault(Fault.resetBeforeReply)
    assert.strictEqual((yield* Effect.flip(ask())).code, "ECONNRESET")
    yield* addFault(Fault.resetDuringReply())
    assert.strictEqual((yield* Effect.flip(ask())).code, "ECONNRESET")
    yield* addFault(Fault.latency("60 millis"))
    assert.isAbove((yield* ask()).times[0], 50)
    yield* addFault(Fault.slowHeaders("60 millis"))
    const slowHeaders = yield* ask()
    assert.isAbove(slowHeaders.times[0], 50)
    assert.strictEqual(JSON.parse(slowHeaders.body).Arn, AlibabaSeed.arns.user)
    yield* addFault(Fault.slowBody("200 millis"))
    const slowBody = yield* ask()
    assert.isAbove(slowBody.times[1] - slowBody.times[0], 100)
    assert.strictEqual(JSON.parse(slowBody.body).Arn, AlibabaSeed.arns.user)
    yield* addFault(Fault.oversizedReply(2_000_000))
    assert.lengthOf((yield* ask()).body, 2_000_000)
    assert.strictEqual((yield* ask()).status, 200)
  }).pipe(server)
)

it.live("lets another process handle it, without showing secrets", () =>
  Effect.gen(function* () {
    assert.deepInclude(yield* control("POST", "faults", { fault: { _tag: "BadGateway" }, times: 2 }), {
      status: 200
    })
    assert.strictEqual((yield* ask()).status, 502)
    assert.strictEqual((yield* control("DELETE", "faults")).status, 200)
    assert.strictEqual((yield* ask()).status, 200)
    const latency = { fault: { _tag: "Latency", duration: 1 }, operation: "GetCallerIdentity" }
    assert.strictEqual((yield* control("POST", "faults", latency)).status, 200)
    assert.strictEqual((yield* control("POST", "faults", { fault: { _tag: "Unknown" } })).status, 400)

    const { content: requests } = yield* control("GET", "requests")
    assert.lengthOf(requests, 2)
    assert.deepInclude(requests[1].parameters, { Action: "GetCallerIdentity", Signature: "<redacted>" })
    yield* control("DELETE", "requests")
    assert.deepStrictEqual((yield* control("GET", "requests")).content, [])

    yield* control("POST", "clock", { offset: 3_600_000 })
    assert.include((yield* ask()).body, AlibabaSeed.arns.user)
    assert.isAbove(yield* (yield* Emulator.Emulator).now, Date.now() + 3_500_000)

    const oidc = yield* control("POST", "alibaba/oidc-tokens", { subject: "me", expiresIn: 60_000 })
    assert.lengthOf(oidc.content.token.split("."), 3)
    const saml = yield* control("POST", "alibaba/saml-responses", {})
    assert.include(Buffer.from(saml.content.samlResponse, "base64").toString(), "<samlp:Response")
    const login = yield* control("POST", "aws/logins", { userName: "alice", expiresIn: 60_000 })
    assert.deepInclude(JSON.parse(login.content.content), { tokenType: "aws_sigv4" })
    const nobody = yield* control("POST", "aws/logins", { userName: "nobody" })
    assert.deepStrictEqual(nobody, { status: 400, content: { error: "No account has a user nobody." } })
    assert.strictEqual((yield* control("POST", "nothing", {})).status, 404)
  }).pipe(server)
)

it.live("refuses control requests from web pages", () =>
  Effect.gen(function* () {
    const form = { "content-type": "text/plain" }
    assert.strictEqual((yield* control("POST", "clock", { offset: 1 }, form)).status, 403)
    assert.strictEqual((yield* control("GET", "requests", undefined, { host: "rebound.test" })).status, 403)
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
    assert.strictEqual((yield* Fiber.join(waiting)).code, "ECONNRESET")
    assert.strictEqual((yield* Effect.flip(exchange(endpoint))).code, "ECONNREFUSED")
    agent.destroy()
  })
)

const served = (options: Parameters<typeof EmulatorServer.serve>[1]) =>
  Effect.scoped(Effect.flatMap(Emulator.make(), (emulator) => EmulatorServer.serve(emulator, options)))

it.live("says which port is taken", () =>
  Effect.gen(function* () {
    const { port } = yield* EmulatorServer.EmulatorServer
    const error = yield* Effect.flip(served({ port }))
    assert.strictEqual(error.key, "port")
    assert.include(error.message, `is ${port}, which is not available: EADDRINUSE`)
  }).pipe(server)
)

it.live.each([-1, 0.5, 65_536, Number.NaN])("says that %s is no port", (port) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(served({ port }))
    assert.include(error.message, "Setting port must be a whole number from 0 to 65535.")
  })
)

it.live("listens on this machine alone where the host is blank", () =>
  Effect.gen(function* () {
    assert.match((yield* served({ host: "" })).endpoint, /^http:\/\/127\.0\.0\.1:/)
  })
)
