import { spawnSync } from "node:child_process"
import * as path from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { build } from "esbuild"
import { newFolder } from "../../support/folders.js"
import { type Stub, startStub } from "../http/stub.js"

const program = path.resolve(import.meta.dirname, "../../support/bundled.ts")

describe("a bundle", () => {
  const directory = newFolder()
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub()
  })
  afterAll(() => stub.close())

  it.each([
    ["minified", { minify: true }],
    ["minified, with names kept", { minify: true, keepNames: true }],
    ["for an older target, with names kept", { keepNames: true, target: "es2017" }]
  ])("%s blocks too, and its process ends by itself", async (_, options) => {
    const { certificate } = await import("../http/stub.js")
    const outfile = path.join(directory, "bundle.mjs")
    await build({
      ...options,
      entryPoints: [program],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error"
    })
    const args = [`${stub.url}/echo`, `${stub.secureUrl}/echo`, stub.proxyUrl, certificate]
    const ended = spawnSync(process.execPath, [outfile, ...args], { encoding: "utf8", timeout: 15_000 })
    assert.deepStrictEqual([ended.stderr, ended.stdout.trim()], ["", '[200,200,"ECONNREFUSED"]'])
  })
})
