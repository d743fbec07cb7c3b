import { readdirSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Alibaba, FileCache, Refreshing, StsConfigError } from "../../src/index.js"
import { ScriptedSource } from "../support/renewable.js"
import {
  cacheFolder,
  gives,
  giving,
  givingOnce,
  key,
  minutes,
  modeOf,
  name,
  refuse
} from "./cache/cacheFolder.js"

const { caching, directory, entry, logged, scenario } = cacheFolder()

describe("a cache in a file", () => {
  it.effect("asks once for all processes, in owner-only files", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const [one, other] = [yield* caching(source), yield* caching(source)]
        const first = yield* one.get
        const second = yield* other.get
        assert.strictEqual(source.contacts.length, 1)
        assert.strictEqual(second.accessKeyId, first.accessKeyId)
        assert.deepStrictEqual(second.secretAccessKey, first.secretAccessKey)
        assert.deepStrictEqual(second.expiration, first.expiration)
        assert.deepStrictEqual(readdirSync(directory()), [name()])
        assert.strictEqual(modeOf(entry()), 0o600)
        assert.strictEqual(modeOf(directory()), 0o700)
        assert.deepStrictEqual(logged, [])
      })
    )
  )

  it.effect("keeps all fields of Alibaba Cloud credentials", () =>
    scenario(() =>
      Effect.gen(function* () {
        const given = new Alibaba.Credentials({
          accessKeyId: "STS.example",
          accessKeySecret: Redacted.make("secret"),
          securityToken: Redacted.make("token"),
          expiration: DateTime.makeUnsafe(minutes(60)),
          source: "role acs:ram::1:role/reader over environment"
        })
        const cached = yield* FileCache.make(
          "alibaba",
          { name: "role", get: Effect.succeed(given) },
          { directory: directory(), key }
        )
        yield* cached.get
        assert.deepStrictEqual(yield* cached.get, given)
      })
    )
  )

  it.effect("does not keep credentials without an expiration", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = new ScriptedSource(() => ({ _tag: "GivesForGood" }))
        const { get } = yield* caching(source)
        yield* get
        yield* get
        assert.strictEqual(source.contacts.length, 2)
        assert.deepStrictEqual(readdirSync(directory()), [])
      })
    )
  )

  it.effect("keeps different purposes apart", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        yield* Effect.flatMap(caching(source), ({ get }) => get)
        yield* Effect.flatMap(caching(source, { key: { ...key, by: "another" } }), ({ get }) => get)
        assert.strictEqual(source.contacts.length, 2)
        assert.strictEqual(readdirSync(directory()).length, 2)
      })
    )
  )

  it.effect("refuses a relative folder", () =>
    scenario(() =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(caching(giving(), { directory: "cache" }))
        assert.instanceOf(error, StsConfigError)
        assert.strictEqual(error.key, "FileCache.directory")
      })
    )
  )
})

describe("cached credentials close to expiry", () => {
  it.effect("are renewed by one process while they serve the others", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = givingOnce(gives(10_000))
        const [one, other] = [yield* caching(source), yield* caching(source)]
        yield* one.get
        yield* TestClock.adjust("43 minutes")
        assert.strictEqual((yield* one.get).accessKeyId, "ASIA0")
        yield* TestClock.adjust("1 minute")
        const renewing = yield* Effect.forkChild(one.get)
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* other.get).accessKeyId, "ASIA0")
        assert.strictEqual(source.underWay, 1)
        yield* TestClock.adjust("9 seconds")
        assert.strictEqual((yield* Fiber.join(renewing)).accessKeyId, "ASIA1")
        assert.strictEqual((yield* other.get).accessKeyId, "ASIA1")
        assert.strictEqual(source.contacts.length, 2)
      })
    )
  )

  it.effect("are waited for in their last minute", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = givingOnce(gives(10_000))
        const [one, other] = [yield* caching(source), yield* caching(source)]
        yield* one.get
        yield* TestClock.adjust("59 minutes")
        const both = yield* Effect.forkChild(Effect.all([one.get, other.get], { concurrency: 2 }))
        yield* TestClock.adjust("15 seconds")
        const given = yield* Fiber.join(both)
        assert.deepStrictEqual(
          given.map(({ accessKeyId }) => accessKeyId),
          ["ASIA1", "ASIA1"]
        )
        assert.strictEqual(source.contacts.length, 2)
      })
    )
  )

  it.effect("are served while the source is down, with a warning, until they expire", () =>
    scenario(() =>
      Effect.gen(function* () {
        const { get } = yield* caching(givingOnce({ _tag: "IsDown" }))
        yield* get
        yield* TestClock.adjust("58 minutes")
        assert.strictEqual((yield* get).accessKeyId, "ASIA0")
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "could not renew")
        yield* TestClock.adjust("2 minutes")
        assert.strictEqual((yield* Effect.flip(get))._tag, "StsCredentialError")
      })
    )
  )

  it.effect("do not hide that the source refuses", () =>
    scenario(() =>
      Effect.gen(function* () {
        const { get } = yield* caching(givingOnce({ _tag: "Refuses" }))
        yield* get
        yield* TestClock.adjust("50 minutes")
        assert.include((yield* Effect.flip(get)).message, "it was told to fail")
        assert.deepStrictEqual(readdirSync(directory()), [name()])
      })
    )
  )

  it.effect("are not mistaken for good ones after the clock was put ahead or back", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const { get } = yield* caching(source)
        yield* TestClock.setTime(minutes(600))
        yield* get
        yield* TestClock.setTime(minutes(300))
        assert.strictEqual((yield* get).accessKeyId, "ASIA0")
        yield* TestClock.setTime(minutes(700))
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
        assert.strictEqual(source.contacts.length, 2)
      })
    )
  )

  it.effect("cost one session an hour with any number of refreshers above", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const all = yield* Effect.replicateEffect(
          Effect.map(caching(source), (cached) => Refreshing.make("aws", cached)),
          20
        )
        for (let minute = 0; minute < 180; minute++) {
          const given = yield* Effect.forEach(all, ({ get }) => get)
          const now = yield* DateTime.now
          for (const { expiration } of given) {
            assert.isTrue(expiration !== undefined && DateTime.isLessThan(now, expiration))
          }
          yield* TestClock.adjust("1 minute")
        }
        assert.isAtMost(source.contacts.length, 5)
      })
    )
  )
})

describe("credentials in a cache that a service refuses", () => {
  it.effect("are forgotten for all, if they are those of the file", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const [one, other] = [yield* caching(source), yield* caching(source)]
        yield* one.get
        yield* refuse(other, "ASIA-ANOTHER")
        assert.strictEqual((yield* one.get).accessKeyId, "ASIA0")
        yield* refuse(other, "ASIA0")
        assert.strictEqual((yield* one.get).accessKeyId, "ASIA1")
        assert.strictEqual((yield* other.get).accessKeyId, "ASIA1")
        assert.strictEqual(source.contacts.length, 2)
        assert.deepStrictEqual(source.invalidated, ["ASIA-ANOTHER", "ASIA0"])
      })
    )
  )
})
