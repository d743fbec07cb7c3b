import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { offsetMillis, type RoundTrip } from "../../src/protocol/retry.js"

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

  it("is recovered to the second", () => {
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

  it("accepts a trip of exactly the limit", () => {
    assert.strictEqual(offsetMillis({ ...trip, receivedAt: noon + bound }, bound), -bound / 2)
  })
})

describe("a reply's date", () => {
  it.each([
    "Sat, 31 Jan 2026 12:00:00 GMT",
    "Saturday, 31-Jan-26 12:00:00 GMT",
    "Sat Jan 31 12:00:00 2026",
    " Sat, 31 Jan 2026 12:00:00 GMT "
  ])("is read in each form that HTTP has: %s", (date) => {
    assert.strictEqual(offsetMillis({ ...trip, date }, bound), 0)
  })

  it("has a day of one digit in the form of asctime, and a leap second", () => {
    const third = Date.UTC(2026, 0, 3, 12)
    const at = { sentAt: third, receivedAt: third, age: undefined }
    assert.strictEqual(offsetMillis({ ...at, date: "Sat Jan  3 12:00:00 2026" }, bound), 0)
    assert.strictEqual(offsetMillis({ ...at, date: "Sat, 03 Jan 2026 11:59:60 GMT" }, bound), 0)
  })

  it.each([
    ["Sunday, 31-Jan-99 12:00:00 GMT", Date.UTC(1999, 0, 31, 12)],
    ["Friday, 31-Jan-31 12:00:00 GMT", Date.UTC(2031, 0, 31, 12)]
  ])("of two digits is not 50 years ahead: %s", (date, now) => {
    for (const year of [-3, 0, 3]) {
      const at = now + year * 365 * 86_400_000
      assert.strictEqual(offsetMillis({ ...trip, sentAt: at, receivedAt: at, date }, bound), now - at)
    }
  })

  it.each([
    "+275760-09-13T00:00:00.000Z",
    "Sat, 13 Sep 275760 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 01 Jan 0000 00:00:00 GMT",
    "Mon, 02 Feb 2032 12:00:00 GMT",
    "2026-01-31T12:00:00Z",
    "31 Jan 2026 12:00:00 GMT",
    "Sat, 31 Jan 2026 12:00:00",
    "Sat, 31 Jan 2026 12:00:00 +0000",
    "Sat, 31 Jan 2026 12:00:00 UTC",
    "Sat, 31 Jan 2026 24:00:00 GMT",
    "Sat, 31 Feb 2026 12:00:00 GMT",
    "Sat, 00 Jan 2026 12:00:00 GMT",
    "1769860800",
    "1769860800000",
    "-1",
    "8.64e15",
    "NaN",
    "Infinity",
    "now",
    `Sat, 31 Jan 2026 12:00:00 GMT${" ".repeat(1000)}x`
  ])("is not believed, or no date: %s", (date) => {
    assert.isUndefined(offsetMillis({ ...trip, date }, bound))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 9e15, -9e15])(
    "is ignored when the clock reads %s",
    (now) => assert.isUndefined(offsetMillis({ ...trip, sentAt: now, receivedAt: now }, bound))
  )
})
