/**
 * Different ways to the same result, each again and again in its turn, all in one process.
 */
import * as Effect from "effect/Effect"
import { serve } from "./process.js"

/** Works until a moment of `performance.now()` has passed; how often it came to the result. */
export type Way = (until: number) => number | Promise<number>

export interface Turn {
  readonly way: string
  readonly millis: number
}

const batch = 50

/** A function. */
export const repeated =
  (work: () => unknown): Way =>
  (until) => {
    let done = 0
    while (performance.now() < until) {
      for (let index = 0; index < batch; index++) work()
      done += batch
    }
    return done
  }

/** A function of promises, one after the other. */
export const awaited =
  (work: () => Promise<unknown>): Way =>
  async (until) => {
    let done = 0
    while (performance.now() < until) {
      for (let index = 0; index < batch; index++) await work()
      done += batch
    }
    return done
  }

/** An effect in a fiber that is already running, as a call meets it. */
export const inFiber =
  (work: () => Effect.Effect<unknown, unknown>): Way =>
  (until) => {
    let done = 0
    Effect.runSync(
      Effect.whileLoop({
        while: () => done % batch !== 0 || performance.now() < until,
        body: work,
        step: () => {
          done++
        }
      })
    )
    return done
  }

/** A worker of these ways: results a second. */
export const serveWays = (ways: Readonly<Record<string, Way>>): void =>
  serve(async ({ millis, way }: Turn): Promise<number> => {
    const work = ways[way]
    if (work === undefined) throw new Error(`no way "${way}"`)
    const from = performance.now()
    const done = await work(from + millis)
    return (done * 1000) / (performance.now() - from)
  })
