import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { timestamp } from "../../../src/protocol/alibaba/timestamp.js"
import { millis } from "../arbitraries.js"

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
