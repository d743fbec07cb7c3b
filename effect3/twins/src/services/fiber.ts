// A fiber has default services apart from its context, and runs more by a runtime. Waiting needs no cooperation.
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Runtime from "effect/Runtime"
import * as Tracer from "effect/Tracer"

export type RunningFiber = Fiber.RuntimeFiber<unknown, unknown>

export const clockOf = (fiber: RunningFiber): Clock.Clock =>
  Context.get(fiber.currentDefaultServices, Clock.Clock)

export const systemClock: Clock.Clock = Context.get(DefaultServices.liveServices, Clock.Clock)

export type Cooperation = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

export const cooperating: Cooperation = (effect) => effect

export const cooperationNow = (): Cooperation | undefined => undefined

export const runPromiseExit: Effect.Effect<<A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>> =
  Effect.map(Effect.runtime<never>(), (runtime) => {
    const run = Runtime.runPromiseExit(Runtime.updateContext(runtime, Context.omit(Tracer.ParentSpan)))
    return (effect) => run(effect)
  })
