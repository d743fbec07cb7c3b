import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { FileCache } from "../../src/index.js"
import { decode, fileName } from "../../src/protocol/cacheEntry.js"
import { AwsSeed, Emulator, EmulatorServer } from "../../src/testing.js"
import type { Told } from "../support/cachingProcess.js"
import { CachingProcess } from "../support/cachingProcesses.js"
import { newFolder } from "../support/folders.js"
import { keptLogs } from "../support/logs.js"
import { ScriptedSource } from "../support/renewable.js"

let parent: string
let directory: string
beforeEach(() => {
  parent = newFolder()
  directory = join(parent, "cache")
})

const read = (line: string): Told => JSON.parse(line)
const names = () => readdirSync(directory)

const lookAtModes = () => {
  assert.strictEqual(statSync(directory).mode & 0o777, 0o700)
  for (const name of names()) assert.strictEqual(statSync(join(directory, name)).mode & 0o777, 0o600, name)
}

const assumeTogether = (crowd: number, passphrase?: string) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    const { accessKeyId: id, secretAccessKey } = AwsSeed.keys.user
    const role = { endpoint, roleArn: AwsSeed.arns.role, id, secret: Redacted.value(secretAccessKey) }
    const told = yield* Effect.promise(async () => {
      const all = await CachingProcess.startAll(crowd, { directory, role, passphrase })
      for (const one of all) one.go()
      return (await Promise.all(all.map((one) => one.output()))).flat()
    })
    const assumed = (yield* emulator.requests).filter(({ operation }) => operation === "AssumeRole")
    assert.strictEqual(assumed.length, 1)
    assert.strictEqual(told.length, crowd)
    assert.strictEqual(new Set(told).size, 1)
    assert.match(read(told[0] ?? "").accessKeyId, /^ASIA/)
    assert.strictEqual(names().length, 1)
    lookAtModes()
    return {
      text: readFileSync(join(directory, names()[0] ?? ""), "utf8"),
      token: read(told[0] ?? "").token ?? ""
    }
  }).pipe(Effect.provide(EmulatorServer.layer), Effect.runPromise)

describe("many processes", () => {
  it("begin one session between them", { timeout: 120_000 }, async () => {
    const { text, token } = await assumeTogether(50)
    assert.include(text, token)
  })

  it("begin one session between them and keep it sealed", { timeout: 120_000 }, async () => {
    const { text, token } = await assumeTogether(10, "correct horse battery staple")
    assert.notInclude(text, token)
    assert.notInclude(text, Redacted.value(AwsSeed.keys.user.secretAccessKey))
  })

  it("can be killed at any point", { timeout: 120_000 }, async () => {
    const purpose = { cloud: "aws", by: "nobody" }
    const name = fileName(purpose, false)
    const content = () => decode(purpose, readFileSync(join(directory, name), "utf8"), undefined)
    let sessions = 0
    for (let round = 0; round < 8; round++) {
      const all = await CachingProcess.startAll(5, { directory })
      for (const one of all) one.go()
      await Promise.all(
        all.map(async (one, index) => {
          // However slow the machine is, one of them gets as far as its first session.
          if (index === 0) await one.begun()
          await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 300))
          await one.kill()
          sessions += (await one.output()).length
        })
      )
      if (!names().includes(name)) continue
      lookAtModes()
      assert.strictEqual(content()._tag, "Success")
    }
    assert.isAbove(sessions, 0)

    // What was left behind holds nobody up, and is removed once it is old.
    const old = new Date(Date.now() - 2 * 86_400_000)
    for (const left of names()) if (left !== name) utimesSync(join(directory, left), old, old)
    const { layer: logs, messages: warnings } = keptLogs()
    const found = names().includes(name) ? content() : undefined
    const source = new ScriptedSource(() => ({ _tag: "Gives", seconds: 3600 }))
    const began = Date.now()
    await FileCache.make("aws", source, { directory, key: { by: "nobody" } }).pipe(
      Effect.tap(({ invalidate }) =>
        found?._tag === "Success" ? (invalidate?.(found.success.id) ?? Effect.void) : Effect.void
      ),
      Effect.flatMap(({ get }) => get),
      Effect.provide(logs),
      Effect.provide(NodeFileSystem.layer),
      Effect.runPromise
    )
    // Half of what is waited for a holder that seems to live.
    assert.isBelow(Date.now() - began, 30_000)
    assert.deepStrictEqual(warnings, [])
    assert.strictEqual(source.contacts.length, 1)
    assert.deepStrictEqual(names(), [name])
  })
})
