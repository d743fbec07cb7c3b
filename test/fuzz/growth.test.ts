/**
 * How the time of every parser grows with its input: twice the input may take about twice as long, and a mebibyte of
 * the worst case less than a second.
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
        assert.isBelow(little, 500, `64 KiB of ${what} take ${little} ms`)
        const whole = make(large)
        const much = fastest(1, () => told(whole))
        // The machine may be busy with something else.
        const again =
          much < 200
            ? much
            : Math.min(
                much,
                fastest(much < 500 ? 1 : 3, () => told(whole))
              )
        assert.isBelow(again, 1_000, `1 MiB of ${what} takes ${again} ms`)
        assert.isBelow(again, mostGrowth * Math.max(little, noise), `${what}: ${little} ms, then ${again} ms`)
      }
    })
  }
})
