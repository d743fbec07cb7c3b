/**
 * One AssumeRole over loopback: throughput and CPU of a cloud's contenders.
 */
import type { Cloud } from "../clouds/clouds.js"
import type { Target } from "../targets.js"
import type { Driven } from "../workers/contender.js"
import { type Entry, race } from "./race.js"
import type { Scale } from "./scale.js"
import { median, medianRatio } from "./statistics.js"
import { withStub } from "./stub.js"
import { count, judged, micros, nothing, type Row, type Table, times } from "./table.js"

export interface Contending extends Entry {
  readonly name: string
  readonly target?: Target
}

/** Beside whom else we want to be seen. */
export interface Duel {
  readonly of: Contending
  readonly over: Contending
  readonly target?: Target
}

export interface Field {
  readonly cloud: Cloud
  /** The base is the first. */
  readonly contenders: readonly [base: Contending, ...others: ReadonlyArray<Contending>]
  readonly duels: ReadonlyArray<Duel>
}

const speeds = (rounds: ReadonlyArray<Driven>) => rounds.map(({ callsPerSecond }) => callsPerSecond)
const costs = (rounds: ReadonlyArray<Driven>) => rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall)

export const calls = ({ cloud, contenders, duels }: Field, scale: Scale): Promise<Table> =>
  withStub(cloud, async (endpoint) => {
    const heats = [1, 64].map((concurrency) => ({ endpoint, concurrency }))
    const results = await race(contenders, heats, scale)
    const resultOf = (contending: Contending) => {
      const [alone = [], many = []] = results[contenders.indexOf(contending)] ?? []
      return { alone, many }
    }
    const compared = (of: Contending, over: Contending) => {
      const [x, y] = [resultOf(of), resultOf(over)]
      return [
        judged(times(medianRatio(speeds(x.alone), speeds(y.alone)))),
        judged(times(medianRatio(speeds(x.many), speeds(y.many)))),
        times(medianRatio(costs(x.many), costs(y.many)))
      ]
    }
    const rows = contenders.map((contending): Row => {
      const { alone, many } = resultOf(contending)
      return {
        name: contending.name,
        cells: [
          ...compared(contending, contenders[0]),
          micros(median(costs(many))),
          count(median(speeds(alone))),
          count(median(speeds(many)))
        ],
        target: contending.target
      }
    })
    const against = duels.map(
      ({ of, over, target }): Row => ({
        name: `${of.name} / ${over.name}`,
        cells: [...compared(of, over), nothing, nothing, nothing],
        target
      })
    )
    return {
      title: `Calls, ${cloud}: throughput and CPU as a ratio to bare undici, at 1 and 64 calls at once`,
      columns: ["at 1", "at 64", "CPU at 64", "CPU a call", "calls/s at 1", "at 64"],
      rows: [...rows, ...against]
    }
  })
