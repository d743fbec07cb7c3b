/**
 * What a running fiber has beside its services: the clock and a way to run more.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import * as Tracer from "effect/Tracer"

/**
 * The clock that a fiber goes by.
 *
 * @category accessors
 * @since 0.1.0
 */
export const clockOf = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Clock.Clock =>
  Context.get(fiber.currentDefaultServices, Clock.Clock)

/**
 * The system's clock: the one of a fiber that was given no other.
 *
 * @category accessors
 * @since 0.1.0
 */
export const systemClock: Clock.Clock = Context.get(DefaultServices.liveServices, Clock.Clock)

/**
 * What runs effects with the clock, tracer, loggers and settings of the running fiber, and outside the span that is open
 * there now.
 *
 * @category constructors
 * @since 0.1.0
 */
export const runPromiseExit: Effect.Effect<<A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>> =
  Effect.map(Effect.runtime<never>(), (runtime) => {
    const run = Runtime.runPromiseExit(Runtime.updateContext(runtime, Context.omit(Tracer.ParentSpan)))
    return (effect) => run(effect)
  })
