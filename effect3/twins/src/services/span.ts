// The tracer that keeps nothing is one of the default services.
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import type { RunningFiber } from "./fiber.js"

// A span that no tracer keeps costs more than the rest of a call's bookkeeping.
const keepsNothing = Context.get(DefaultServices.liveServices, Tracer.Tracer)

export const isTraced = ({ currentTracer }: RunningFiber): boolean =>
  currentTracer !== undefined && currentTracer !== keepsNothing

export const withClientSpan = <A, E, R>(
  name: string,
  attributes: Record<string, unknown>,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.useSpan(name, { kind: "client", captureStackTrace: false, attributes }, (span) =>
    Effect.withParentSpan(use(span), span)
  )
