/**
 * A short run over every parser, always with the same inputs; `npm run fuzz` tries others.
 */
import { assert, describe, it } from "@effect/vitest"
import { check, report } from "./fuzz.js"
import { planted } from "./inputs.js"
import { targets } from "./targets.js"

const seeds = [1, 20_150_401, 20_110_615]

describe("random inputs", () => {
  for (const target of targets) {
    it(`are parsed or refused without showing secrets: ${target.name}`, () => {
      for (const seed of seeds) {
        const { failed, text } = report(target, { count: 150, seed })
        assert.isFalse(failed, text)
      }
    })
  }
})

describe("the check itself", () => {
  const target = (told: (input: string) => unknown) => ({ name: "made up", sound: [planted], told, hard: [] })

  it("detects leaks, throws and leaking errors", () => {
    for (const told of [
      (input: string) => ({ detail: input }),
      (input: string) => [new Error(input)],
      () => {
        throw new RangeError("Invalid time value")
      }
    ]) {
      assert.throws(() => check(target(told), planted))
      assert.isTrue(report(target(told), { count: 10, seed: 1 }).failed)
    }
    assert.isFalse(
      report(
        target(() => undefined),
        { count: 10, seed: 1 }
      ).failed
    )
  })
})
