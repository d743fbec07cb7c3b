/**
 * A tracer that keeps every span, as an exporter does.
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

const native = Effect.runSync(Effect.tracer)

/** A program under a tracer, and the spans that it opens. */
export const spansOf = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (...about) => {
      const span = native.span(...about)
      spans.push(span)
      return span
    },
    context: (primitive, fiber) => primitive["~effect/Effect/evaluate"](fiber)
  })
  return { spans, program: Effect.withTracer(effect, tracer) }
}
