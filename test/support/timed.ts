import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"

/** Lets a test's time go by in steps until an effect is done; what came of it, and the milliseconds it took. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>, step = 50) =>
  Effect.gen(function* () {
    const begun = yield* TestClock.currentTimeMillis
    const fiber = yield* Effect.fork(Effect.either(effect))
    yield* TestClock.adjust(0)
    while ((yield* Fiber.poll(fiber))._tag === "None") yield* TestClock.adjust(step)
    return { outcome: yield* Fiber.join(fiber), millis: (yield* TestClock.currentTimeMillis) - begun }
  })
