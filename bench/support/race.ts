/**
 * Contenders one after the other, round after round, each in its own process.
 */
import type { Driven, Slice } from "../workers/contender.js"
import { Process } from "./process.js"
import type { Scale } from "./scale.js"

/** A module of `contenders/` and its options. */
export interface Entry {
  readonly module: string
  readonly options?: object
}

/** What a contender is asked: where, and how many calls at once. */
export interface Heat {
  readonly endpoint: string
  readonly concurrency: number
}

type Contending = Process<Slice, Driven>

const start = ({ module, options = {} }: Entry, endpoint: string): Promise<Contending> =>
  Process.start("workers/contender", [module, JSON.stringify(options), endpoint])

/** One list of rounds per contender and heat, in the order given. */
export const race = async (
  entries: ReadonlyArray<Entry>,
  heats: ReadonlyArray<Heat>,
  { rounds, sliceMillis, warmUpMillis }: Scale
): Promise<ReadonlyArray<ReadonlyArray<ReadonlyArray<Driven>>>> => {
  const lanes: Array<{ readonly process: Contending; readonly heat: Heat; readonly entry: number }> = []
  try {
    const endpoints = [...new Set(heats.map(({ endpoint }) => endpoint))]
    for (const [entry, contender] of entries.entries()) {
      for (const endpoint of endpoints) {
        const process = await start(contender, endpoint)
        const here = heats.filter((heat) => heat.endpoint === endpoint)
        lanes.push(...here.map((heat) => ({ process, heat, entry })))
      }
    }
    const results = lanes.map((): Array<Driven> => [])
    const ask = (lane: number, millis: number) => {
      const { heat, process } = lanes[lane] as (typeof lanes)[number]
      return process.ask({ concurrency: heat.concurrency, millis })
    }
    for (const lane of lanes.keys()) await ask(lane, warmUpMillis)
    for (let round = 0; round < rounds; round++) {
      for (const [lane, result] of results.entries()) result.push(await ask(lane, sliceMillis))
    }
    return entries.map((_, entry) =>
      heats.map(
        (heat) => results[lanes.findIndex((lane) => lane.entry === entry && lane.heat === heat)] ?? []
      )
    )
  } finally {
    await Promise.all([...new Set(lanes.map(({ process }) => process))].map((process) => process.end()))
  }
}
