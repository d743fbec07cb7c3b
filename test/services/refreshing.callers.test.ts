/** Many who ask a refresher at once, and those who give up. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { Refreshing, RequestPolicy } from "../../src/index.js"
import { ScriptedSource } from "../support/renewable.js"
import { aSecond, gives, isDown, warm, wave } from "./refreshing.js"

describe("many concurrent readers", () => {
  it.effect("1,000 on expired credentials make one call", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(900))
      const kept = yield* warm(source)
      yield* TestClock.adjust("16 minutes")
      const all = yield* aSecond(wave(1_000, kept.get))
      assert.strictEqual(source.contacts.length, 2)
      assert.deepStrictEqual(new Set(all.map(({ accessKeyId }) => accessKeyId)), new Set(["ASIA1"]))
    })
  )

  it.effect("1,000 before there are any make one call", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(3_600))
      const { get } = Refreshing.make("aws", source)
      yield* aSecond(wave(1_000, get))
      assert.strictEqual(source.contacts.length, 1)
    })
  )

  it.effect("1,000 every four minutes get kept credentials while the source is down for six hours", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => (contact === 0 ? gives(3_600) : isDown))
      const kept = yield* warm(source)
      for (let turn = 0; turn < 90; turn++) {
        const all = yield* aSecond(wave(1_000, kept.get))
        assert.isTrue(all.every(({ accessKeyId }) => accessKeyId === "ASIA0"))
        yield* TestClock.adjust("239 seconds")
      }
      const [, ...failed] = source.contacts
      assert.isAtLeast(failed.length, 25)
      for (const [index, contact] of failed.slice(1).entries()) {
        const pause = contact.startedAt - (failed[index]?.endedAt ?? 0)
        assert.isAtLeast(pause, 300_000)
      }
    })
  )

  it.effect("1,000 share one error when nothing is kept", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => isDown)
      const { get } = Refreshing.make("aws", source)
      const all = yield* aSecond(wave(1_000, Effect.flip(get)))
      assert.strictEqual(source.contacts.length, 1)
      assert.strictEqual(new Set(all).size, 1)
      // No pause follows: the next wave may succeed.
      source.behave = () => gives(900)
      yield* aSecond(wave(1_000, get))
      assert.strictEqual(source.contacts.length, 2)
    })
  )

  it.effect("one caller renews in the advisory window without blocking others", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => gives(3_600, contact === 0 ? 0 : 10_000))
      const kept = yield* warm(source)
      yield* TestClock.adjust("46 minutes")
      const first = yield* Effect.forkChild(kept.get)
      yield* TestClock.adjust("1 second")
      const others = yield* wave(1_000, kept.get)
      assert.isTrue(others.every(({ accessKeyId }) => accessKeyId === "ASIA0"))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(first)).accessKeyId, "ASIA1")
      assert.strictEqual(source.contacts.length, 2)
    })
  )
})

describe("interruption", () => {
  it.effect("of the first caller does not stop the renewal", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(3_600, 10_000))
      const { get } = Refreshing.make("aws", source)
      const leader = yield* Effect.forkChild(get)
      yield* TestClock.adjust("1 second")
      const followers = yield* Effect.forkChild(wave(10, get))
      yield* TestClock.adjust("1 second")
      const left = yield* Effect.andThen(Fiber.interrupt(leader), Fiber.await(leader))
      assert.isTrue(Exit.hasInterrupts(left))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(followers)).length, 10)
      assert.strictEqual(source.contacts.length, 1)
    })
  )

  it.effect("of all callers leaves the renewal to the next", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(3_600, 10_000))
      const { get } = Refreshing.make("aws", source)
      const waiters = yield* Effect.forEach(Array.from({ length: 10 }), () => Effect.forkChild(get))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interruptAll(waiters)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* get).accessKeyId, "ASIA0")
      assert.strictEqual(source.contacts.length, 1)
    })
  )
})

describe("a caller with a short timeout", () => {
  it.effect("does not fail the renewal for others", () =>
    Effect.gen(function* () {
      const limits: Array<number> = []
      const source = new ScriptedSource(() => gives(3_600, 5_000))
      const { get } = Refreshing.make("aws", {
        name: "asking",
        get: Effect.flatMap(RequestPolicy, ({ maxAttempts, timeout }) => {
          limits.push(timeout, maxAttempts)
          return source.get
        })
      })
      const hurried = yield* Effect.forkChild(
        Effect.timeoutOption(
          RequestPolicy.adjust({ timeout: "100 millis", maxAttempts: 1 })(get),
          "100 millis"
        )
      )
      yield* TestClock.adjust("10 millis")
      const patient = yield* Effect.forkChild(get)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual((yield* Fiber.join(hurried))._tag, "None")
      assert.strictEqual((yield* Fiber.join(patient)).accessKeyId, "ASIA0")
      assert.deepStrictEqual(limits, [10_000, 3])
    })
  )

  it.effect("a source that never answers times out after five minutes, and kept credentials are served", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => gives(3_600, contact === 0 ? 0 : 1_000_000_000))
      const kept = yield* warm(source)
      yield* TestClock.adjust(3_570_000)
      const waiting = yield* Effect.forkChild(wave(10, kept.get))
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* Fiber.join(waiting))[0]?.accessKeyId, "ASIA0")
      assert.strictEqual(source.underWay, 0)
      assert.isDefined((yield* kept.status)?.retryAt)
    })
  )
})
