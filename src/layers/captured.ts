// On 4 a context also holds what the fiber has beside services: the one who asks keeps those.
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"

export const captured = <R>(): Effect.Effect<
  <A, E>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E>,
  never,
  R
> =>
  Effect.map(Effect.context<R>(), (all) => {
    const taken = Context.omit(
      Tracer.ParentSpan,
      Tracer.Tracer,
      Clock.Clock,
      ConfigProvider.ConfigProvider,
      Random.Random,
      Scheduler.Scheduler,
      References.MinimumLogLevel,
      Logger.CurrentLoggers
    )(all as Context.Context<R | Tracer.ParentSpan>)
    return (effect) =>
      Effect.updateContext(effect, (now: Context.Context<never>) =>
        Context.merge(now, taken as Context.Context<R>)
      )
  })
