import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { build } from "esbuild"
import { type Stub, startStub } from "../http/stub.js"

const blocking = path.resolve(import.meta.dirname, "../../../src/layers/blocking/Blocking.ts")

const script = `
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Blocking from ${JSON.stringify(blocking)}
const [url, tlsUrl, proxy, ca] = process.argv.slice(2)
const get = (url) => Effect.map(Effect.flatMap(HttpClient.HttpClient, (client) => client.get(url)), (reply) => reply.status)
const run = (url, options) => Effect.runSync(Effect.provide(get(url), Blocking.layer(options)))
const fault = (url) => Effect.runSync(Effect.provide(Effect.flip(get(url)), Blocking.layer({ proxy: false }))).cause.code
console.log(JSON.stringify([run(url, { proxy: false }), run(tlsUrl, { ca, proxy }), fault("http://127.0.0.1:1/")]))
`

describe("a bundle", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "effect-sts-bundle-"))
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub()
  })
  afterAll(async () => {
    rmSync(directory, { recursive: true })
    await stub.close()
  })

  it.each([
    ["minified", { minify: true }],
    ["minified, with names kept", { minify: true, keepNames: true }],
    ["for an older target, with names kept", { keepNames: true, target: "es2017" }]
  ])("%s blocks too, and its process ends by itself", async (_, options) => {
    const { certificate } = await import("../http/stub.js")
    const entry = path.join(directory, "entry.mjs")
    const outfile = path.join(directory, "bundle.mjs")
    writeFileSync(entry, script)
    await build({
      ...options,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      nodePaths: [path.resolve(import.meta.dirname, "../../../node_modules")],
      logLevel: "error"
    })
    const args = [`${stub.url}/echo`, `${stub.secureUrl}/echo`, stub.proxyUrl, certificate]
    const ended = spawnSync(process.execPath, [outfile, ...args], { encoding: "utf8", timeout: 15_000 })
    assert.deepStrictEqual([ended.stderr, ended.stdout.trim()], ["", '[200,200,"ECONNREFUSED"]'])
  })
})
