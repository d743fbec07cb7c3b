/**
 * V8 makes the objects of a literal old from the start once enough of them have lived long. What is signed while a program
 * starts waits, and what is signed later would then be collected late, with everything it holds.
 */
import { spawnSync } from "node:child_process"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { program } from "../support/program.js"

// Small, so that whatever is kept through one collection has lived long.
const flags = ["--min-semi-space-size=1", "--max-semi-space-size=1"]

describe("signatures that nobody keeps", () => {
  let stderr = ""
  let bytes: Readonly<Record<string, number>> = {}

  beforeAll(() => {
    const words = [...flags, program("test/support/heldSignatures.ts")]
    const ran = spawnSync(process.execPath, words, { encoding: "utf8", timeout: 60_000 })
    stderr = ran.stderr
    bytes = JSON.parse(ran.stdout || "{}")
  })

  for (const scheme of ["SigV4", "ACS3", "RPC"]) {
    it(`of ${scheme} die young, though the first ones were kept`, () => {
      assert.strictEqual(stderr, "")
      assert.isBelow(bytes[scheme] ?? Number.NaN, 100)
    })
  }
})
