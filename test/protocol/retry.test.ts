import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { bucketCapacity, delayMillis, RetryBudget, type RetryKind } from "../../src/protocol/retry.js"

const bounds = { backoff: 50, throttledBackoff: 1_000, maxBackoff: 20_000 }
const kind = FastCheck.constantFrom<ReadonlyArray<RetryKind>[number]>("transient", "throttled")
const random = FastCheck.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attempt = FastCheck.nat(2_000)

describe("the wait before a retry", () => {
  it.each([
    ["transient", 0, 50],
    ["transient", 3, 400],
    ["transient", 20, 20_000],
    ["throttled", 0, 1_000],
    ["throttled", 4, 16_000],
    ["throttled", 5, 20_000]
  ] as const)("is at most, for %s attempt %d, %d milliseconds", (which, made, most) => {
    assert.strictEqual(delayMillis(bounds, which, made, 1, undefined), most)
  })

  it("is jittered", () => {
    FastCheck.assert(
      FastCheck.property(kind, attempt, random, (which, made, part) => {
        const most = delayMillis(bounds, which, made, 1, undefined)
        const wait = delayMillis(bounds, which, made, part, undefined)
        assert.isAtLeast(wait, 0)
        assert.isAtMost(wait, Math.min(most, bounds.maxBackoff))
        assert.approximately(wait, most * part, 1e-6)
      })
    )
  })

  it("never shrinks from one attempt to the next", () => {
    FastCheck.assert(
      FastCheck.property(kind, attempt, (which, made) => {
        assert.isAtLeast(
          delayMillis(bounds, which, made + 1, 1, undefined),
          delayMillis(bounds, which, made, 1, undefined)
        )
      })
    )
  })

  it("honours the service's wait, up to five seconds more", () => {
    FastCheck.assert(
      FastCheck.property(kind, attempt, random, FastCheck.nat(100_000), (which, made, part, wish) => {
        const without = delayMillis(bounds, which, made, part, undefined)
        const wait = delayMillis(bounds, which, made, part, wish)
        assert.isAtLeast(wait, without)
        assert.isAtMost(wait, without + 5_000)
        if (wish >= without && wish <= without + 5_000) assert.strictEqual(wait, wish)
      })
    )
  })
})

describe("the retry budget", () => {
  it("stays between zero and full", () => {
    const step = FastCheck.oneof(kind, FastCheck.constant("success" as const))
    FastCheck.assert(
      FastCheck.property(
        FastCheck.nat(bucketCapacity),
        FastCheck.array(step, { maxLength: 200 }),
        (start, steps) => {
          const budget = new RetryBudget(start)
          let taken = 0
          for (const current of steps) {
            const before = budget.tokens
            if (current === "success") {
              budget.putBack(taken)
              assert.strictEqual(budget.tokens, Math.min(bucketCapacity, before + (taken || 1)))
              taken = 0
            } else {
              taken = budget.take(current)
              assert.strictEqual(before - budget.tokens, taken)
              assert.include([0, current === "throttled" ? 5 : 14], taken)
            }
            assert.isTrue(budget.tokens >= 0 && budget.tokens <= bucketCapacity)
          }
        }
      )
    )
  })

  it("allows 35 transient retries", () => {
    const budget = new RetryBudget()
    const taken = Array.from({ length: 40 }, () => budget.take("transient"))
    assert.strictEqual(taken.filter((tokens) => tokens === 14).length, 35)
    assert.deepStrictEqual(taken.slice(35), [0, 0, 0, 0, 0])
    assert.strictEqual(budget.tokens, 10)
  })

  it("allows throttling retries a little longer", () => {
    const budget = new RetryBudget(13)
    assert.strictEqual(budget.take("transient"), 0)
    assert.strictEqual(budget.take("throttled"), 5)
  })
})
