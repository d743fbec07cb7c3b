import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { clockOf, cooperating, type RunningFiber, systemClock } from "./fiber.js"

/** What is rung when the time is over. */
export interface Bell {
  readonly ring: () => void
}

export type Alarm = NodeJS.Timeout | Fiber.Fiber<void>

const ring = (bell: Bell): void => bell.ring()

/**
 * Rings so many milliseconds later by a fiber's clock. The system's clock needs no fiber for that; any other (a test's, a
 * blocking one) is asked to sleep in one.
 */
export const after = (fiber: RunningFiber, millis: number, bell: Bell): Alarm => {
  const clock = clockOf(fiber)
  if (clock === systemClock && millis < 2 ** 31) return setTimeout(ring, millis, bell)
  const sleeper = Effect.runForkWith(fiber.context)(clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") bell.ring()
  })
  return sleeper
}

export const cancel = (alarm: Alarm): void => {
  if ("interruptUnsafe" in alarm) alarm.interruptUnsafe()
  else clearTimeout(alarm)
}

const patience = 100

const left = (fiber: Fiber.Fiber<unknown, unknown>, turns: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    turns === 0 || fiber.pollUnsafe() !== undefined
      ? Effect.void
      : Effect.andThen(Effect.yieldNow, left(fiber, turns - 1))
  )

const stopped = (fiber: Fiber.Fiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.andThen(
    Effect.sync(() => fiber.interruptUnsafe()),
    left(fiber, patience)
  )

export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  onTimeout: () => E1
): Effect.Effect<A, E | E1, R> =>
  cooperating(
    Effect.withFiber<A, E | E1, R>((parent) =>
      Effect.callback<A, E | E1>((resume) => {
        const main = Effect.runForkWith(parent.context as Context.Context<R>)(effect)
        const alarm = after(parent, millis, {
          ring: () => resume(Effect.andThen(stopped(main), Effect.fail(onTimeout())))
        })
        main.addObserver((exit) => {
          cancel(alarm)
          resume(exit)
        })
        return Effect.suspend(() => {
          cancel(alarm)
          return stopped(main)
        })
      })
    )
  )
