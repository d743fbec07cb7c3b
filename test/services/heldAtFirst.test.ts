/**
 * V8 makes the objects of a literal old from the start once enough of them have lived long. What waits
 * while a program starts lives long, and what comes later would then be collected late, with everything it holds.
 */
import { spawnSync } from "node:child_process"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { program } from "../support/program.js"

// Small, so that whatever is kept through one collection has lived long.
const flags = ["--min-semi-space-size=1", "--max-semi-space-size=1"]

describe("what nobody keeps", () => {
  let stderr = ""
  let bytes: Readonly<Record<string, number>> = {}

  beforeAll(() => {
    const words = [...flags, program("test/support/heldAtFirst.ts")]
    const ran = spawnSync(process.execPath, words, { encoding: "utf8", timeout: 60_000 })
    stderr = ran.stderr
    bytes = JSON.parse(ran.stdout || "{}")
  })

  for (const what of ["SigV4", "ACS3", "RPC", "calls of AWS", "calls of Alibaba Cloud"]) {
    it(`dies young, though the first ones were kept: ${what}`, () => {
      assert.strictEqual(stderr, "")
      assert.isBelow(bytes[what] ?? Number.NaN, 32)
    })
  }
})
