/**
 * Whatever is in the place of a cache's file or lock: who asks is served, in bounded time, under both modes.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { FileCache } from "../../../src/index.js"
import * as Blocking from "../../../src/layers/blocking/Blocking.js"
import * as CacheKey from "../../../src/protocol/aws/cliCacheKey.js"
import { fileName as entryName } from "../../../src/protocol/cacheEntry.js"
import { newFolder } from "../../support/folders.js"

let folder = ""
beforeEach(() => {
  folder = newFolder()
})

const id = "a".repeat(32)
const holder = (fields: object) =>
  JSON.stringify({ id, pid: 4_194_304, thread: 0, host: "gone", at: 0, ...fields })
const text = (content: string | Uint8Array) => (file: string) => writeFileSync(file, content, { mode: 0o600 })
const purpose = { cloud: "aws", by: "nobody" }
const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`
const entry = (content: object, about: string = JSON.stringify(purpose)) =>
  `{"version":1,"for":${about},"content":${JSON.stringify(content)}}`
const whole = { id: "ASIAOLD", secret: "secret", token: "token", issuedAt: 0, expiresAt: 1 }

/** What may be there. */
const odd: Readonly<Record<string, (file: string) => void>> = {
  nothing: () => undefined,
  "an empty file": text(""),
  "binary content": text(Uint8Array.from({ length: 4_096 }, (_, index) => (index * 89 + 128) % 256)),
  "deep JSON": text(deep),
  "a deep purpose": text(entry(whole, `{"cloud":"aws","by":${deep}}`)),
  "a list": text("[1,2]"),
  "numbers beyond range": text(entry({ ...whole, issuedAt: 1e300, expiresAt: -1e300 })),
  "the last time of all": text(entry({ ...whole, issuedAt: -8.64e15, expiresAt: 8.64e15 + 1 })),
  "a huge file": (file) => {
    text("{")(file)
    truncateSync(file, 300 * 1024 * 1024)
  },
  "a pipe": (file) => execFileSync("mkfifo", ["-m", "600", file]),
  "a folder": (file) => mkdirSync(file),
  "a link to a device": (file) => symlinkSync("/dev/zero", file),
  "a link to itself": (file) => symlinkSync(file, file),
  "a link to nothing": (file) => symlinkSync(`${file}.gone`, file),
  "a lock of a process that cannot be": text(holder({ pid: -1, at: Date.now() })),
  "a lock of all processes": text(holder({ pid: 0, at: Date.now() })),
  "a lock of a broken number": text(holder({ pid: 1.5, at: Date.now() })),
  "a lock of the far future": text(holder({ at: 1e300 })),
  "a lock that leads back to itself": (file) => {
    text(holder({}))(file)
    text(holder({}))(file.replace(/\.lock$/, `.${id}.lock`))
  }
}

const source = Effect.map(DateTime.now, (now) => ({
  name: "source",
  get: Effect.succeed(
    new Aws.Credentials({
      accessKeyId: "ASIANEW",
      secretAccessKey: Redacted.make("secret"),
      sessionToken: Redacted.make("token"),
      expiration: DateTime.add(now, { hours: 1 })
    })
  )
}))

const role = { roleArn: "arn:aws:iam::123456789012:role/reader" }

const make = {
  "file cache": () =>
    Effect.flatMap(source, (one) => FileCache.make("aws", one, { directory: folder, key: { by: "nobody" } })),
  "AWS CLI's cache": () =>
    Effect.flatMap(source, (one) => Aws.CliCache.assumedRole(one, role, { directory: folder }))
}

const names = {
  "file cache": entryName(purpose, false),
  "AWS CLI's cache": `${CacheKey.ofAssumedRole(role) ?? ""}.json`
}

const modes = {
  asynchronous: <A, E>(program: Effect.Effect<A, E, FileSystem.FileSystem>) =>
    Effect.runPromise(Effect.provide(program, NodeFileSystem.layer)),
  blocking: async <A, E>(program: Effect.Effect<A, E, FileSystem.FileSystem>) =>
    Effect.runSync(Effect.provide(program, Blocking.layer))
}

describe.each(Object.entries(modes))("%s", (_, run) => {
  describe.each(["file cache", "AWS CLI's cache"] as const)("the %s", (cache) => {
    it.each(Object.keys(odd))("serves where %s is its file, or its lock", async (what) => {
      for (const place of ["", ".lock"]) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { mode: 0o700 })
        odd[what]?.(join(folder, `${names[cache]}${place}`))
        const began = Date.now()
        const got = await run(Effect.flatMap(make[cache](), (one) => Effect.andThen(one.get, one.get)))
        assert.strictEqual(got.accessKeyId, "ASIANEW", place)
        assert.isBelow(Date.now() - began, 10_000, place)
      }
    })
  })
})
