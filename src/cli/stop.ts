/** Being told to stop. */
import process from "node:process"
import * as Effect from "effect/Effect"

/** The signals that ask a program to end, and the status that says it did. */
export const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Waits until the program is told to stop, which then is how it ends well. */
export const untilStopped: Effect.Effect<never> = Effect.onInterrupt(Effect.never, () =>
  Effect.sync(() => {
    process.exitCode = 0
  })
)
