/**
 * Work without a network, beside the same work of another: the CPU it takes, and how much more the other takes.
 */

import { withProcess } from "./process.js"
import { type Contender, type Pair, pairs, start } from "./race.js"
import type { Scale } from "./scale.js"
import { ratios, spread } from "./statistics.js"
import { micros, type Row, type Target, times } from "./table.js"

export interface Entry {
  readonly name: string
  readonly contender: Contender
  readonly target?: Target
}

/** Nobody listens here, and nobody asks. */
export const nowhere = "http://127.0.0.1:9"

/** A process now and then compiles the same code to something slower, and keeps to it. */
const processes = 3

/** `calls` in each slice, where one takes less than looking at the time does. */
export const inPairs = (
  base: Contender,
  scale: Scale,
  entries: ReadonlyArray<Entry>,
  { calls, endpoint = nowhere }: { readonly calls?: number; readonly endpoint?: string } = {}
): Promise<ReadonlyArray<Row>> =>
  withProcess(start(base), async (process) => {
    const rows: Array<Row> = []
    for (const { contender, name, target } of entries) {
      const slice = { endpoint, concurrency: 1, ...(calls === undefined ? {} : { calls }) }
      const taken: Array<Pair> = []
      for (let started = 0; started < processes; started++) {
        const [some = []] = await pairs(contender, process, [slice], {
          ...scale,
          rounds: scale.rounds / processes
        })
        taken.push(...some)
      }
      const of = taken.map(({ of }) => of.cpuMicros)
      const over = taken.map(({ base }) => base.cpuMicros)
      rows.push({
        name,
        ...(name.includes("effect-sts") ? { ours: true } : {}),
        cells: [micros(spread(of)), times(ratios(over, of), target)]
      })
    }
    return rows
  })
