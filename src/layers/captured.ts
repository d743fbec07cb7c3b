/**
 * Services that a source takes along from where it is made.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/**
 * Runs effects with the services that are there when this is run, the request policy among them. What was not there
 * then is taken from whoever asks, and spans stay theirs.
 *
 * @category constructors
 * @since 0.1.0
 */
export const captured = <R>(): Effect.Effect<
  <A, E>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E>,
  never,
  R
> =>
  Effect.map(Effect.context<R>(), (all) => {
    const taken = Context.omit(Tracer.ParentSpan)(all as Context.Context<R | Tracer.ParentSpan>)
    return (effect) =>
      Effect.mapInputContext(effect, (now: Context.Context<never>) =>
        Context.merge(now, taken as Context.Context<R>)
      )
  })
