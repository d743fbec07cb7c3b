import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"

export const withClientSpan = <A, E, R>(
  name: string,
  attributes: Record<string, unknown>,
  use: (span: Tracer.Span | undefined) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.withFiber<A, E, R>(({ cache }) =>
    cache.tracer === undefined
      ? use(undefined)
      : Effect.useSpan(name, { kind: "client", attributes }, (span) => Effect.withParentSpan(use(span), span))
  )
