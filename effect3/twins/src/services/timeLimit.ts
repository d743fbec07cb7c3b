// Fibers are begun by a runtime.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import { clockOf, type RunningFiber, systemClock } from "./fiber.js"

export interface Bell {
  readonly ring: () => void
}

export type Alarm = NodeJS.Timeout | Fiber.RuntimeFiber<void>

const ring = (bell: Bell): void => bell.ring()

const forkBeside = <A, E>(fiber: RunningFiber, effect: Effect.Effect<A, E>): Fiber.RuntimeFiber<A, E> => {
  const [context, fiberRefs] = [fiber.currentContext as never, fiber.getFiberRefs()]
  const runtime = Runtime.make({ context, fiberRefs, runtimeFlags: Runtime.defaultRuntimeFlags })
  return Runtime.runFork(runtime, effect, { scheduler: fiber.currentScheduler })
}

export const after = (fiber: RunningFiber, millis: number, bell: Bell): Alarm => {
  const clock = clockOf(fiber)
  if (clock === systemClock && millis < 2 ** 31) return setTimeout(ring, millis, bell)
  const sleeper = forkBeside(fiber, clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") bell.ring()
  })
  return sleeper
}

export const cancel = (alarm: Alarm): void => {
  if ("unsafeInterruptAsFork" in alarm) alarm.unsafeInterruptAsFork(alarm.id())
  else clearTimeout(alarm)
}

const left = (fiber: Fiber.RuntimeFiber<unknown, unknown>, turns: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    turns === 0 || fiber.unsafePoll() !== null
      ? Effect.void
      : Effect.zipRight(Effect.yieldNow(), left(fiber, turns - 1))
  )

const stopped = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.zipRight(Fiber.interruptFork(fiber), left(fiber, 100))

export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  onTimeout: () => E1
): Effect.Effect<A, E | E1, R> =>
  Effect.withFiberRuntime<A, E | E1, R>((parent) =>
    Effect.async<A, E | E1>((resume) => {
      const main = forkBeside(parent, effect as Effect.Effect<A, E>)
      const alarm = after(parent, millis, {
        ring: () => resume(Effect.zipRight(stopped(main), Effect.fail(onTimeout())))
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
