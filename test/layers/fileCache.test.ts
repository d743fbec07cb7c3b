import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Blocking } from "../../src/blocking.js"
import { Alibaba, FileCache, Refreshing, StsConfigError } from "../../src/index.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { RandomBytes, ThisProcess } from "../../src/layers/cache/Lock.js"
import { fileName } from "../../src/protocol/cacheEntry.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import { keptLogs } from "../support/logs.js"
import { type Behaviour, ScriptedSource } from "../support/renewable.js"
import { refuse as refused } from "../support/systemErrors.js"

let parent: string
let directory: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "effect-sts-cache-"))
  directory = join(parent, "cache")
  logged.length = 0
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const key = { by: "tester", role: "reader" }
const secret = "secret-of-a-scripted-source"
const hour = 3600
const minutes = (count: number) => count * 60_000

const name = (sealed = false) => fileName({ cloud: "aws", ...key }, sealed)
const entry = (sealed = false) => join(directory, name(sealed))
const lock = () => `${entry()}.lock`
const modeOf = (path: string): number => statSync(path).mode & 0o777

const gives = (takes = 0): Behaviour => ({ _tag: "Gives", seconds: hour, takes })
const giving = () => new ScriptedSource(() => gives())
/** Gives once and then does something else. */
const then = (behaviour: Behaviour) => new ScriptedSource((contact) => (contact === 0 ? gives() : behaviour))

const caching = (source: ScriptedSource, options: Partial<FileCache.Options> = {}) =>
  FileCache.make("aws", source, { directory, key, ...options })

const refuse = ({ invalidate }: CredentialSource<unknown>, accessKeyId: string) =>
  invalidate?.(accessKeyId) ?? Effect.void

const { layer: logs, messages: logged } = keptLogs()

const scenario = <A, E>(test: () => Effect.Effect<A, E, FileSystem.FileSystem>) =>
  Effect.suspend(test).pipe(Effect.provideService(FileSystem.FileSystem, fileSystem), Effect.provide(logs))

const holder = (change: object = {}) => ({
  id: "0123456789abcdef0123456789abcdef",
  pid: 4711,
  thread: 0,
  host: "here",
  at: 0,
  ...change
})

const lockedBy = (change?: object) => {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
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
        assert.deepStrictEqual(readdirSync(directory), [name()])
        assert.strictEqual(modeOf(entry()), 0o600)
        assert.strictEqual(modeOf(directory), 0o700)
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
          { directory, key }
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
        assert.deepStrictEqual(readdirSync(directory), [])
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
        assert.strictEqual(readdirSync(directory).length, 2)
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
        const source = then(gives(10_000))
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
        const source = then(gives(10_000))
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
        const { get } = yield* caching(then({ _tag: "IsDown" }))
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
        const { get } = yield* caching(then({ _tag: "Refuses" }))
        yield* get
        yield* TestClock.adjust("50 minutes")
        assert.include((yield* Effect.flip(get)).message, "it was told to fail")
        assert.deepStrictEqual(readdirSync(directory), [name()])
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

const plain = (change: object) => {
  const document = JSON.parse(readFileSync(entry(), "utf8"))
  writeFileSync(entry(), JSON.stringify({ ...document, ...change }), { mode: 0o600 })
}

const spoilt: Readonly<Record<string, () => void>> = {
  "is empty": () => writeFileSync(entry(), ""),
  "is cut short": () => writeFileSync(entry(), readFileSync(entry(), "utf8").slice(0, -20)),
  "is no text": () => writeFileSync(entry(), Buffer.from([0, 255, 254, 1])),
  "is another program's": () => writeFileSync(entry(), '{"accessKeyId":"PLANTED","secret":"PLANTED"}'),
  "is of a later version": () => plain({ version: 2 }),
  "is for something else": () => plain({ for: { cloud: "aws", by: "somebody" } }),
  "has no credentials": () => plain({ content: { id: "PLANTED" } }),
  "has impossible times": () =>
    plain({ content: { id: "PLANTED", secret: "PLANTED", issuedAt: 0, expiresAt: 1e300 } }),
  "has odd characters": () =>
    plain({ content: { id: "PLANTED", secret: "PLAN\nTED", issuedAt: 0, expiresAt: minutes(60) } }),
  "can be changed by others": () => chmodSync(entry(), 0o620),
  "is a folder": () => {
    rmSync(entry())
    mkdirSync(entry())
  }
}

describe("a file that", () => {
  for (const [what, spoil] of Object.entries(spoilt)) {
    it.effect(`${what} is ignored, with one warning`, () =>
      scenario(() =>
        Effect.gen(function* () {
          const source = giving()
          const { get } = yield* caching(source)
          yield* get
          spoil()
          assert.strictEqual((yield* get).accessKeyId, "ASIA1")
          const warnings = logged.filter((line) => line.includes("is not used"))
          assert.strictEqual(warnings.length, 1)
          assert.notInclude(logged.join(), "PLANTED")
          assert.notInclude(logged.join(), secret)
          if (what === "is a folder") return
          assert.strictEqual((yield* get).accessKeyId, "ASIA1")
          assert.strictEqual(modeOf(entry()), 0o600)
        })
      )
    )
  }

  it.effect("others can read is used with a warning", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const { get } = yield* caching(source)
        yield* get
        chmodSync(entry(), 0o644)
        yield* get
        yield* get
        assert.strictEqual(source.contacts.length, 1)
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "chmod 600")
      })
    )
  )
})

