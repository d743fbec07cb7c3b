import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import * as TestClock from "effect/testing/TestClock"
import { Blocking } from "../../src/blocking.js"
import { Aws, Metrics, Refreshing } from "../../src/index.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import { type Behaviour, ScriptedSource } from "../support/renewable.js"
import { aSecond, gives, isDown, refuses, warm, wave } from "./refreshing.js"

describe("errors", () => {
  it.effect("that need action are raised at once, even with kept credentials", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => (contact === 0 ? gives(3_600) : refuses))
      const kept = yield* warm(source)
      yield* TestClock.adjust("46 minutes")
      const error = yield* Effect.flip(aSecond(kept.get))
      assert.strictEqual(error._tag === "StsCredentialError" && error.reason, "Refused")
      // Remembered for seconds, not for minutes.
      assert.strictEqual(yield* Effect.flip(kept.get), error)
      assert.strictEqual(source.contacts.length, 2)
      source.behave = () => gives(3_600)
      yield* TestClock.adjust("6 seconds")
      assert.strictEqual((yield* aSecond(kept.get)).accessKeyId, "ASIA2")
    })
  )

  it.effect("of a broken source reach all waiting callers, and the next renewal starts", () =>
    Effect.gen(function* () {
      let broken = true
      const { get } = Refreshing.make("aws", {
        name: "broken",
        get: Effect.suspend(() => {
          if (!broken) return new ScriptedSource(() => gives(900, 0)).get
          throw new Error("a bug in the source")
        })
      })
      const exits = yield* wave(10, Effect.exit(get))
      for (const exit of exits) {
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      }
      broken = false
      assert.strictEqual((yield* get).accessKeyId, "ASIA0")
    })
  )

  it.effect("of a broken tracer do not block callers", () =>
    Effect.gen(function* () {
      const broken = Tracer.make({
        span: () => {
          throw new Error("a bug in the tracer")
        },
        context: (primitive, fiber) => primitive["~effect/Effect/evaluate"](fiber)
      })
      const { get } = Refreshing.make("aws", new ScriptedSource(() => gives(900, 0)))
      const exit = yield* Effect.exit(Effect.timeout(Effect.withTracer(get, broken), "1 minute")).pipe(
        Effect.forkChild,
        Effect.tap(() => TestClock.adjust("2 minutes")),
        Effect.flatMap(Fiber.join)
      )
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual((yield* get).accessKeyId, "ASIA0")
    })
  )
})

describe("renewal", () => {
  it.effect("does not replace valid credentials with expired ones", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => (contact === 0 ? gives(3_600) : { _tag: "GivesEnded" }))
      const kept = yield* warm(source)
      yield* TestClock.adjust("50 minutes")
      assert.strictEqual((yield* aSecond(kept.get)).accessKeyId, "ASIA0")
      assert.strictEqual((yield* kept.get).accessKeyId, "ASIA0")
      assert.strictEqual(source.contacts.length, 2)
    })
  )

  it.effect("of refused credentials is not delayed by an earlier renewal without news", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(200))
      const kept = yield* warm(source)
      yield* aSecond(kept.get)
      const { accessKeyId } = yield* kept.get
      assert.strictEqual(source.contacts.length, 2)
      yield* kept.invalidate(accessKeyId)
      yield* aSecond(kept.get)
      assert.strictEqual(source.contacts.length, 3)
    })
  )

  it.effect("of 900-second credentials happens a few times an hour", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(900, 0))
      const { get } = Refreshing.make("aws", source)
      for (let second = 0; second < 3_600; second += 10) {
        yield* get
        yield* TestClock.adjust("10 seconds")
      }
      assert.isAtLeast(source.contacts.length, 5)
      assert.isAtMost(source.contacts.length, 8)
    })
  )

  it.effect("is not repeated by every caller when the source has nothing newer", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(6 * 3_600, 0))
      const { get } = Refreshing.make("aws", source)
      const first = yield* get
      // As a metadata service that rotates in the last half hour.
      const same = { name: "same", get: Effect.as(source.get, first) }
      const kept = Refreshing.make("aws", same)
      for (let second = 0; second < 6 * 3_600 - 60; second += 60) {
        yield* kept.get
        yield* TestClock.adjust("1 minute")
      }
      assert.isAtMost(source.contacts.length, 16)
    })
  )

  it.effect("is jittered by a tenth of the window", () =>
    Effect.gen(function* () {
      const starts = new Set<number>()
      for (let process = 0; process < 20; process++) {
        const kept = Refreshing.make("aws", new ScriptedSource(() => gives(3_600, 0)))
        yield* kept.get
        const { expiresAt = 0, refreshAt = 0 } = (yield* kept.status) ?? {}
        const before = expiresAt - refreshAt
        assert.isAtLeast(before, 15 * 60_000)
        assert.isAtMost(before, 16.5 * 60_000)
        starts.add(before)
      }
      assert.isAbove(starts.size, 15)
    })
  )

  it.effect("never happens to credentials without an expiration, unless refused", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => ({ _tag: "GivesForGood" }))
      const { get, invalidate } = Refreshing.make("aws", source)
      yield* get
      yield* TestClock.adjust("1000 days")
      yield* get
      assert.strictEqual(source.contacts.length, 1)
      yield* invalidate("ASIA0")
      assert.strictEqual((yield* get).accessKeyId, "ASIA1")
      assert.deepStrictEqual(source.invalidated, ["ASIA0"])
    })
  )

  it.effect("works after the clock was set back by a day", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(48 * 3_600_000)
      const source = new ScriptedSource((contact) => (contact === 1 ? isDown : gives(900)))
      const kept = yield* warm(source)
      yield* TestClock.adjust("16 minutes")
      yield* aSecond(kept.get)
      assert.strictEqual(source.contacts.length, 2)
      yield* TestClock.setTime(24 * 3_600_000)
      yield* kept.invalidate("ASIA0")
      assert.strictEqual((yield* aSecond(kept.get)).accessKeyId, "ASIA2")
    })
  )

  it.effect("is counted by outcome", () =>
    Effect.gen(function* () {
      const count = (outcome: Metrics.RefreshOutcome) =>
        Effect.map(Metric.value(Metrics.refreshes("aws", outcome)), (state) => state.count)
      const before = yield* Effect.all([count("refreshed"), count("kept"), count("failed")])
      const script = [gives(900), isDown, refuses]
      const source = new ScriptedSource((contact) => script[contact] ?? refuses)
      const kept = yield* warm(source)
      yield* TestClock.adjust("16 minutes")
      yield* aSecond(kept.get)
      yield* TestClock.adjust("11 minutes")
      yield* Effect.flip(aSecond(kept.get))
      const after = yield* Effect.all([count("refreshed"), count("kept"), count("failed")])
      assert.deepStrictEqual(
        after.map((value, index) => value - (before[index] ?? 0)),
        [1, 1, 1]
      )
    })
  )
})

