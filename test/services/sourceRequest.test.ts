import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { type SourceRequest, sendRequest } from "../../src/services/SourceRequest.js"
import { serving, text } from "../support/metadata.js"
import { type Answer, fault, never } from "../support/scripted.js"
import { timed } from "../support/time.js"

const question: SourceRequest = {
  cloud: "aws",
  operation: "test",
  method: "GET",
  url: "http://host.test:8080/path?query",
  timeout: 1_000
}

/** What comes of a question, how long it takes and what the server sees. */
const asked = (answers: ReadonlyArray<Answer>, changes: Partial<SourceRequest> = {}) => {
  const server = serving((_, count) => answers[Math.min(count, answers.length - 1)] ?? never)
  const asking = Effect.flatMap(HttpClient.HttpClient, (client) =>
    sendRequest(client, { ...question, ...changes })
  )
  return Effect.map(timed(Effect.provide(asking, server.layer)), ({ millis, outcome }) => ({
    result: Result.match(outcome, {
      onFailure: (error) => error.reason,
      onSuccess: ({ body, status }) => `${status} ${body}`.trim()
    }),
    millis,
    seen: server.seen
  }))
}

const times = (expected: readonly [string, number, number]) => [...expected]

describe("a source's question", () => {
  it.effect.each([
    ["is asked once", [text(503, "busy")], {}, ["503 busy", 0, 1]],
    ["is asked again of who is busy", [text(429, ""), text(200, "ok")], { attempts: 2 }, ["200 ok", 0, 2]],
    [
      "is asked again with pauses",
      [text(500, ""), text(502, "")],
      { attempts: 3, pause: 70 },
      ["502", 150, 3]
    ],
    ["is asked again after silence", [never, text(200, "")], { attempts: 2, pause: 50 }, ["200", 1_050, 2]],
    ["is asked again after a cut", [fault("ECONNRESET"), text(200, "")], { attempts: 2 }, ["200", 0, 2]],
    ["is not asked again of who refuses", [text(403, "no")], { attempts: 3 }, ["403 no", 0, 1]],
    ["is not asked again of who cannot", [text(501, "")], { attempts: 3 }, ["501", 0, 1]],
    ["is not asked again without trust", [fault("CERT_HAS_EXPIRED")], { attempts: 3 }, ["Tls", 0, 1]],
    ["gives up silence sooner", [never], { attempts: 3, silentAttempts: 1 }, ["Timeout", 1_000, 1]],
    ["is patient with the busy", [text(503, "")], { attempts: 3, silentAttempts: 1 }, ["503", 0, 3]],
    ["gives a redirect as it is", [text(302, "", { location: "/" })], { attempts: 3 }, ["302", 0, 1]],
    [
      "asks as it is told",
      [text(404, ""), text(200, "")],
      { attempts: 2, retryOf: () => "transient" },
      ["200", 0, 2]
    ]
  ] as const)("%s", ([, answers, changes, expected]) =>
    Effect.map(asked(answers, changes), ({ millis, result, seen }) =>
      assert.deepStrictEqual([result, Math.floor(millis / 50) * 50, seen.length], times(expected))
    )
  )

  it.effect("tries the addresses in turn, with the host's name", () =>
    Effect.gen(function* () {
      const addresses = ["10.0.0.1", "::1", "10.0.0.3"]
      const { result, seen } = yield* asked([fault("ECONNREFUSED"), text(500, "mine")], { addresses })
      assert.strictEqual(result, "500 mine")
      assert.deepStrictEqual(
        seen.map(({ connectedTo, headers, url }) => [connectedTo, headers["host"], url]),
        [
          ["10.0.0.1", "host.test:8080", question.url],
          ["[::1]", "host.test:8080", question.url]
        ]
      )
      const silent = yield* asked([never, fault("ECONNREFUSED")], { addresses, attempts: 2, pause: 100 })
      assert.deepStrictEqual([silent.result, silent.millis, silent.seen.length], ["Refused", 1_100, 6])
    })
  )

  it.effect("says whether a proxy may see it", () =>
    Effect.gen(function* () {
      for (const direct of [true, false]) {
        assert.strictEqual((yield* asked([text(200, "")], { direct })).seen[0]?.direct, direct)
      }
    })
  )

  it.effect("follows no redirect under fetch, and keeps its other options", () =>
    Effect.gen(function* () {
      const inits: Array<RequestInit | undefined> = []
      const fetch: typeof globalThis.fetch = async (_, init) => {
        inits.push(init)
        return new Response("", { status: 302 })
      }
      const asking = Effect.flatMap(HttpClient.HttpClient, (client) => sendRequest(client, question))
      const platform = FetchHttpClient.layer.pipe(
        Layer.provideMerge(Layer.succeed(FetchHttpClient.Fetch, fetch)),
        Layer.provideMerge(
          Layer.succeed(FetchHttpClient.RequestInit, { keepalive: true, redirect: "follow" })
        )
      )
      assert.strictEqual((yield* Effect.provide(asking, platform)).status, 302)
      assert.deepInclude(inits[0], { redirect: "manual", keepalive: true })
      const headers = Object.keys((inits[0]?.headers ?? {}) as Record<string, string>)
      assert.deepStrictEqual(headers, ["user-agent"])
    })
  )
})