describe("a folder that", () => {
  it.effect("others can write to is not used", () =>
    scenario(() =>
      Effect.gen(function* () {
        mkdirSync(directory)
        chmodSync(directory, 0o777)
        const source = giving()
        const { get } = yield* caching(source)
        yield* get
        yield* get
        assert.strictEqual(source.contacts.length, 2)
        assert.deepStrictEqual(readdirSync(directory), [])
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "can be changed by others")
      })
    )
  )

  it.effect("belongs to another user is not used", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const { get } = yield* caching(source)
        yield* Effect.provideService(get, ThisProcess, {
          pid: 1,
          thread: 0,
          host: "here",
          uid: 4711,
          isAlive: () => Effect.succeed(true)
        })
        assert.deepStrictEqual(readdirSync(directory), [])
        assert.include(logged[0], "belongs to another user")
      })
    )
  )

  it.effect("cannot be created does not prevent credentials", () =>
    scenario(() =>
      Effect.gen(function* () {
        writeFileSync(directory, "a file")
        const { get } = yield* caching(giving(), { directory: join(directory, "below") })
        assert.strictEqual((yield* get).accessKeyId, "ASIA0")
        assert.strictEqual(logged.length, 1)
      })
    )
  )

  it.effect("is full or cannot lock does not prevent credentials", () =>
    scenario(() =>
      Effect.gen(function* () {
        for (const method of ["open", "link"] as const) {
          const failing = Object.assign(Object.create(fileSystem) as FileSystem.FileSystem, {
            [method]: () => refused(method, "", "Unknown")
          })
          logged.length = 0
          const { get } = yield* Effect.provideService(
            caching(giving(), { key: { method } }),
            FileSystem.FileSystem,
            failing
          )
          assert.strictEqual((yield* get).accessKeyId, "ASIA0")
          assert.strictEqual(logged.length, 1, logged.join())
        }
      })
    )
  )

  it.effect("has leftovers is cleaned up", () =>
    scenario(() =>
      Effect.gen(function* () {
        mkdirSync(directory, { mode: 0o700 })
        const left = [
          `.${name()}.0123456789abcdef.tmp`,
          `${name()}.${holder().id}.lock`,
          `${"0".repeat(64)}.json`
        ]
        const kept = ["notes.txt", "0123.json"]
        for (const file of [...left, ...kept]) {
          writeFileSync(join(directory, file), "")
          utimesSync(join(directory, file), 0, 0)
        }
        yield* TestClock.setTime(minutes(60 * 24 * 4))
        yield* Effect.flatMap(caching(giving()), ({ get }) => get)
        assert.deepStrictEqual(readdirSync(directory).sort(), [...kept, name()].sort())
      })
    )
  )
})

describe("a lock in the cache's folder", () => {
  it.effect("of a dead process does not block", () =>
    scenario(() =>
      Effect.gen(function* () {
        lockedBy({ host: here })
        const { get } = yield* caching(giving())
        assert.strictEqual((yield* asProcess(1, [])(get)).accessKeyId, "ASIA0")
        assert.deepStrictEqual(readdirSync(directory), [name()])
      })
    )
  )

  it.effect("of several dead processes is taken over", () =>
    scenario(() =>
      Effect.gen(function* () {
        const [first, second] = ["1", "2"].map((digit) => digit.repeat(32))
        lockedBy({ host: here, id: first })
        const successor = join(directory, `${name()}.${first}.lock`)
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
        assert.deepStrictEqual(readdirSync(directory), [name()])
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
        mkdirSync(directory, { mode: 0o700 })
        writeFileSync(lock(), "")
        const { get } = yield* caching(giving())
        yield* get
        assert.deepStrictEqual(readdirSync(directory), [name()])
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
        assert.deepStrictEqual(readdirSync(directory), [name()])
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
        assert.deepStrictEqual(readdirSync(directory), [])
        yield* Effect.flip(get)
        assert.deepStrictEqual(readdirSync(directory), [])
      })
    )
  )
})

