/** A source, or a Redis, that is down. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import { cacheOf, nodeOf, OffClock } from "../support/fleetNodes.js"
import { entryKey, minute, scenario, warnings, world } from "./redis/model.js"

describe("the fleet's cache", () => {
  it.effect("shares a failure for seconds, and serves what is valid meanwhile", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        sts.failing = "Unavailable"
        const nodes = yield* Effect.forEach(Array.from({ length: 10 }), () => cacheOf(redis.engine, sts))
        const all = Effect.forEach(nodes, ({ get }) => Effect.result(get), { concurrency: "unbounded" })
        const failed = yield* given(all, 900)
        assert.strictEqual(sts.calls, 1)
        for (const one of failed) assert.strictEqual(one._tag, "Failure")
        const shown = failed.map((one) => (one._tag === "Failure" ? one.failure.message : "")).join("\n")
        assert.include(shown, "another process of the fleet")
        sts.failing = undefined
        yield* pass(6_000)
        for (const one of yield* given(all)) assert.strictEqual(one._tag, "Success")
        assert.strictEqual(sts.calls, 2)
        sts.failing = "Unavailable"
        yield* pass(50 * minute)
        for (const one of yield* given(all)) assert.strictEqual(one._tag, "Success")
      })
    )
  )

  it.effect(
    "asks a source that is down ever less often while what is kept is valid, and more often towards its end",
    () =>
      scenario(
        Effect.gen(function* () {
          const { given, pass, redis, sts } = yield* world
          const nodes = yield* Effect.forEach(Array.from({ length: 10 }), () => cacheOf(redis.engine, sts))
          const all = Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" })
          /** Reads in turn, one each second; how often the source was asked. */
          const callsIn = (seconds: number) =>
            Effect.gen(function* () {
              const before = sts.calls
              for (let second = 0; second < seconds; second++) {
                yield* given(Effect.result(nodes[second % nodes.length]?.get ?? Effect.void), 1_000)
              }
              return sts.calls - before
            })
          yield* given(all)
          yield* pass(43 * minute)
          sts.failing = "Unavailable"
          const minutes: Array<number> = []
          for (let passed = 43; passed < 59; passed++) minutes.push(yield* callsIn(60))
          const total = minutes.reduce((sum, one) => sum + one, 0)
          // 16 minutes of tries every 1 to 5 seconds would be more than 190.
          assert.isAtLeast(total, 10)
          assert.isAtMost(total, 40)
          assert.isAtMost(Math.max(...minutes.slice(2, 12)), 2)
          // Its last minute: whoever has nothing to lose asks every few seconds.
          assert.isAtLeast(yield* callsIn(50), 8)
          sts.failing = undefined
          yield* pass(6_000)
          const renewed = yield* given(all)
          assert.deepStrictEqual(new Set(renewed.map(({ accessKeyId }) => accessKeyId)).size, 1)
          assert.notStrictEqual(renewed[0]?.accessKeyId, "ASIA1")
        })
      )
  )

  it.effect(
    "asks a source that is down again in seconds where somebody has nothing, or what is refused",
    () =>
      scenario(
        Effect.gen(function* () {
          const { given, pass, redis, sts } = yield* world
          const [one, other] = [yield* cacheOf(redis.engine, sts), yield* cacheOf(redis.engine, sts)]
          yield* given(one.get)
          yield* given(other.get)
          sts.failing = "Unavailable"
          yield* pass(48 * minute)
          yield* given(one.get)
          // It is remembered for minutes by those who have what is valid.
          yield* pass(6_000)
          yield* given(other.get)
          assert.strictEqual(sts.calls, 2)
          const { until = 0, value = "" } = redis.keys.get(entryKey) ?? {}
          redis.keys.delete(entryKey)
          const late = yield* cacheOf(redis.engine, sts)
          assert.isTrue(Result.isFailure(yield* given(Effect.result(late.get))))
          assert.strictEqual(sts.calls, 3)
          yield* pass(6_000)
          redis.keys.set(entryKey, { until, value })
          yield* given(one.get)
          yield* pass(6_000)
          assert.strictEqual(sts.calls, 4)
          // Nobody can read it: it is nothing to wait for.
          redis.keys.set(entryKey, { until, value: `${value}xxxx` })
          sts.failing = undefined
          assert.strictEqual((yield* given(late.get)).accessKeyId, "ASIA5")
        })
      )
  )

  it.effect("gives nothing that has ended where its clock is behind and Redis was never there", () =>
    scenario(
      Effect.gen(function* () {
        const { clock, redis, sts } = yield* world
        redis.condition = "away"
        const behind = new OffClock(clock, -10 * minute)
        const nodes = yield* Effect.forEach(Array.from({ length: 10 }), () => nodeOf(redis.engine, sts))
        for (let passed = 0; passed < 120; passed++) {
          const reading = yield* Effect.forkChild(
            Effect.provideService(
              Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" }),
              Clock.Clock,
              behind
            )
          )
          yield* clock.pass(minute)
          for (const { expiration } of yield* Fiber.join(reading)) {
            assert.isAbove(
              DateTime.toEpochMillis(expiration as DateTime.Utc),
              clock.currentTimeMillisUnsafe() - minute
            )
          }
        }
      })
    )
  )

  it.effect("warns once of an outage, goes on without Redis, and offers what it got", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        redis.condition = "away"
        const node = yield* nodeOf(redis.engine, sts)
        assert.strictEqual((yield* given(node.get)).accessKeyId, "ASIA1")
        yield* pass(minute)
        yield* given(node.get)
        assert.strictEqual(sts.calls, 1)
        assert.strictEqual(warnings.length, 1)
        assert.match(warnings[0] ?? "", /^Redis cannot be used \(ECONNREFUSED\)/)
        redis.wake()
        yield* pass(minute)
        yield* given(node.get)
        // Others need not ask STS again for what was got in the meantime.
        const other = yield* nodeOf(redis.engine, sts)
        assert.strictEqual((yield* given(other.get)).accessKeyId, "ASIA1")
        assert.strictEqual(sts.calls, 1)
      })
    )
  )

  it.effect("asks at a moment of its own where Redis is away when credentials are due", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        const nodes = yield* Effect.forEach(Array.from({ length: 10 }), () => nodeOf(redis.engine, sts))
        const all = Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" })
        yield* given(all)
        redis.condition = "away"
        yield* pass(42 * minute)
        const calls: Array<number> = []
        for (let time = 42; time < 58; time++) {
          yield* given(all, minute)
          calls.push(sts.calls)
        }
        // Nine tenths of the time in which they ask have gone by: fewer would be a wonder.
        assert.isAtLeast(calls.at(-1) ?? 0, 5)
        yield* pass(minute)
        yield* given(all)
        assert.strictEqual(sts.calls, 11)
        // Not all in one minute of the fifteen.
        assert.isBelow(Math.max(...calls.map((count, index) => count - (calls[index - 1] ?? 1))), 8)
      })
    )
  )
})
