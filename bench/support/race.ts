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
export type Heat = Omit<Slice, "millis">

/** The rounds of each contender in each heat, in the order given. */
export const race = async (
  entries: ReadonlyArray<Entry>,
  heats: ReadonlyArray<Heat>,
  { rounds, sliceMillis, warmUpMillis }: Scale
): Promise<ReadonlyArray<ReadonlyArray<ReadonlyArray<Driven>>>> => {
  const starting = entries.map(({ module, options = {} }) =>
    Process.start<Slice, Driven>("workers/contender", [module, JSON.stringify(options)])
  )
  try {
    const processes = await Promise.all(starting)
    const results = processes.map(() => heats.map((): Array<Driven> => []))
    for (const process of processes) {
      for (const heat of heats) await process.ask({ ...heat, millis: warmUpMillis })
    }
    for (let round = 0; round < rounds; round++) {
      for (const [heat, slice] of heats.entries()) {
        for (const [entry, process] of processes.entries()) {
          results[entry]?.[heat]?.push(await process.ask({ ...slice, millis: sliceMillis }))
        }
      }
    }
    return results
  } finally {
    const started = await Promise.allSettled(starting)
    await Promise.all(started.map((one) => (one.status === "fulfilled" ? one.value.end() : undefined)))
  }
}
