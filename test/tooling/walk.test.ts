/**
 * How many of our files one call passes through, and the way from a file to credentials. The limits are what is reached; who needs fewer lowers them.
 */
import { execFileSync } from "node:child_process"
import { resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { Walk, Walks } from "../../scripts/walk.js"

const limits = {
  calls: [
    ["aws", 14],
    ["alibaba", 14]
  ],
  profiles: [
    ["aws", 19],
    ["alibaba", 20]
  ]
} as const

// In a process of its own: the runner's ways to import modules would be counted.
const found: Walks = JSON.parse(
  execFileSync(process.execPath, ["--import", "tsx", "scripts/walk.ts"], {
    cwd: resolve(import.meta.dirname, "../.."),
    encoding: "utf8"
  })
)

const assertWithin = (walk: Walk, limit: number) => {
  const files = Object.keys(walk)
  assert.isAbove(files.length, 4)
  assert.isAtMost(files.length, limit, files.join("\n"))
}

describe("a warm AssumeRole", { timeout: 300_000 }, () => {
  it.each(limits.calls)("of %s passes through at most %i files", (cloud, limit) =>
    assertWithin(found.calls[cloud], limit)
  )
})

describe("a profile's way to credentials", { timeout: 300_000 }, () => {
  it.each(limits.profiles)(
    "through the default chain of %s passes through at most %i files",
    (cloud, limit) => assertWithin(found.profiles[cloud], limit)
  )
})
