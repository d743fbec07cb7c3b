/** What a running fiber has beside its services: the clock and a way to run more. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Tracer from "effect/Tracer"

/** The fiber that runs an effect. */
export type RunningFiber = Fiber.Fiber<unknown, unknown>

export const clockOf = (fiber: RunningFiber): Clock.Clock => fiber.getRef(Clock.Clock)

export const systemClock: Clock.Clock = Context.get(Context.empty(), Clock.Clock)

/** How effects run that wait or start fibers of their own. */
export type Cooperation = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

let cooperation: Cooperation | undefined

/** What blocks the thread says for the whole process how to run under `Effect.runSync`: there is one thread. */
export const cooperateBy = (how: Cooperation): void => {
  cooperation = how
}

/** Runs an effect that waits or starts fibers of its own, whichever way `Effect.runSync` needs it. */
export const cooperating: Cooperation = (effect) =>
  Effect.suspend(() => (cooperation === undefined ? effect : cooperation(effect)))

/** How to run what waits, where that is not as usual. */
export const cooperationNow = (): Cooperation | undefined => cooperation

export const runPromiseExit: Effect.Effect<<A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>> =
  Effect.map(Effect.context<never>(), (context) => {
    const run = Effect.runPromiseExitWith(Context.omit(Tracer.ParentSpan)(context))
    return (effect) => run(effect)
  })
