/**
 * Contenders in their own processes, each in turns with the base: what is slow for a moment is slow for both.
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Cloud } from "./heap.js"
import { benchOf, type Line } from "./lines.js"
import { Process, roomy, withProcess } from "./process.js"
import type { Scale } from "./scale.js"

/** A module and its options. */
export interface Contender {
  readonly module: string
  readonly options: { readonly cloud: Cloud } & Readonly<Record<string, unknown>>
  readonly line?: Line
}

export interface Slice {
  readonly endpoint: string
  readonly concurrency: number
  /** For so long, or so many. */
  readonly millis?: number
  readonly calls?: number
}

export interface Driven {
  readonly callsPerSecond: number
  readonly cpuMicros: number
}

export interface Allocated {
  readonly bytes: number
  readonly fibers?: number
}

/** One slice of the base and one of the contender, taken after one another. */
export interface Pair {
  readonly of: Driven
  readonly base: Driven
}

type Question =
  | Slice
  | { readonly prove: string }
  | (Slice & { readonly samples: number })
  | (Slice & { readonly storm: number })

export const start = ({ line = 4, module, options }: Contender, flags: ReadonlyArray<string> = []) => {
  const file = pathToFileURL(join(benchOf(line), `${module}.mjs`)).href
  return Process.start<Question, unknown>("calls", { input: [file, JSON.stringify(options)], flags, line })
}

/** Only what does the work is measured. */
export const prove = (contender: Contender, checking: string): Promise<unknown> =>
  withProcess(start(contender), (process) => process.ask({ prove: checking }))

/** The pairs of a contender, by the number of calls at once. */
export const pairs = async (
  contender: Contender,
  base: Process<Question, unknown>,
  heats: ReadonlyArray<Omit<Slice, "millis">>,
  { rounds, sliceMillis, warmUpMillis }: Scale
): Promise<ReadonlyArray<ReadonlyArray<Pair>>> =>
  withProcess(start(contender), async (process) => {
    const took = (of: typeof process, heat: Omit<Slice, "millis">, millis: number) =>
      of.ask({ ...heat, millis }) as Promise<Driven>
    for (const heat of heats) {
      await took(process, heat, warmUpMillis)
      await took(base, heat, warmUpMillis / 3)
    }
    const taken = heats.map((): Array<Pair> => [])
    for (let round = 0; round < rounds; round++) {
      for (const [index, heat] of heats.entries()) {
        const first = round % 2 === 0 ? await took(base, heat, sliceMillis) : undefined
        const of = await took(process, heat, sliceMillis)
        taken[index]?.push({ of, base: first ?? (await took(base, heat, sliceMillis)) })
      }
    }
    return taken
  })

/**
 * What a contender's calls allocate over the wire, its HTTP client's part included. So few that three times as many of the
 * hungriest fit into the young generation.
 */
export const allocated = (contender: Contender, endpoint: string, { quick }: Scale): Promise<Allocated> =>
  withProcess(
    start(contender, roomy),
    (process) =>
      process.ask({
        endpoint,
        concurrency: 1,
        calls: 200,
        samples: quick ? 3 : 9
      }) as Promise<Allocated>
  )
