/**
 * What the doors hand out is what was recorded: an export, a member or a type that comes, goes or changes is a line of
 * surface.txt, to be read with the change that makes it.
 */
import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { path, surface } from "../../scripts/surface.js"

it("the doors hand out what is recorded", { timeout: 300_000 }, () => {
  const recorded = readFileSync(path, "utf8")
  const found = surface()
  assert.include(found, "# effect-sts/testing\n")
  assert.strictEqual(found, recorded, "where it is meant to be so: npm run surface")
})
