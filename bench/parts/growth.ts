/**
 * How the time of a call grows with the reply and with the calls at once.
 */
import type { Cloud } from "../clouds/clouds.js"
import { type Heat, race } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import { median, steepestGrowth } from "../support/statistics.js"
import { withStubs } from "../support/stub.js"
import { exponent, judged, micros, type Row, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"

const sizes = [1, 4, 16, 64, 256]
const atOnce = [1, 4, 16, 64, 256]
const ours: Readonly<Record<Cloud, string>> = { alibaba: "oursAlibaba", aws: "oursAws" }

export const growth = (cloud: Cloud, scale: Scale): Promise<Table> =>
  withStubs(
    { cloud, sizes: [0, ...sizes.map((kilobytes) => kilobytes * 1024)] },
    async ([usual = "", ...sized]) => {
      const heats: ReadonlyArray<Heat> = [
        ...sized.map((endpoint) => ({ endpoint, concurrency: 1 })),
        ...atOnce.map((concurrency) => ({ endpoint: usual, concurrency }))
      ]
      const [results = []] = await race(
        [{ module: ours[cloud], options: { http: "node", run: "fibers" } }],
        heats,
        scale
      )
      const perCall = results.map(
        (rounds) => 1_000_000 / median(rounds.map(({ callsPerSecond }) => callsPerSecond))
      )
      const bySize = perCall.slice(0, sizes.length)
      const byCalls = perCall.slice(sizes.length)
      const row = (
        name: string,
        x: ReadonlyArray<number>,
        perCall: ReadonlyArray<number>,
        y = perCall
      ): Row => ({
        name,
        cells: [
          judged(exponent(steepestGrowth(x, y))),
          times((y.at(-1) ?? Number.NaN) / (y[0] ?? Number.NaN)),
          ...perCall.map(micros)
        ],
        target: targets.growth
      })
      const together = byCalls.map((micros, index) => micros * (atOnce[index] ?? Number.NaN))
      return {
        title: `Growth, ${cloud}: the steepest exponent (1 is linear), the factor from least to most, time per call`,
        columns: ["exponent", "1 to 256", "at 1", "at 4", "at 16", "at 64", "at 256"],
        rows: [
          row("reply, in KB", sizes, bySize),
          row("calls at once, all of them together", atOnce, byCalls, together)
        ]
      }
    }
  )
