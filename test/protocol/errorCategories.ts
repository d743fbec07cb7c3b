/** What the codes of both clouds' errors are taken for. */
import { assert, it } from "@effect/vitest"
import type { ErrorCategory } from "../../src/schemas/StsError.js"

export type Categories = ReadonlyArray<readonly [code: string, status: number, category: ErrorCategory]>

/** Tests that each code has its category, and any other that of its status. */
export const testCategories = (
  table: Categories,
  remedyOf: (code: string, status: number) => { readonly category: ErrorCategory }
) => {
  it.each(table)("%s (HTTP %d) is %s", (code, status, category) => {
    assert.strictEqual(remedyOf(code, status).category, category)
  })

  it.each<readonly [number, ErrorCategory]>([
    [400, "other"],
    [403, "other"],
    [429, "throttled"],
    [499, "other"],
    [500, "server"],
    [502, "server"],
    [504, "server"]
  ])("of an unknown code follow HTTP %d: %s", (status, category) => {
    for (const code of ["Unheard.Of", "", "Exception", "constructor"]) {
      assert.strictEqual(remedyOf(code, status).category, category)
    }
  })
}
