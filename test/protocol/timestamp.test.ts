import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { amzDate, formatTimestamp, timestamp } from "../../src/protocol/encoding.js"
import { millis } from "./arbitraries.js"

const two = (value: number): string => String(value).padStart(2, "0")

const naive = (time: number): string => {
  const date = new Date(time)
  const day = [date.getUTCFullYear(), two(date.getUTCMonth() + 1), two(date.getUTCDate())].join("-")
  return `${day}T${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":")}Z`
}

describe("timestamp", () => {
  it("is UTC to the second, whatever was asked before", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.array(millis, { minLength: 1 }), (times) => {
        assert.deepStrictEqual(times.map(timestamp), times.map(naive))
      })
    )
  })

  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [999, "1970-01-01T00:00:00Z"],
    [1_000, "1970-01-01T00:00:01Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [Date.UTC(2028, 1, 29, 23, 59, 59, 999), "2028-02-29T23:59:59Z"]
  ])("of %d is %s", (time, expected) => {
    assert.strictEqual(timestamp(time), expected)
  })
})

describe("a time that a request states", () => {
  const times = FastCheck.oneof(
    FastCheck.double(),
    FastCheck.constantFrom(8.64e15, -8.64e15, 8.64e15 + 1, 253_402_300_800_000, -62_167_219_200_001)
  )

  it("has a four-digit year, whatever the clock says", () => {
    FastCheck.assert(
      FastCheck.property(times, (millis) => {
        assert.match(amzDate(millis), /^\d{8}T\d{6}Z$/)
        assert.match(timestamp(millis), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        for (const format of ["iso8601", "rfc822", "unixTimestamp"] as const) formatTimestamp(millis, format)
      })
    )
  })

  it("is a whole second", () => {
    assert.strictEqual(amzDate(Date.UTC(2026, 0, 31, 12) + 999), "20260131T120000Z")
    assert.strictEqual(timestamp(Date.UTC(2026, 0, 31, 12) + 999), "2026-01-31T12:00:00Z")
  })
})
