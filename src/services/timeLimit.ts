import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { clockOf, cooperating, systemClock } from "./fiber.js"

type Cancel = () => void
type Fork = <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>

const after = (clock: Clock.Clock, millis: number, fork: Fork, wake: () => void): Cancel => {
  if (clock === systemClock && millis < 2 ** 31) {
    const timer = setTimeout(wake, millis)
    return () => clearTimeout(timer)
  }
  const sleeper = fork(clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") wake()
  })
  return () => sleeper.interruptUnsafe()
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
    Effect.contextWith((context) =>
      Effect.withFiber<A, E | E1, R>((parent) =>
        Effect.callback<A, E | E1>((resume) => {
          const fork = Effect.runForkWith(context)
          const main = fork(effect)
          const cancel = after(clockOf(parent), millis, fork as Fork, () =>
            resume(Effect.andThen(stopped(main), Effect.fail(onTimeout())))
          )
          main.addObserver((exit) => {
            cancel()
            resume(exit)
          })
          return Effect.suspend(() => {
            cancel()
            return stopped(main)
          })
        })
      )
    )
  )
