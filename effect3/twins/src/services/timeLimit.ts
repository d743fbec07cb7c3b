// Fibers are begun by a runtime.
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import { clockOf, systemClock } from "./fiber.js"

type Cancel = () => void

// The system's clock sleeps by setTimeout in a fiber of its own, and the fiber costs more than all the rest of this.
// Any other clock (a test's, a blocking one) is asked to sleep.
const after = (clock: Clock.Clock, millis: number, runtime: Fork, wake: () => void): Cancel => {
  if (clock === systemClock && millis < 2 ** 31) {
    const timer = setTimeout(wake, millis)
    return () => clearTimeout(timer)
  }
  const sleeper = runtime(clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") wake()
  })
  return () => sleeper.unsafeInterruptAsFork(sleeper.id())
}

type Fork = <A, E>(effect: Effect.Effect<A, E>) => Fiber.RuntimeFiber<A, E>

/** Turns that an interrupted fiber has to end; one that cannot be interrupted is left to itself. */
const patience = 100

const left = (fiber: Fiber.RuntimeFiber<unknown, unknown>, turns: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    turns === 0 || fiber.unsafePoll() !== null
      ? Effect.void
      : Effect.zipRight(Effect.yieldNow(), left(fiber, turns - 1))
  )

/** Interrupts a fiber and waits for its finalizers, but not for what takes no notice. */
const stopped = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.zipRight(Fiber.interruptFork(fiber), left(fiber, patience))

export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  onTimeout: () => E1
): Effect.Effect<A, E | E1, R> =>
  Effect.withFiberRuntime<A, E | E1, R>((parent, { runtimeFlags }) =>
    Effect.async<A, E | E1>((resume) => {
      const runtime = Runtime.make({
        context: parent.currentContext as never,
        runtimeFlags,
        fiberRefs: parent.getFiberRefs()
      })
      const fork: Fork = (forked) => Runtime.runFork(runtime, forked, { scheduler: parent.currentScheduler })
      const main = fork(effect as Effect.Effect<A, E>)
      const cancel = after(clockOf(parent), millis, fork, () =>
        resume(Effect.zipRight(stopped(main), Effect.fail(onTimeout())))
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
