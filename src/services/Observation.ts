/**
 * What a call shows of itself: one span, where a tracer is installed, and metrics. Nothing secret goes in: cloud,
 * operation, region, attempts, request id and error code.
 */

import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Cloud } from "../schemas/StsError.js"
import type { RunningFiber } from "./fiber.js"
import { record, withClientSpan } from "./fiber.js"
import * as Metrics from "./Metrics.js"

/** The call that is watched. */
export interface Subject {
  readonly cloud: Cloud
  readonly operation: string
  readonly host: string
  readonly region: string | undefined
}

const property = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined
  const found = (value as Record<string, unknown>)[name]
  return typeof found === "string" ? found : undefined
}

/** Runs a call under one span named after cloud and operation. */
export const spanned = <A, E, R>(
  { cloud, host, operation, region }: Subject,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const attributes = {
    "sts.cloud": cloud,
    "sts.operation": operation,
    "server.address": host,
    ...(region === undefined ? undefined : { "sts.region": region })
  }
  return withClientSpan(`sts.${cloud}.${operation}`, attributes, use)
}

/** Counts a call that has ended after so many attempts and milliseconds, and completes its span. */
export const ended = (
  fiber: RunningFiber,
  { cloud, operation }: Subject,
  attempts: number,
  exit: Exit.Exit<unknown, unknown>,
  millis: number,
  span: Tracer.Span | undefined
): void => {
  const result =
    exit._tag === "Success" ? exit.value : Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  const outcome = exit._tag === "Success" ? "success" : (property(result, "_tag") ?? "interrupted")
  record(Metrics.calls(cloud, operation, outcome), 1, fiber)
  record(Metrics.duration(cloud, operation), millis, fiber)
  if (attempts > 1) record(Metrics.retries(cloud, operation), attempts - 1, fiber)
  if (span === undefined) return
  span.attribute("sts.attempts", attempts)
  const requestId = property(result, "requestId")
  if (requestId !== undefined) span.attribute("sts.request_id", requestId)
  if (exit._tag === "Failure") span.attribute("error.code", property(result, "code") ?? outcome)
}
