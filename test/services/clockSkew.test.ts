import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import { RequestPolicy } from "../../src/index.js"
import { type Answer, identity, refusal, runOver, scripted } from "../support/scripted.js"

const minute = 60_000
const noon = Date.UTC(2026, 0, 1, 12)
const httpDate = (millis: number) => new Date(millis).toUTCString()

const expired = (headers: Readonly<Record<string, string>>) =>
  refusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", headers)

/** A service whose clock reads `ahead` more than ours, and that takes `took` to answer. */
const service =
  (ahead: number, took = 0, extra: Readonly<Record<string, string>> = {}): Answer =>
  (request, sent) =>
    Effect.gen(function* () {
      const now = (yield* Clock.currentTimeMillis) + ahead
      yield* Effect.sleep(took)
      const stated = Date.parse(sent.headers["x-acs-date"] ?? "")
      const date = { date: httpDate(now + took / 2), ...extra }
      return yield* Math.abs(now - stated) > 15 * minute
        ? expired(date)(request, sent)
        : identity(request, sent)
    })

const run = <A, E>(
  effect: Effect.Effect<A, E, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>,
  http: ReturnType<typeof scripted>
) => Effect.andThen(TestClock.setTime(noon), runOver(http)(effect))

describe("clock skew", () => {
  for (const ahead of [20 * minute, -20 * minute]) {
    it.effect(`is corrected once and remembered: ${ahead / minute} minutes`, () => {
      const http = scripted(service(ahead))
      return run(
        Effect.gen(function* () {
          assert.strictEqual(yield* Alibaba.timeOffset, 0)
          yield* Alibaba.getCallerIdentity()
          assert.strictEqual(http.sent.length, 2)
          assert.strictEqual(yield* Alibaba.timeOffset, ahead)
          yield* Alibaba.getCallerIdentity()
          assert.strictEqual(http.sent.length, 3)
          assert.strictEqual(Date.parse(http.sent[2]?.headers["x-acs-date"] ?? ""), noon + ahead)
        }),
        http
      )
    })
  }

  it.effect("re-signs with a new nonce, at once", () => {
    const http = scripted(service(20 * minute))
    return run(
      Effect.gen(function* () {
        yield* Alibaba.getCallerIdentity()
        const [first, second] = http.sent
        assert.notStrictEqual(
          first?.headers["x-acs-signature-nonce"],
          second?.headers["x-acs-signature-nonce"]
        )
        assert.strictEqual(yield* Clock.currentTimeMillis, noon)
      }),
      http
    )
  })

  it.effect("uses the middle of the round trip", () => {
    const http = scripted(service(20 * minute, 2_000))
    return run(
      Effect.gen(function* () {
        const call = yield* Effect.forkChild(Alibaba.getCallerIdentity())
        yield* TestClock.adjust("4 seconds")
        yield* Fiber.join(call)
        assert.strictEqual(yield* Alibaba.timeOffset, 20 * minute)
      }),
      http
    )
  })

  const ignored: ReadonlyArray<readonly [string, Answer]> = [
    ["without a Date", expired({})],
    ["with a Date that is none", expired({ date: "yesterday" })],
    ["from a cache", expired({ date: httpDate(noon + 20 * minute), age: "60" })]
  ]
  for (const [what, answer] of ignored) {
    it.effect(`is not learned from a reply ${what}`, () => {
      const http = scripted(answer)
      return run(
        Effect.gen(function* () {
          const error = yield* Effect.flip(Alibaba.getCallerIdentity())
          assert.strictEqual(
            error._tag === "StsApiError" ? error.code : error._tag,
            "InvalidTimeStamp.Expired"
          )
          assert.strictEqual(http.sent.length, 1)
          assert.strictEqual(yield* Alibaba.timeOffset, 0)
        }),
        http
      )
    })
  }

  it.effect("is not learned from a trip that took too long", () => {
    const http = scripted(service(20 * minute, 6 * minute))
    return run(
      Effect.gen(function* () {
        const call = yield* Alibaba.getCallerIdentity().pipe(
          RequestPolicy.adjust({ timeout: "1 hour" }),
          Effect.flip,
          Effect.forkChild
        )
        yield* TestClock.adjust("6 minutes")
        yield* Fiber.join(call)
        assert.strictEqual(http.sent.length, 1)
      }),
      http
    )
  })

  it.effect("is corrected once per call", () => {
    const http = scripted(expired({ date: httpDate(noon + 20 * minute) }))
    return run(
      Effect.gen(function* () {
        yield* Effect.flip(Alibaba.getCallerIdentity())
        assert.strictEqual(http.sent.length, 2)
      }),
      http
    )
  })

  it.effect("is not corrected when the policy forbids it", () => {
    const http = scripted(service(20 * minute))
    return run(
      Effect.gen(function* () {
        yield* Alibaba.getCallerIdentity().pipe(
          RequestPolicy.adjust({ correctClockSkew: false }),
          Effect.flip
        )
        assert.strictEqual(http.sent.length, 1)
      }),
      http
    )
  })
})
