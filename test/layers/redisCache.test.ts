import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { Alibaba, Refreshing, StsConfigError } from "../../src/index.js"
import { explain } from "../../src/layers/explanation.js"
import { namesOf } from "../../src/protocol/redisEntry.js"
import { Redis, RedisCache } from "../../src/redis.js"
import { search } from "../leaks/search.js"
import { metrics } from "../leaks/watched.js"
import { cacheOf, FleetSts, fleetKey, nodeOf, OffClock, purpose } from "../support/fleetNodes.js"
import { keptLogs } from "../support/logs.js"
import { RedisModel } from "../support/redisModel.js"
import { VirtualClock } from "../support/time.js"

const start = 1_700_000_000_000
const minute = 60_000
const [entryKey = "", leaseKey = ""] = namesOf("aws", purpose).keys

/** Of the test that runs. TestClock would take real time for the days that pass here. */
let clock = new VirtualClock()

/** A fleet's Redis and STS, by the same time. */
const world = Effect.sync(() => {
  const { currentTimeMillisUnsafe: now } = clock
  const pass = (millis: number) => clock.pass(millis)
  const given = <A, E>(effect: Effect.Effect<A, E>, millis = 3_000) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(effect)
      yield* pass(millis)
      return yield* Fiber.join(fiber)
    })
  return { redis: new RedisModel(now), sts: new FleetSts(now), pass, given }
})

const { layer: logs, messages, warnings } = keptLogs()

const scenario = <A, E>(test: Effect.Effect<A, E>) =>
  Effect.suspend(() => {
    messages.length = 0
    warnings.length = 0
    clock = new VirtualClock()
    clock.jump(start)
    return Effect.provideService(test, Clock.Clock, clock)
  }).pipe(Effect.provide(logs))

