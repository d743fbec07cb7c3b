/**
 * How the time of every parser grows with its input: twice the input may take about twice as long, up to a mebibyte of the
 * worst case. How long that is depends on the machine.
 */
import { assert, describe, it } from "@effect/vitest"
import { cpuMillis } from "../support/time.js"
import { targets } from "./targets.js"

const fastest = (times: number, run: () => unknown): number => {
  let best = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < times; turn++) {
    best = Math.min(best, cpuMillis(run))
  }
  return best
}

const small = 64 * 1024
const large = 1024 * 1024

// Sixteen times the input: quadratic is 256 times the time. What takes no time at all tells nothing.
const mostGrowth = 64
const noise = 5

describe("a mebibyte of the worst case is read in time that grows with it", () => {
  for (const { hard, name, told } of targets) {
    it(name, { timeout: 60_000 }, () => {
      for (const make of hard) {
        const input = make(small)
        const what = JSON.stringify(input.slice(0, 60))
        const little = fastest(2, () => told(input))
        const most = mostGrowth * Math.max(little, noise)
        const whole = make(large)
        let much = Number.POSITIVE_INFINITY
        // The machine may be busy with something else.
        for (let turn = 0; turn < 3 && much >= most; turn++)
          much = Math.min(
            much,
            fastest(1, () => told(whole))
          )
        assert.isBelow(much, most, `${what}: ${little} ms, then ${much} ms`)
      }
    })
  }
})
