/** Files and folders that are not as the cache left them. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as TestClock from "effect/testing/TestClock"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { ThisProcess } from "../../src/layers/cache/Lock.js"
import { refuse as refused } from "../support/systemErrors.js"
import { cacheFolder, giving, minutes, modeOf, name, secret } from "./cache/cacheFolder.js"

const { caching, directory, entry, logged, scenario } = cacheFolder()

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
        mkdirSync(directory())
        chmodSync(directory(), 0o777)
        const source = giving()
        const { get } = yield* caching(source)
        yield* get
        yield* get
        assert.strictEqual(source.contacts.length, 2)
        assert.deepStrictEqual(readdirSync(directory()), [])
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
        assert.deepStrictEqual(readdirSync(directory()), [])
        assert.include(logged[0], "belongs to another user")
      })
    )
  )

  it.effect("cannot be created does not prevent credentials", () =>
    scenario(() =>
      Effect.gen(function* () {
        writeFileSync(directory(), "a file")
        const { get } = yield* caching(giving(), { directory: join(directory(), "below") })
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
        mkdirSync(directory(), { mode: 0o700 })
        const left = [
          `.${name()}.0123456789abcdef.tmp`,
          `${name()}.${"0123456789abcdef".repeat(2)}.lock`,
          `${"0".repeat(64)}.json`
        ]
        const kept = ["notes.txt", "0123.json"]
        for (const file of [...left, ...kept]) {
          writeFileSync(join(directory(), file), "")
          utimesSync(join(directory(), file), 0, 0)
        }
        yield* TestClock.setTime(minutes(60 * 24 * 4))
        yield* Effect.flatMap(caching(giving()), ({ get }) => get)
        assert.deepStrictEqual(readdirSync(directory()).sort(), [...kept, name()].sort())
      })
    )
  )
})
