/**
 * The list itself: where all is well, every source gives what it is to give.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fullName, promises, sources } from "./all.js"
import { inNoTime, observed, told } from "./watch.js"
import { withSource } from "./withSource.js"

describe("without faults", () => {
  for (const listed of [...sources, ...promises]) {
    it(`${fullName(listed)} gives its credentials`, async () => {
      const { leaks, result } = await Effect.runPromise(
        inNoTime(() => withSource(listed, {}, ({ get }) => observed(get)))
      )
      assert.strictEqual(told(result), listed.id)
      assert.deepStrictEqual(leaks, [])
    })
  }
})
