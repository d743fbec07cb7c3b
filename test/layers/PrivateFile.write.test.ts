import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { reasonOf, write } from "../../src/layers/PrivateFile.js"
import { newFolder } from "../support/folders.js"
import { refuse } from "../support/systemErrors.js"

let folder: string
beforeEach(() => {
  folder = newFolder()
})

const modeOf = (path: string): number => statSync(path).mode & 0o777

const node = Effect.provide(FileSystem.FileSystem, NodeFileSystem.layer)

const failing = (method: "rename" | "open") =>
  Object.assign(Object.create(fileSystem) as FileSystem.FileSystem, {
    [method]: () => refuse(method, "", "PermissionDenied")
  })

describe("a file of secrets", () => {
  it.effect("is the owner's alone, folders included, whatever was there before", () =>
    Effect.gen(function* () {
      const fs = yield* node
      const file = join(folder, "a/b/token.json")
      yield* write(fs, file, "first")
      assert.strictEqual(readFileSync(file, "utf8"), "first")
      assert.strictEqual(modeOf(file), 0o600)
      assert.strictEqual(modeOf(join(folder, "a/b")), 0o700)
      chmodSync(file, 0o644)
      yield* write(fs, file, "second, ü")
      assert.strictEqual(readFileSync(file, "utf8"), "second, ü")
      assert.strictEqual(modeOf(file), 0o600)
      assert.deepStrictEqual(readdirSync(join(folder, "a/b")), ["token.json"])
    })
  )

  it("is written under runSync", () => {
    const file = join(folder, "sync/token.json")
    Effect.runSync(write(fileSystem, file, "secret"))
    assert.strictEqual(readFileSync(file, "utf8"), "secret")
    assert.strictEqual(modeOf(file), 0o600)
  })

  it.effect.skipIf(process.platform !== "linux")("is refused where no folder can be made, and soon", () =>
    Effect.gen(function* () {
      for (const fs of [yield* node, fileSystem]) {
        const error = yield* Effect.flip(write(fs, "/proc/effect-sts/a/token.json", "secret"))
        assert.strictEqual(reasonOf(error), "NotFound")
      }
    })
  )

  it("follows a symbolic link", () => {
    writeFileSync(join(folder, "real"), "old")
    symlinkSync(join(folder, "real"), join(folder, "link"))
    Effect.runSync(write(fileSystem, join(folder, "link"), "new"))
    assert.strictEqual(readFileSync(join(folder, "real"), "utf8"), "new")
    assert.isTrue(readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isSymbolicLink()))
  })

  for (const method of ["rename", "open"] as const) {
    it(`is unchanged, without leftovers, when ${method} fails`, () => {
      const file = join(folder, "token.json")
      writeFileSync(file, "old")
      const error = Effect.runSync(Effect.flip(write(failing(method), file, "PLANTED-SECRET")))
      assert.notInclude(String(error), "PLANTED-SECRET")
      assert.strictEqual(readFileSync(file, "utf8"), "old")
      assert.deepStrictEqual(readdirSync(folder), ["token.json"])
    })
  }

  it.effect("is whole though its writer is interrupted", () =>
    Effect.gen(function* () {
      const fs = yield* node
      const begun = yield* Deferred.make<void>()
      const file = join(folder, "token.json")
      const slow = Object.assign(Object.create(fs) as FileSystem.FileSystem, {
        rename: (from: string, to: string) =>
          Deferred.succeed(begun, undefined).pipe(
            Effect.andThen(Effect.yieldNow),
            Effect.andThen(fs.rename(from, to))
          )
      })
      const writer = yield* Effect.forkChild(write(slow, file, "whole"))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(writer)
      assert.strictEqual(readFileSync(file, "utf8"), "whole")
      assert.deepStrictEqual(readdirSync(folder), ["token.json"])
    })
  )

  it.effect("has one writer's content after concurrent writes", () =>
    Effect.gen(function* () {
      const fs = yield* node
      const file = join(folder, "token.json")
      const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000))
      yield* Effect.forEach(texts, (text) => write(fs, file, text), { concurrency: "unbounded" })
      assert.include(texts, readFileSync(file, "utf8"))
      assert.isTrue(existsSync(file))
      assert.deepStrictEqual(readdirSync(folder), ["token.json"])
    })
  )
})
