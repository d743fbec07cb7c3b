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
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Cloud } from "../schemas/StsError.js"
import * as Metrics from "./Metrics.js"

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
  Metrics.calls(cloud, operation, outcome).unsafeUpdate(1, [])
  Metrics.duration(cloud, operation).unsafeUpdate(millis, [])
  if (observation.attempts > 1) Metrics.retries(cloud, operation).unsafeUpdate(observation.attempts - 1, [])
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
  clock: Clock.Clock,
  call: (observation: Observation) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.withFiberRuntime<A, E, R>((fiber) => {
    const observation: Observation = { attempts: 0 }
    const startedAt = clock.unsafeCurrentTimeMillis()
    const watched = (span: Tracer.Span | undefined) =>
      Effect.onExit(call(observation), (exit) =>
        Effect.sync(() =>
          ended(subject, observation, exit, clock.unsafeCurrentTimeMillis() - startedAt, span)
        )
      )
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
