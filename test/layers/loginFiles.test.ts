/**
 * Whatever is in the place of a file in which a login is kept: an error that names it, in bounded time, in both modes.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { StsCredentialError } from "../../src/index.js"
import * as Blocking from "../../src/layers/blocking/Blocking.js"
import { sources } from "../sources/all.js"
import { withSource } from "../sources/withSource.js"
import { type Odd, oddFiles } from "../support/oddFiles.js"

const holding = (content: string | Uint8Array): Odd => ({
  lay: (file) => {
    rmSync(file, { recursive: true, force: true })
    writeFileSync(file, content, { mode: 0o600 })
  },
  reason: /./
})

const damaged: Readonly<Record<string, Odd>> = {
  "that is empty": holding(""),
  "that was cut off": holding('{"accessToken":"PLANTED'),
  "that is binary": holding(Uint8Array.from({ length: 4_096 }, (_, index) => (index * 89 + 128) % 256)),
  "that is deep": holding(`${"[".repeat(200_000)}${"]".repeat(200_000)}`),
  "that is a list": holding("[1,2]"),
  "that is a number": holding("1e999"),
  "whose members are of other types": holding(
    '{"accessToken":{"accessKeyId":1,"expiresAt":1e300},"expiresAt":1e300,"profiles":{"name":[]},"current":7}'
  )
}

const odd: Readonly<Record<string, Odd>> = { ...oddFiles, ...damaged }

const nodeFiles = Effect.runSync(Effect.provide(FileSystem.FileSystem, NodeFileSystem.layer))

const modes = {
  asynchronous: {
    own: () => nodeFiles,
    run: <A, E>(program: Effect.Effect<A, E>) => Effect.runPromise(program)
  },
  blocking: {
    own: (fs: FileSystem.FileSystem) => fs,
    run: async <A, E>(program: Effect.Effect<A, E>) => Effect.runSync(Effect.provide(program, Blocking.layer))
  }
}

const stores = sources.flatMap((listed) => {
  const paths = Object.keys(listed.setup("/home").files ?? {})
  const path =
    paths.find((one) => /\/(sso|login)\/cache\//.test(one)) ?? paths.find(() => /OAuth/.test(listed.name))
  return path === undefined ? [] : [[`${listed.cloud}, ${listed.name}`, listed, path] as const]
})

describe.each(Object.entries(modes))("a file of a login, %s", (mode, { own, run }) => {
  it.each(stores)(
    "is an error that names it, whatever is there: %s",
    // Those on the event loop wait together.
    { concurrent: mode === "asynchronous", timeout: 60_000 },
    async (_name, listed, path) => {
      for (const [what, { fileSystem, lay, reason }] of Object.entries(odd)) {
        const began = Date.now()
        const [error, home] = await run(
          withSource(
            listed,
            {
              before: (home) => {
                mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 })
                lay(join(home, path))
              },
              fileSystem: (fs, home) => fileSystem?.(own(fs), join(home, path)) ?? own(fs)
            },
            ({ get }, { home }) => Effect.zip(Effect.flip(get), Effect.succeed(home))
          )
        )
        assert.instanceOf(error, StsCredentialError, what)
        // The file of one of them is where anybody's may be.
        const isDefault = path.endsWith("config.json") && error.reason === "NotConfigured"
        if (!isDefault) {
          assert.include(["Unreadable", "Malformed", "Incomplete"], error.reason, what)
          assert.strictEqual(error.file, join(home, path), what)
        }
        assert.match(error.message, reason, what)
        assert.notInclude(error.message, "PLANTED", what)
        assert.isBelow(Date.now() - began, 10_000, what)
      }
    }
  )
})