describe("the fleet's cache", () => {
  it.effect("asks once for all, and gives each the same", () =>
    scenario(
      Effect.gen(function* () {
        const { given, redis, sts } = yield* world
        const nodes = yield* Effect.forEach(Array.from({ length: 20 }), () => nodeOf(redis.engine, sts))
        const all = yield* given(Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" }))
        assert.strictEqual(sts.calls, 1)
        assert.deepStrictEqual(new Set(all.map(({ accessKeyId }) => accessKeyId)), new Set(["ASIA1"]))
        for (const one of all) assert.strictEqual(Redacted.value(one.secretAccessKey), "secret-of-1")
        assert.deepStrictEqual(
          new Set(all.map(({ expiration }) => DateTime.toEpochMillis(expiration as DateTime.Utc))).size,
          1
        )
        assert.deepStrictEqual(warnings, [])
      })
    )
  )

  it.effect("costs no step until what is kept is due, and then one call whatever the number of nodes", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        const nodes = yield* Effect.forEach(Array.from({ length: 8 }), () => nodeOf(redis.engine, sts))
        const all = Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" })
        yield* given(all)
        const before = redis.steps.get("look")
        yield* pass(40 * minute)
        yield* given(all)
        assert.strictEqual(redis.steps.get("look"), before)
        yield* pass(6 * minute)
        yield* given(all)
        yield* pass(11 * minute)
        const last = yield* given(all)
        assert.strictEqual(sts.calls, 2)
        assert.deepStrictEqual(new Set(last.map(({ accessKeyId }) => accessKeyId)), new Set(["ASIA2"]))
      })
    )
  )

  it.effect("keeps nothing in Redis that tells credentials or whose they are", () =>
    scenario(
      Effect.gen(function* () {
        const { given, redis, sts } = yield* world
        yield* given((yield* nodeOf(redis.engine, sts)).get)
        const kept = JSON.stringify([...redis.keys])
        const planted = { secret: "secret-of-1", token: "token-of-1", id: "ASIA1", purpose: "reader" }
        assert.deepStrictEqual(search(kept, planted), [])
        assert.include(kept, "efsts:1:{")
      })
    )
  )

  it.effect("keeps all fields of Alibaba Cloud credentials", () =>
    scenario(
      Effect.gen(function* () {
        const { redis } = yield* world
        const credentials = new Alibaba.Credentials({
          accessKeyId: "STS.example",
          accessKeySecret: Redacted.make("secret"),
          securityToken: Redacted.make("token"),
          expiration: DateTime.makeUnsafe(start + 60 * minute),
          source: "role acs:ram::1:role/reader over environment"
        })
        const source = { name: "role", get: Effect.succeed(credentials) }
        const options = { key: purpose, encryptionKey: fleetKey }
        const provide = Effect.provideService(Redis.Redis, redis.engine)
        const one = yield* provide(RedisCache.make("alibaba", source, options))
        const other = yield* provide(
          RedisCache.make("alibaba", { ...source, get: Effect.die("asked") }, options)
        )
        const reading = yield* Effect.forkChild(Effect.andThen(one.get, other.get))
        yield* clock.pass(100)
        assert.deepStrictEqual(yield* Fiber.join(reading), credentials)
      })
    )
  )

  it.effect("keeps no credentials that never end", () =>
    scenario(
      Effect.gen(function* () {
        const { given, redis } = yield* world
        const source = {
          name: "own",
          get: Effect.map(
            Effect.void,
            () => new Alibaba.Credentials({ accessKeyId: "LTAI", accessKeySecret: Redacted.make("s") })
          )
        }
        const cache = yield* Effect.provideService(
          RedisCache.make("alibaba", source, { key: purpose, encryptionKey: fleetKey }),
          Redis.Redis,
          redis.engine
        )
        yield* given(cache.get)
        assert.deepStrictEqual(
          [...redis.keys.keys()].filter((key) => key.endsWith(":e") || key.endsWith(":l")),
          []
        )
      })
    )
  )

  it.effect("invalidates the credentials with that id alone, for the whole fleet", () =>
    scenario(
      Effect.gen(function* () {
        const { given, redis, sts } = yield* world
        const [one, other] = [yield* nodeOf(redis.engine, sts), yield* nodeOf(redis.engine, sts)]
        yield* given(one.get)
        yield* given(other.get)
        yield* given(Effect.andThen(one.invalidate("ASIA1"), other.invalidate("ASIA1")))
        const renewed = yield* given(Effect.all([one.get, other.get], { concurrency: "unbounded" }))
        assert.deepStrictEqual(
          renewed.map(({ accessKeyId }) => accessKeyId),
          ["ASIA2", "ASIA2"]
        )
        yield* given(one.invalidate("ASIA1"))
        assert.include(redis.value(entryKey), " ")
        assert.strictEqual(sts.calls, 2)
      })
    )
  )

  it.effect("replaces a holder that died after its lease, and refuses what it writes later", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        // A process that is gone: it was granted the lease and nothing more is heard of it.
        redis.execute({
          script: { name: "look", lua: "", sha: "" },
          keys: namesOf("aws", purpose).keys,
          values: ["dead", "5000", "-"]
        })
        const node = yield* nodeOf(redis.engine, sts)
        const reading = yield* Effect.forkChild(node.get)
        yield* pass(4_900)
        assert.strictEqual(sts.calls, 0)
        yield* pass(1_500)
        assert.strictEqual((yield* Fiber.join(reading)).accessKeyId, "ASIA1")
        const late = redis.execute({
          script: { name: "put", lua: "", sha: "" },
          keys: namesOf("aws", purpose).keys,
          values: ["dead", String(start * 1_000), String(start + 60 * minute), "1 2 3 4 x y.z", "w"]
        })
        assert.strictEqual(late[1], 0)
        void given
      })
    )
  )

  it.effect("keeps a lease for as long as the source works, and gives it back when it is interrupted", () =>
    scenario(
      Effect.gen(function* () {
        const { pass, redis, sts } = yield* world
        sts.takes = 30_000
        const cache = yield* cacheOf(redis.engine, sts)
        const reading = yield* Effect.forkChild(cache.get)
        yield* pass(20_000)
        assert.notStrictEqual(redis.value(leaseKey), "")
        yield* Effect.forkChild(Fiber.interrupt(reading))
        yield* pass(100)
        assert.strictEqual(redis.value(leaseKey), "")
      })
    )
  )

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
        const { redis, sts } = yield* world
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

  it.effect("holds the calls of all its roles below a rate", () =>
    scenario(
      Effect.gen(function* () {
        const { pass, redis, sts } = yield* world
        const rateLimit = { account: "1", perSecond: 10, burst: 2 }
        const nodes = yield* Effect.forEach(
          Array.from({ length: 12 }, (_, role) => ({ role })),
          (key) => nodeOf(redis.engine, sts, { key, rateLimit })
        )
        const reading = yield* Effect.forkChild(
          Effect.forEach(nodes, ({ get }) => get, { concurrency: "unbounded" })
        )
        yield* pass(20)
        assert.isAtMost(sts.calls, 3)
        yield* pass(500)
        assert.isAtMost(sts.calls, 8)
        assert.isAtLeast(sts.calls, 6)
        yield* pass(2_000)
        assert.strictEqual((yield* Fiber.join(reading)).length, 12)
      })
    )
  )

  it.effect("tells where credentials came from, and how old they are", () =>
    scenario(
      Effect.gen(function* () {
        const { given, pass, redis, sts } = yield* world
        const [one, other] = [yield* cacheOf(redis.engine, sts), yield* cacheOf(redis.engine, sts)]
        assert.isUndefined(yield* one.status)
        yield* given(one.get)
        yield* pass(5 * minute)
        yield* given(other.get)
        assert.strictEqual((yield* one.status)?.origin, "its source")
        const status = yield* other.status
        assert.strictEqual(status?.origin, "Redis")
        assert.approximately(status?.since ?? 0, start, 5_000)
        const explained = yield* given(
          explain([Refreshing.make("aws", other)], {
            cloud: "aws",
            prefixes: [],
            region: undefined,
            readers: [],
            inFiles: [],
            notes: () => []
          })
        )
        assert.match(explained.render(), /it gave credentials, from Redis, 30\d s old/)
        assert.include(yield* metrics, "effect_sts.fleet.reads")
      })
    )
  )

  it.effect("has a StsConfigError for what cannot be", () =>
    scenario(
      Effect.gen(function* () {
        const { redis, sts } = yield* world
        const wrong: ReadonlyArray<Partial<RedisCache.Options>> = [
          { encryptionKey: [] },
          { encryptionKey: undefined as unknown as RedisCache.EncryptionKey },
          { encryptionKey: Redacted.make("") },
          { encryptionKey: Redacted.make(new Uint8Array(16)) },
          { encryptionKey: Effect.fail("no key") },
          { lease: 0 },
          { rateLimit: { account: "1", perSecond: 0 } }
        ]
        for (const options of wrong) {
          const outcome = yield* Effect.result(cacheOf(redis.engine, sts, options))
          assert.isTrue(outcome._tag === "Failure" && outcome.failure instanceof StsConfigError)
        }
        for (const url of ["", "http://127.0.0.1", "redis://", "redis://:secret@ x"]) {
          const outcome = yield* Effect.result(Effect.scoped(Layer.build(Redis.layer({ url }))))
          assert.isTrue(outcome._tag === "Failure" && outcome.failure instanceof StsConfigError)
          assert.notInclude(JSON.stringify(outcome), "secret")
        }
        const missing = Redis.layerConfig({ url: Config.String("NO_SUCH_REDIS") })
        const outcome = yield* Effect.result(Effect.scoped(Layer.build(missing)))
        assert.isTrue(outcome._tag === "Failure" && outcome.failure instanceof StsConfigError)
      })
    )
  )

  it("tells under runSync that its client cannot be used there", () => {
    const outcome = Effect.runSync(
      Effect.result(
        Effect.scoped(Layer.build(Redis.layerClient({ eval: async () => [], evalSha: async () => [] })))
      )
    )
    assert.include(outcome._tag === "Failure" ? outcome.failure.message : "", "RedisBlocking.layer")
  })
})