const passphrase = Redacted.make("correct horse battery staple")

describe("a sealed file", () => {
  for (const [kind, encryptionKey] of [
    ["a key", Redacted.make(new Uint8Array(32).fill(7))],
    ["a passphrase", passphrase]
  ] as const) {
    it.effect(`is decrypted with ${kind}, and shows no secret`, () =>
      scenario(() =>
        Effect.gen(function* () {
          const source = giving()
          const [one, other] = [
            yield* caching(source, { encryptionKey }),
            yield* caching(source, { encryptionKey })
          ]
          yield* one.get
          assert.strictEqual(Redacted.value((yield* other.get).secretAccessKey), secret)
          assert.strictEqual(source.contacts.length, 1)
          const text = readFileSync(entry(true), "utf8")
          for (const hidden of [secret, "ASIA0", Buffer.from(secret).toString("base64")]) {
            assert.notInclude(text, hidden)
          }
          assert.include(text, '"role": "reader"')
        })
      )
    )
  }

  it.effect("that another key sealed is warned of and replaced", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        yield* Effect.flatMap(caching(source, { encryptionKey: passphrase }), ({ get }) => get)
        const { get } = yield* caching(source, { encryptionKey: Redacted.make("another") })
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "the key does not open it")
      })
    )
  )

  it.effect("that was modified is not decrypted", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const { get } = yield* caching(source, { encryptionKey: passphrase })
        yield* get
        const document = JSON.parse(readFileSync(entry(true), "utf8"))
        const text = Buffer.from(document.sealed.text, "base64")
        text[3] = (text[3] ?? 0) ^ 1
        document.sealed.text = text.toString("base64")
        writeFileSync(entry(true), JSON.stringify(document))
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
      })
    )
  )

  it.effect("and a plain one leave each other alone", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const [open, sealed] = [yield* caching(source), yield* caching(source, { encryptionKey: passphrase })]
        for (const _ of [1, 2]) {
          assert.strictEqual((yield* open.get).accessKeyId, "ASIA0")
          assert.strictEqual((yield* sealed.get).accessKeyId, "ASIA1")
        }
        assert.deepStrictEqual(logged, [])
      })
    )
  )

  it.effect("has a new nonce each time", () =>
    scenario(() =>
      Effect.gen(function* () {
        let calls = 0
        const counted = (count: number) => Effect.sync(() => new Uint8Array(count).fill(++calls))
        const source = giving()
        const cached = yield* caching(source, { encryptionKey: Redacted.make(new Uint8Array(32)) })
        const nonces = new Set<string>()
        for (let time = 0; time < 3; time++) {
          const { accessKeyId } = yield* Effect.provideService(cached.get, RandomBytes, counted)
          nonces.add(JSON.parse(readFileSync(entry(true), "utf8")).sealed.nonce)
          yield* refuse(cached, accessKeyId)
        }
        assert.strictEqual(nonces.size, 3)
      })
    )
  )

  it.effect("needs a whole key", () =>
    scenario(() =>
      Effect.gen(function* () {
        for (const encryptionKey of [Redacted.make(new Uint8Array(31)), Redacted.make("")]) {
          const error = yield* Effect.flip(caching(giving(), { encryptionKey }))
          assert.strictEqual(error.key, "FileCache.encryptionKey")
        }
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
    Effect.runSync(program.pipe(asProcess(1, [4711]), Effect.provide(Blocking.layer), Effect.provide(logs)))
    assert.isAtMost(source.contacts.length, 2)
    rmSync(lock())
    rmSync(entry())
    const again = giving()
    const both = Effect.flatMap(caching(again), ({ get }) => Effect.all([get, get], { concurrency: 2 }))
    Effect.runSync(Effect.provide(both, Blocking.layer))
    assert.strictEqual(again.contacts.length, 1)
  })
})
