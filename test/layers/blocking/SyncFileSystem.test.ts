import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { layer } from "../../../src/layers/blocking/SyncFileSystem.js"
import * as Platform from "../../../src/layers/platform.js"
import { size } from "../../../src/layers/platform.js"

/** Runs with the file system and a directory of its own. */
const inDirectory = <A, E>(
  use: (fs: FileSystem.FileSystem, at: (name: string) => string) => Effect.Effect<A, E, Scope.Scope>
): A =>
  Effect.runSync(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "effect-sts-" })
      return yield* use(fs, (name) => path.join(directory, name))
    }).pipe(Effect.scoped, Effect.provide(layer))
  )

const reasonOf = <A>(effect: Effect.Effect<A, Platform.PlatformError>) =>
  Effect.map(Effect.flip(effect), (error) => Platform.reasonOf(error).reason)

describe("SyncFileSystem", () => {
  it("writes, reads, renames and removes", () =>
    inDirectory((fs, at) =>
      Effect.gen(function* () {
        yield* fs.writeFileString(at("a"), "secret", { mode: 0o600 })
        assert.strictEqual((yield* fs.stat(at("a"))).mode & 0o777, 0o600)
        assert.strictEqual(yield* fs.readFileString(at("a")), "secret")
        yield* fs.writeFile(at("a"), new Uint8Array([33]), { flag: "a" })
        yield* fs.rename(at("a"), at("b"))
        assert.isFalse(yield* fs.exists(at("a")))
        assert.deepStrictEqual(yield* fs.readFile(at("b")), new TextEncoder().encode("secret!"))
        yield* fs.truncate(at("b"), 2)
        yield* fs.copyFile(at("b"), at("c"))
        assert.strictEqual(yield* fs.readFileString(at("c")), "se")
        yield* fs.remove(at("c"))
        yield* fs.remove(at("c"), { force: true })
        assert.deepStrictEqual(yield* fs.readDirectory(at(".")), ["b"])
      })
    ))

  it("handles directories, links, modes and times", () =>
    inDirectory((fs, at) =>
      Effect.gen(function* () {
        yield* fs.makeDirectory(at("a/b"), { recursive: true, mode: 0o700 })
        yield* fs.writeFileString(at("a/b/file"), "")
        yield* fs.symlink(at("a/b/file"), at("soft"))
        yield* fs.link(at("a/b/file"), at("hard"))
        assert.strictEqual(yield* fs.readLink(at("soft")), at("a/b/file"))
        assert.strictEqual(yield* fs.realPath(at("soft")), yield* fs.realPath(at("a/b/file")))
        yield* fs.chmod(at("hard"), 0o640)
        yield* fs.utimes(at("hard"), 1, 2)
        yield* fs.access(at("hard"), { readable: true, writable: true })
        const info = yield* fs.stat(at("hard"))
        assert.deepStrictEqual(
          [info.type, info.mode & 0o777, Option.map(info.mtime, (time) => time.getTime())],
          ["File", 0o640, Option.some(2_000)]
        )
        yield* fs.copy(at("a"), at("copy"))
        assert.isTrue(yield* fs.exists(at("copy/b/file")))
        yield* fs.remove(at("a"), { recursive: true })
        assert.strictEqual((yield* fs.stat(at("copy"))).type, "Directory")
      })
    ))

  it("removes scoped files", () => {
    const [file, directory] = inDirectory((fs) =>
      Effect.all([fs.makeTempFileScoped({ suffix: ".tmp" }), fs.makeTempDirectoryScoped()])
    )
    assert.isTrue(file.endsWith(".tmp"))
    inDirectory((fs) =>
      Effect.gen(function* () {
        assert.deepStrictEqual([yield* fs.exists(file), yield* fs.exists(directory)], [false, false])
        const kept = yield* fs.makeTempFile()
        assert.isTrue(yield* fs.exists(kept))
        yield* fs.remove(path.dirname(kept), { recursive: true })
      })
    )
  })

  it("reads and writes open files and streams", () =>
    inDirectory((fs, at) =>
      Effect.gen(function* () {
        yield* Stream.run(Stream.make(new Uint8Array([1, 2]), new Uint8Array([3])), fs.sink(at("a")))
        const read = yield* Stream.runFold(
          fs.stream(at("a"), { offset: 1 }),
          () => 0,
          (sum, bytes) => sum + bytes.length
        )
        assert.strictEqual(read, 2)
        const file = yield* fs.open(at("a"), { flag: "r+" })
        yield* file.seek(2n, "start")
        yield* file.writeAll(new Uint8Array([9, 9]))
        yield* file.sync
        yield* file.seek(0n, "start")
        assert.deepStrictEqual(yield* file.readAlloc(10), Option.some(new Uint8Array([1, 2, 9, 9])))
        assert.deepStrictEqual(yield* file.readAlloc(10), Option.none())
        yield* file.truncate(1)
        assert.strictEqual((yield* file.stat).size, size(1))
      })
    ))

  it("reports errors", () =>
    inDirectory((fs, at) =>
      Effect.gen(function* () {
        yield* fs.writeFileString(at("a"), "")
        assert.strictEqual(yield* reasonOf(fs.readFileString(at("none"))), "NotFound")
        assert.strictEqual(yield* reasonOf(fs.writeFileString(at("a"), "", { flag: "wx" })), "AlreadyExists")
        assert.strictEqual(yield* reasonOf(fs.readFile(at("."))), "BadResource")
        assert.strictEqual(yield* reasonOf(fs.readDirectory(at("a"))), "BadResource")
        assert.strictEqual(yield* reasonOf(Stream.runDrain(fs.watch(at("a")))), "BadArgument")
      })
    ))
})
