/**
 * A worker's ways side by side.
 */
import type { Target } from "../targets.js"
import { Process, withProcess } from "./process.js"
import type { Scale } from "./scale.js"
import { median, medianRatio } from "./statistics.js"
import { count, judged, type Row, times } from "./table.js"
import type { Turn } from "./ways.js"

/** One way, and the way it is measured against. */
export interface Entrant {
  readonly name: string
  readonly way: string
  readonly over: string
  readonly target?: Target
}

export const columns = ["measured", "a second"]

export const inTurns = (
  worker: string,
  entrants: ReadonlyArray<Entrant>,
  { rounds, sliceMillis, warmUpMillis }: Scale
): Promise<ReadonlyArray<Row>> =>
  withProcess(Process.start<Turn, number>(worker), async (process) => {
    const speeds = new Map(entrants.map(({ way }) => [way, [] as Array<number>]))
    for (const way of speeds.keys()) await process.ask({ way, millis: warmUpMillis / 2 })
    for (let round = 0; round < rounds; round++) {
      for (const [way, taken] of speeds) taken.push(await process.ask({ way, millis: sliceMillis / 2 }))
    }
    const of = (way: string) => speeds.get(way) ?? []
    return entrants.map(({ name, over, target, way }) => {
      const ratio = times(medianRatio(of(way), of(over)))
      return {
        name,
        cells: [target === undefined ? ratio : judged(ratio), count(median(of(way)))],
        target
      }
    })
  })
