/**
 * A bound on how long an effect may take, cheaper than a race of two fibers.
 *
 * @since 0.1.0
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"

type Cancel = () => void

let defaultClock: Clock.Clock | undefined

// The default Clock sleeps by setTimeout in a fiber of its own, and the fiber costs more than all the rest of this.
// Any other Clock (a test's, a blocking one) is asked to sleep.
const after = (clock: Clock.Clock, millis: number, runtime: Fork, wake: () => void): Cancel => {
  defaultClock ??= Effect.runSync(Effect.clock)
  if (clock === defaultClock && millis < 2 ** 31) {
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

/**
 * Runs an effect for at most `millis` by the given clock, then interrupts it, waits for its finalizers and fails.
 *
 * @category combinators
 * @since 0.1.0
 */
export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  clock: Clock.Clock,
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
      const cancel = after(clock, millis, fork, () =>
        resume(Effect.zipRight(Fiber.interrupt(main), Effect.fail(onTimeout())))
      )
      main.addObserver((exit) => {
        cancel()
        resume(exit)
      })
      return Effect.suspend(() => {
        cancel()
        return Fiber.interrupt(main)
      })
    })
  )
