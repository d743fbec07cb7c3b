import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Alibaba, Refreshing, StsConfigError } from "../../src/index.js"
import { explain } from "../../src/layers/explanation.js"
import { namesOf } from "../../src/protocol/redisEntry.js"
import { Redis, RedisCache } from "../../src/redis.js"
import { search } from "../leaks/search.js"
import { metrics } from "../leaks/watched.js"
import { cacheOf, fleetKey, nodeOf, purpose } from "../support/fleetNodes.js"
import { entryKey, leaseKey, minute, scenario, start, warnings, world } from "./redis/model.js"

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
        const { clock, redis } = yield* world
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
            calls: { endpoint: undefined, problem: undefined },
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
