/**
 * How many of our files one call passes through. The limits are what is reached; who needs fewer lowers them.
 */
import { execFileSync } from "node:child_process"
import { resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { walks } from "../../scripts/walk.js"

const limits = [
  ["aws", 37],
  ["alibaba", 36]
] as const

describe("a warm AssumeRole", () => {
  // In a process of its own: the runner's ways to import modules would be counted.
  const found: Awaited<ReturnType<typeof walks>> = JSON.parse(
    execFileSync(process.execPath, ["--import", "tsx", "scripts/walk.ts"], {
      cwd: resolve(import.meta.dirname, "../.."),
      encoding: "utf8"
    })
  )

  it.each(limits)("of %s passes through at most %i files", (cloud, limit) => {
    const files = Object.keys(found[cloud])
    assert.isAbove(files.length, 4)
    assert.isAtMost(files.length, limit, files.join("\n"))
  })
})
