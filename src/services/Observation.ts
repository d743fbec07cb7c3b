/**
 * What a call shows of itself: one span, where a tracer is installed, and metrics. Nothing secret goes in: cloud,
 * operation, region, attempts, request id and error code.
 *
 * @since 0.1.0
 */

import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Cloud } from "../schemas/StsError.js"

/**
 * Calls that ended, tagged with cloud, operation and outcome (`success`, an error's tag, or `interrupted`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const calls = Metric.counter("effect_sts_calls_total", {
  description: "STS calls that ended",
  incremental: true
})

/**
 * Milliseconds from a call's start to its end, retries and waits included, tagged with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const duration = Metric.histogram(
  "effect_sts_call_duration_ms",
  MetricBoundaries.exponential({ start: 1, factor: 2, count: 16 }),
  "Milliseconds from an STS call's start to its end"
)

/**
 * Attempts beyond the first, tagged with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries = Metric.counter("effect_sts_retries_total", {
  description: "Attempts of STS calls beyond the first",
  incremental: true
})

/**
 * The call that is watched.
 *
 * @category models
 * @since 0.1.0
 */
export interface Subject {
  readonly cloud: Cloud
  readonly operation: string
  readonly host: string
  readonly region: string | undefined
}

/**
 * What the pipeline tells while a call runs.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observation {
  attempts: number
}

// Tagging a metric costs more than updating it, so each combination is tagged once.
const memoized = <A>(make: (cloud: Cloud, operation: string, outcome: string) => A) => {
  const made = new Map<string, A>()
  return (cloud: Cloud, operation: string, outcome = ""): A => {
    const key = `${cloud}/${operation}/${outcome}`
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(cloud, operation, outcome)
    made.set(key, fresh)
    return fresh
  }
}

const tagged =
  <Type, In, Out>(metric: Metric.Metric<Type, In, Out>) =>
  (cloud: Cloud, operation: string) =>
    metric.pipe(Metric.tagged("cloud", cloud), Metric.tagged("operation", operation))

const callsOf = memoized((cloud, operation, outcome) =>
  tagged(calls)(cloud, operation).pipe(Metric.tagged("outcome", outcome))
)
const durationOf = memoized(tagged(duration))
const retriesOf = memoized(tagged(retries))

const property = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined
  const found = (value as Record<string, unknown>)[name]
  return typeof found === "string" ? found : undefined
}

const ended = (
  subject: Subject,
  observation: Observation,
  exit: Exit.Exit<unknown, unknown>,
  millis: number,
  span: Tracer.Span | undefined
): void => {
  const result = exit._tag === "Success" ? exit.value : Option.getOrUndefined(Cause.failureOption(exit.cause))
  const outcome = exit._tag === "Success" ? "success" : (property(result, "_tag") ?? "interrupted")
  const { cloud, operation } = subject
  callsOf(cloud, operation, outcome).unsafeUpdate(1, [])
  durationOf(cloud, operation).unsafeUpdate(millis, [])
  if (observation.attempts > 1) retriesOf(cloud, operation).unsafeUpdate(observation.attempts - 1, [])
  if (span === undefined) return
  span.attribute("sts.attempts", observation.attempts)
  const requestId = property(result, "requestId")
  if (requestId !== undefined) span.attribute("sts.request_id", requestId)
  if (exit._tag === "Failure") span.attribute("error.code", property(result, "code") ?? outcome)
}

// A span that no tracer keeps costs more than the rest of a call's bookkeeping.
let defaultTracer: Tracer.Tracer | undefined
const isKept = (tracer: Tracer.Tracer | undefined): boolean => {
  defaultTracer ??= Effect.runSync(Effect.tracer)
  return tracer !== undefined && tracer !== defaultTracer
}

/**
 * Runs a call under one span named after cloud and operation, and counts it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const observed = <A, E, R>(
  subject: Subject,
  call: (observation: Observation) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.withFiberRuntime<A, E, R>((fiber) => {
    const observation: Observation = { attempts: 0 }
    const watched = (span: Tracer.Span | undefined) =>
      Effect.clockWith((clock) => {
        const startedAt = clock.unsafeCurrentTimeMillis()
        return Effect.onExit(call(observation), (exit) =>
          Effect.sync(() =>
            ended(subject, observation, exit, clock.unsafeCurrentTimeMillis() - startedAt, span)
          )
        )
      })
    if (!isKept(fiber.currentTracer)) return watched(undefined)
    const attributes = {
      "sts.cloud": subject.cloud,
      "sts.operation": subject.operation,
      "server.address": subject.host,
      ...(subject.region === undefined ? undefined : { "sts.region": subject.region })
    }
    return Effect.useSpan(
      `sts.${subject.cloud}.${subject.operation}`,
      { kind: "client", captureStackTrace: false, attributes },
      (span) => Effect.withParentSpan(watched(span), span)
    )
  })
