import { describe, it } from "@effect/vitest"
import { casesOf, hasData, noData } from "./Suite.js"
import { suites } from "./suites.js"

if (!hasData) it("conformance", ({ skip }) => skip(noData))

for (const suite of suites) {
  const cases = casesOf(suite)
  if (cases.length > 0) {
    describe(suite.name, () => {
      for (const { check, name } of cases) it.live(name, () => check)
    })
  }
}
