// A context holds services alone, none of which has to be left out.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

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
