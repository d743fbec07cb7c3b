/**
 * A contender whose call is an effect: every caller is a fiber, and nothing leaves the runtime.
 */
import * as Effect from "effect/Effect"
import { promised } from "./contender.mjs"
import { fibersSoFar } from "./line.mjs"

const fibers = () => Effect.runSync(fibersSoFar)

export const inFibers = (runtime, effect) => ({
  call: () => runtime.runPromise(effect),
  drive: (concurrency, more) => {
    const caller = Effect.whileLoop({ while: more, body: () => effect, step: () => {} })
    if (concurrency === 1) return runtime.runPromise(caller)
    const callers = Array.from({ length: concurrency }, () => caller)
    return runtime.runPromise(Effect.all(callers, { concurrency: "unbounded", discard: true }))
  },
  fibers
})

/** The same as a program does it that is no Effect program: by a promise for each call. */
export const byPromises = (runtime, effect) => ({ ...promised(() => runtime.runPromise(effect)), fibers })
