import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"

/** Lets a test's time go by in steps until an effect is done; what came of it, and the milliseconds it took. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>, step = 50) =>
  Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const fiber = yield* Effect.forkChild(Effect.result(effect))
    yield* TestClock.adjust(0)
    while ((yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe())))._tag === "None")
      yield* TestClock.adjust(step)
    return { outcome: yield* Fiber.join(fiber), millis: (yield* Clock.currentTimeMillis) - begun }
  })
