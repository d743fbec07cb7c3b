/**
 * SECURITY.md names the tests that hold its promises.
 */
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { assert, it } from "@effect/vitest"

const root = resolve(import.meta.dirname, "../..")
const text = readFileSync(resolve(root, "SECURITY.md"), "utf8")

it("every promise of SECURITY.md names existing tests", () => {
  const promises = /## What we promise\n([\s\S]*?)\n## /.exec(text)?.[1]?.match(/^\| [A-Z].*$/gm) ?? []
  assert.isAbove(promises.length, 15)
  for (const promise of promises) {
    const named = promise.match(/`(?:test|scripts)\/[\w./-]+`/g) ?? []
    assert.isAbove(named.length, 0, promise)
    for (const path of named) assert.isTrue(existsSync(resolve(root, path.slice(1, -1))), path)
  }
})
