import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { Blocking } from "../../src/blocking.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { ThisProcess } from "../../src/layers/cache/Lock.js"
import { ScriptedSource } from "../support/renewable.js"
import { cacheFolder, gives, giving, minutes, name, refuse } from "./cache/cacheFolder.js"

const { caching, directory, entry, lock, logged, logs, scenario } = cacheFolder()

const holder = (change: object = {}) => ({
  id: "0123456789abcdef0123456789abcdef",
  pid: 4711,
  thread: 0,
  host: "here",
  at: 0,
  ...change
})

const lockedBy = (change?: object) => {
  mkdirSync(directory(), { recursive: true, mode: 0o700 })
  writeFileSync(lock(), JSON.stringify(holder(change)))
}

const namespace = existsSync("/proc/self/ns/pid")
  ? Effect.runSync(fileSystem.readLink("/proc/self/ns/pid"))
  : ""
const here = namespace === "" ? "here" : `here ${namespace}`

const asProcess = (pid: number, living: ReadonlyArray<number>) =>
  Effect.provideService(ThisProcess, {
    pid,
    thread: 0,
    host: "here",
    uid: process.getuid?.(),
    isAlive: (other) => Effect.succeed(living.includes(other))
  })

describe("a lock in the cache's folder", () => {
  it.effect("of a dead process does not block", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: here })
        const { get } = yield* caching(giving())
        assert.strictEqual((yield* asProcess(1, [])(get)).accessKeyId, "ASIA0")
        assert.deepStrictEqual(readdirSync(directory()), [name()])
      })
    )
  )

  it.effect("of several dead processes is taken over", () =>
    scenario(() =>
      Effect.gen(function* () {
        const [first, second] = ["1", "2"].map((digit) => digit.repeat(32))
        lockedBy({ host: here, id: first })
        const successor = join(directory(), `${name()}.${first}.lock`)
        writeFileSync(successor, JSON.stringify(holder({ host: here, id: second })))
        utimesSync(successor, 0, 0)
        yield* TestClock.setTime(minutes(60 * 24 * 2))
        const { get } = yield* caching(giving())
        yield* asProcess(
          1,
          []
        )(Effect.flatMap(caching(giving(), { key: { by: "another" } }), (other) => other.get))
        assert.isTrue(existsSync(successor))
        yield* asProcess(1, [])(get)
        assert.isFalse(existsSync(successor))
        assert.isFalse(existsSync(lock()))
      })
    )
  )

  it.effect("of an earlier process with the same pid does not block", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: here, pid: 1 })
        const { get } = yield* caching(giving())
        yield* asProcess(1, [1])(get)
        assert.deepStrictEqual(readdirSync(directory()), [name()])
      })
    )
  )

  it.effect("of another thread of this process is respected", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: here, pid: 1, thread: 3 })
        const source = giving()
        const { get } = yield* caching(source)
        const waiting = yield* Effect.forkChild(asProcess(1, [1])(get))
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(source.contacts.length, 0)
        rmSync(lock())
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(waiting)
        assert.deepStrictEqual(logged, [])
      })
    )
  )

  it.effect("that is damaged does not block", () =>
    scenario(() =>
      Effect.gen(function* () {
        mkdirSync(directory(), { mode: 0o700 })
        writeFileSync(lock(), "")
        const { get } = yield* caching(giving())
        yield* get
        assert.deepStrictEqual(readdirSync(directory()), [name()])
      })
    )
  )

  it.effect("of another machine is respected until it is old", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: "elsewhere" })
        yield* TestClock.setTime(minutes(4))
        const source = giving()
        const { get } = yield* caching(source, { maxWait: "1 hour" })
        const waiting = yield* Effect.forkChild(asProcess(1, [])(get))
        yield* TestClock.adjust("50 seconds")
        assert.strictEqual(source.contacts.length, 0)
        yield* TestClock.adjust("11 seconds")
        yield* Fiber.join(waiting)
        assert.deepStrictEqual(readdirSync(directory()), [name()])
        assert.deepStrictEqual(logged, [])
      })
    )
  )

  it.effect("that is not released in time is passed with a warning", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: here })
        const source = giving()
        const { get } = yield* caching(source)
        const waiting = yield* Effect.forkChild(asProcess(1, [4711])(get))
        yield* TestClock.adjust("59 seconds")
        assert.strictEqual(source.contacts.length, 0)
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(waiting)
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "at the same time")
        assert.isTrue(existsSync(lock()))
        assert.isTrue(existsSync(entry()))
      })
    )
  )

  it.effect("is released on interruption, failure and timeout", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = new ScriptedSource((contact) => (contact === 1 ? { _tag: "Refuses" } : gives(10_000)))
        const { get } = yield* caching(source)
        const holding = yield* Effect.forkChild(get)
        yield* TestClock.adjust("1 second")
        assert.isTrue(existsSync(lock()))
        const waiting = yield* Effect.forkChild(get)
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(waiting)
        assert.isTrue(existsSync(lock()))
        yield* Fiber.interrupt(holding)
        assert.deepStrictEqual(readdirSync(directory()), [])
        yield* Effect.flip(get)
        assert.deepStrictEqual(readdirSync(directory()), [])
      })
    )
  )
})

describe("a cache under runSync", () => {
  it("asks once and waits for the lock of others", () => {
    lockedBy({ host: here, at: Date.now() })
    const source = giving()
    const program = Effect.gen(function* () {
      const cached = yield* caching(source, { maxWait: "100 millis" })
      const given = yield* Effect.all([cached.get, cached.get], { concurrency: 2 })
      yield* refuse(cached, "ASIA-ANOTHER")
      return given.map(({ accessKeyId }) => accessKeyId)
    })
    const ids = Effect.runSync(
      program.pipe(asProcess(1, [4711]), Effect.provide(Blocking.layer), Effect.provide(logs))
    )
    assert.lengthOf(ids, 2)
    assert.isTrue(
      logged.some((line) => line.includes("at the same time")),
      logged.join()
    )
    assert.isAtMost(source.contacts.length, 2)
    rmSync(lock())
    rmSync(entry())
    const again = giving()
    const both = Effect.flatMap(caching(again), ({ get }) => Effect.all([get, get], { concurrency: 2 }))
    Effect.runSync(Effect.provide(both, Blocking.layer))
    assert.strictEqual(again.contacts.length, 1)
  })
})
