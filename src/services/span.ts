import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import type { RunningFiber } from "./fiber.js"

/** Whether somebody keeps spans. One that nobody keeps costs more than all the rest of a call's bookkeeping. */
export const isTraced = ({ cache }: RunningFiber): boolean => cache.tracer !== undefined

export const withClientSpan = <A, E, R>(
  name: string,
  attributes: Record<string, unknown>,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.useSpan(name, { kind: "client", attributes }, (span) => Effect.withParentSpan(use(span), span))
