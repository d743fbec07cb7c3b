import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { offsetMillis, type RoundTrip } from "../../src/protocol/clockSkew.js"

const noon = Date.UTC(2026, 0, 31, 12)
const trip: RoundTrip = { sentAt: noon, receivedAt: noon, date: new Date(noon).toUTCString(), age: undefined }
const bound = 300_000

describe("clock offset", () => {
  it("is the service's time less ours at the middle of the trip", () => {
    assert.strictEqual(
      offsetMillis({ ...trip, sentAt: noon - 1_000, receivedAt: noon + 3_000 }, bound),
      -1_000
    )
  })

  it("is found again, to the second that a Date header can tell", () => {
    const offset = FastCheck.integer({ min: -86_400_000, max: 86_400_000 })
    FastCheck.assert(
      FastCheck.property(offset, FastCheck.nat(bound), (real, took) => {
        const date = new Date(noon + took / 2 + real).toUTCString()
        const found = offsetMillis({ ...trip, receivedAt: noon + took, date }, bound) ?? Number.NaN
        assert.isAtMost(found, real + 1)
        assert.isAbove(found, real - 1_001)
      })
    )
  })

  it.each<readonly [string, Partial<RoundTrip>]>([
    ["no date", { date: undefined }],
    ["an unreadable date", { date: "yesterday" }],
    ["an empty date", { date: "" }],
    ["a reply from a cache", { age: "0" }],
    ["a trip over the bound", { receivedAt: noon + bound + 1 }],
    ["a clock that ran backwards", { receivedAt: noon - 1 }]
  ])("is unknown for %s", (_, change) => {
    assert.isUndefined(offsetMillis({ ...trip, ...change }, bound))
  })

  it("counts a trip that took exactly the bound", () => {
    assert.strictEqual(offsetMillis({ ...trip, receivedAt: noon + bound }, bound), -bound / 2)
  })
})
