import { createServer, request } from "node:http"
import { connect } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { NodeSignIn, SignIn } from "../../src/login.js"

const state = Redacted.make("the-state")
const path = "/oauth/callback"

const listening = <A, E, R>(
  use: (listening: SignIn.Listening, port: number) => Effect.Effect<A, E, R>,
  ports: ReadonlyArray<number> = [0]
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { listen } = yield* SignIn.LoopbackListener
      const found = yield* listen({ ports, path, state })
      return yield* use(found, Number(new URL(found.redirectUri).port))
    })
  ).pipe(Effect.provide(NodeSignIn.layerWithoutBrowser))

interface Reply {
  readonly status: number | undefined
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

const asked = (port: number, target: string, options: { method?: string; host?: string } = {}) =>
  Effect.callback<Reply>((resume) => {
    const { host = `127.0.0.1:${port}`, method = "GET" } = options
    const sent = request({ host: "127.0.0.1", port, path: target, method, headers: { host } }, (reply) => {
      let body = ""
      reply.setEncoding("utf8")
      reply.on("data", (chunk: string) => {
        body += chunk
      })
      reply.on("end", () =>
        resume(Effect.succeed({ status: reply.statusCode, headers: reply.headers, body }))
      )
    })
    sent.end()
  })

const connects = (port: number, host = "127.0.0.1") =>
  Effect.callback<boolean>((resume) => {
    const socket = connect({ port, host })
    socket.once("connect", () => {
      socket.destroy()
      resume(Effect.succeed(true))
    })
    socket.once("error", () => resume(Effect.succeed(false)))
  })

describe("the redirect listener", () => {
  it.live("answers stray requests, and waits for the right one", () =>
    listening((listener, port) =>
      Effect.gen(function* () {
        assert.strictEqual(listener.redirectUri, `http://127.0.0.1:${port}${path}`)
        assert.strictEqual((yield* asked(port, "/favicon.ico")).status, 404)
        assert.strictEqual((yield* asked(port, `${path}?code=1&state=other`)).status, 400)
        assert.strictEqual(
          (yield* asked(port, `${path}?code=1&state=the-state`, { method: "POST" })).status,
          405
        )
        const rebound = yield* asked(port, `${path}?code=1&state=the-state`, { host: "attacker.example" })
        assert.strictEqual(rebound.status, 400)
        assert.strictEqual(yield* listener.foreignRequests, 1)
        const page = yield* asked(port, `${path}?code=the-code&state=the-state`)
        assert.strictEqual(page.status, 200)
        assert.notInclude(JSON.stringify(page), "the-code")
        assert.strictEqual(page.headers["cache-control"], "no-store")
        const answer = yield* listener.answer
        assert.strictEqual(answer._tag === "Code" && Redacted.value(answer.code), "the-code")
      })
    )
  )

  it.live("is closed when the sign-in ends", () =>
    Effect.gen(function* () {
      const port = yield* listening((_, port) => Effect.as(connects(port), port))
      assert.isFalse(yield* connects(port))
    })
  )

  it.live("takes the first free port, and reports when there is none", () =>
    Effect.gen(function* () {
      const other = createServer()
      const taken = yield* Effect.callback<number>((resume) => {
        other.listen(0, "127.0.0.1", () => {
          const address = other.address()
          resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
        })
      })
      yield* listening((_, port) => Effect.sync(() => assert.notStrictEqual(port, taken)), [taken, 0])
      const error = yield* Effect.flip(listening(() => Effect.void, [taken]))
      assert.strictEqual(error._tag, "StsConfigError")
      assert.include(error.message, `${taken} is taken`)
      assert.include(error.message, "Another sign-in may be waiting there")
      other.close()
    })
  )
})

describe("the browser", () => {
  it.live("is absent without a display", () =>
    Effect.gen(function* () {
      if (process.platform !== "linux") return
      const open = yield* SignIn.Browser
      assert.isFalse(yield* open("https://example.com/"))
    }).pipe(
      Effect.provide(NodeSignIn.layer),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({}))
    )
  )
})
