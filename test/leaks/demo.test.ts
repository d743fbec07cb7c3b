/**
 * What the demo shows.
 */
import { execFile } from "node:child_process"
import { assert, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { program } from "../support/program.js"
import { search } from "./search.js"

const seeded = Object.fromEntries([
  ...Object.entries(AlibabaSeed.keys).map(([name, key]) => [name, Redacted.value(key.accessKeySecret)]),
  ...Object.entries(AwsSeed.keys).map(([name, key]) => [`AWS ${name}`, Redacted.value(key.secretAccessKey)])
])

const demo = () =>
  new Promise<{ readonly code: unknown; readonly output: string }>((resolve) => {
    const main = program("test/support/demoAndEmulator.ts")
    const command = [main, "demo"]
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr })
    )
  })

it("the demo succeeds and shows no secrets", async () => {
  const { code, output } = await demo()
  assert.deepStrictEqual({ code, leaks: search(output, seeded) }, { code: 0, leaks: [] }, output)
  assert.include(output, AlibabaSeed.arns.user)
  assert.include(output, AwsSeed.arns.user)
  assert.notMatch(output, /eyJ[\w-]+\.[\w-]+\./, "a token")
})