describe("in the background", () => {
  const provided = (source: CredentialSource<Aws.Credentials>) =>
    Refreshing.layerBackground("aws", Aws.CredentialProvider).pipe(
      Layer.provide(Layer.succeed(Aws.CredentialProvider, source))
    )

  it.effect("credentials are renewed without a caller, until the scope closes", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource(() => gives(3_600, 10_000))
      yield* Effect.gen(function* () {
        yield* TestClock.adjust("3 hours")
        assert.isAtLeast(source.contacts.length, 4)
        assert.isAtMost(source.contacts.length, 6)
        const { get } = yield* Aws.CredentialProvider
        const contacts = source.contacts.length
        yield* get // at once: the clock stands still
        assert.strictEqual(source.contacts.length, contacts)
      }).pipe(Effect.provide(provided(source)))
      const contacts = source.contacts.length
      yield* TestClock.adjust("3 hours")
      assert.strictEqual(source.contacts.length, contacts)
    })
  )

  it.effect("a failing source is not asked more often than in the foreground", () =>
    Effect.gen(function* () {
      const source = new ScriptedSource((contact) => (contact === 0 ? gives(3_600) : isDown))
      yield* Effect.provide(TestClock.adjust("7 hours"), provided(source))
      assert.isAtMost(source.contacts.length, 75)
      assert.isAtLeast(source.contacts.length, 30)
    })
  )

  it.effect("a source that needs action is asked once a minute until it works", () =>
    Effect.gen(function* () {
      const hourOf = (around: (source: ScriptedSource) => CredentialSource<Aws.Credentials>) => {
        let behaviour: Behaviour = gives(900)
        const source = new ScriptedSource(() => behaviour)
        const count = Effect.sync(() => source.contacts.length)
        return Effect.gen(function* () {
          yield* TestClock.adjust("1 minute")
          assert.strictEqual(yield* count, 1)
          behaviour = refuses
          const before = yield* count
          yield* TestClock.adjust("1 hour")
          const during = (yield* count) - before
          assert.isAtMost(during, 61)
          assert.isAtLeast(during, 45)
          behaviour = gives(3_600)
          yield* TestClock.adjust("2 minutes")
          assert.isAtMost((yield* count) - before - during, 2)
        }).pipe(Effect.provide(provided(around(source))))
      }
      yield* hourOf((source) => source)
      yield* hourOf(({ get, name }) => ({ name, get: Effect.catch(get, () => Effect.die("a bug")) }))
    })
  )
})

describe("under Effect.runSync", () => {
  it("readers share a renewal, and kept credentials are served on failure", () => {
    const source = new ScriptedSource((contact) => (contact === 0 ? gives(30, 20) : { ...isDown, takes: 5 }))
    const { get } = Refreshing.make("aws", source)
    const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runSync(Effect.provide(effect, Blocking.layer))
    const all = run(wave(50, get))
    assert.strictEqual(all.length, 50)
    // Half a minute is less than the mandatory one: every time is a time to renew.
    assert.strictEqual(run(get).accessKeyId, "ASIA0")
    assert.strictEqual(run(get).accessKeyId, "ASIA0")
    assert.strictEqual(source.contacts.length, 2)
  })

  it("a caller's timeout ends before the renewal", () => {
    const source = new ScriptedSource(() => gives(3_600, 50))
    const { get } = Refreshing.make("aws", source)
    const outcome = Effect.runSync(
      Effect.result(Effect.timeout(get, 10)).pipe(Effect.provide(Blocking.layer))
    )
    assert.strictEqual(outcome._tag, "Failure")
    assert.strictEqual(Effect.runSync(Effect.provide(get, Blocking.layer)).accessKeyId, "ASIA0")
    assert.strictEqual(source.contacts.length, 1)
  })
})
