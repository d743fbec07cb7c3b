/**
 * The search itself: it finds what it is made to find.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { percentEncode } from "../../src/protocol/encoding.js"
import { planted } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"
import { metrics, watched } from "./watched.js"

const secret = planted.oidcToken

const texts: ReadonlyArray<readonly [string, string]> = [
  ["raw", `<${secret}>`],
  ["percent-encoded", `a=${percentEncode(secret)}&b`],
  ["percent-encoded", `a=${percentEncode(percentEncode(secret))}&b`],
  ["base64", Buffer.from(secret).toString("base64")],
  ["base64", Buffer.from(`user:${secret}!`).toString("base64")],
  ["base64", Buffer.from(`users:${secret}`).toString("base64url")],
  ["JSON-escaped", JSON.stringify({ a: secret })],
  ["a part", `${secret.slice(0, 30)}…`]
]

describe("the search", () => {
  for (const [spelling, text] of texts) {
    it(`finds a secret in ${text.slice(0, 16)}…: ${spelling}`, () => {
      assert.include(search(text, planted), `oidcToken, ${spelling}`)
    })
  }

  it("finds nothing in clean text", () => {
    assert.deepStrictEqual(search(JSON.stringify(Object.keys(planted)), planted), [])
  })

  class Leaky extends Schema.TaggedError<Leaky>()("Leaky", { message: Schema.String }) {}

  for (const [way, text] of printouts(new Leaky({ message: secret }))) {
    it(`finds a leaky error's secret by ${way}`, () => {
      assert.isNotEmpty(search(text, planted))
    })
  }

  it.effect("finds a leaky program's secrets in each observer", () =>
    Effect.gen(function* () {
      const child = Effect.withSpan(Effect.fail(new Leaky({ message: secret })), "child")
      const counted = Metric.withAttributes(Metric.counter("leaky"), { secret: secret })
      const { texts } = yield* watched(Effect.andThen(Metric.update(counted, 1), child))
      for (const [path, text] of Object.entries({ ...texts, metrics: yield* metrics })) {
        assert.isNotEmpty(search(text, planted), path)
      }
    })
  )

  it.effect("finds a leaky span's secrets, also in parents", () =>
    Effect.gen(function* () {
      const parent = Effect.void.pipe(
        Effect.withSpan("child"),
        Effect.withSpan("parent", { attributes: { secret } })
      )
      const { texts } = yield* watched(parent)
      assert.isNotEmpty(search(texts["spans"] ?? "", planted))
    })
  )

  it("finds nothing in redacted values", () => {
    for (const [way, text] of printouts({ secret: Redacted.make(secret) })) {
      assert.deepStrictEqual(search(text, planted), [], way)
    }
  })
})
