import { assert } from "@effect/vitest"
import { holdsTokenCode, planted } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"

/** Asserts that a value shows no secret, however it is printed. */
export const hides = (value: unknown): void => {
  for (const [way, text] of printouts(value)) {
    assert.deepStrictEqual(search(text, planted), [], way)
    assert.isFalse(holdsTokenCode(text), way)
  }
}
