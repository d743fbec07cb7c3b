/**
 * What takes part in the comparison: something that calls the stub again and again, many times at once.
 */

export interface Contender {
  /** Calls until a moment of `performance.now()` has passed; the number of calls it came to. */
  readonly drive: (concurrency: number, until: number) => Promise<number>
}

/** What a contender's module exports as `open`. */
export type Open<Options> = (endpoint: string, options: Options) => Contender | Promise<Contender>

/** A contender whose call is a promise. */
export const promised = (call: () => Promise<unknown>): Contender => ({
  drive: async (concurrency, until) => {
    let calls = 0
    const caller = async () => {
      while (performance.now() < until) {
        await call()
        calls++
      }
    }
    await Promise.all(Array.from({ length: concurrency }, caller))
    return calls
  }
})
