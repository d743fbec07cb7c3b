/**
 * What a call shows of itself: one span, where a tracer is installed, and metrics. Nothing secret goes in: cloud,
 * operation, region, attempts, request id and error code.
 *
 * @since 0.1.0
 */

import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Cloud } from "../schemas/StsError.js"
import * as Metrics from "./Metrics.js"
import { withClientSpan } from "./span.js"

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

const property = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined
  const found = (value as Record<string, unknown>)[name]
  return typeof found === "string" ? found : undefined
}

const counted = (
  { cloud, operation }: Subject,
  { attempts }: Observation,
  outcome: string,
  millis: number
): Effect.Effect<void> => {
  const once = Effect.andThen(
    Metric.update(Metrics.calls(cloud, operation, outcome), 1),
    Metric.update(Metrics.duration(cloud, operation), millis)
  )
  return attempts > 1
    ? Effect.andThen(once, Metric.update(Metrics.retries(cloud, operation), attempts - 1))
    : once
}

const ended = (
  subject: Subject,
  observation: Observation,
  exit: Exit.Exit<unknown, unknown>,
  millis: number,
  span: Tracer.Span | undefined
): Effect.Effect<void> => {
  const result =
    exit._tag === "Success" ? exit.value : Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  const outcome = exit._tag === "Success" ? "success" : (property(result, "_tag") ?? "interrupted")
  if (span !== undefined) {
    span.attribute("sts.attempts", observation.attempts)
    const requestId = property(result, "requestId")
    if (requestId !== undefined) span.attribute("sts.request_id", requestId)
    if (exit._tag === "Failure") span.attribute("error.code", property(result, "code") ?? outcome)
  }
  return counted(subject, observation, outcome, millis)
}

/**
 * Runs a call under one span named after cloud and operation, and counts it.
 *
 * @category combinators
 * @since 0.1.0
 */
export const observed = <A, E, R>(
  subject: Subject,
  clock: Clock.Clock,
  call: (observation: Observation) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const attributes = {
    "sts.cloud": subject.cloud,
    "sts.operation": subject.operation,
    "server.address": subject.host,
    ...(subject.region === undefined ? undefined : { "sts.region": subject.region })
  }
  return withClientSpan(`sts.${subject.cloud}.${subject.operation}`, attributes, (span) => {
    const observation: Observation = { attempts: 0 }
    const startedAt = clock.currentTimeMillisUnsafe()
    return Effect.onExit(call(observation), (exit) =>
      Effect.suspend(() =>
        ended(subject, observation, exit, clock.currentTimeMillisUnsafe() - startedAt, span)
      )
    )
  })
}
