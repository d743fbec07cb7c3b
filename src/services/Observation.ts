/**
 * What a call shows of itself, by OpenTelemetry's names for RPC: one span, where a tracer is installed, and metrics.
 * Nothing secret goes in. docs/observability.md has the names.
 */

import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { Cloud } from "../schemas/StsError.js"
import type { Endpoint } from "./Endpoint.js"
import type { RunningFiber } from "./fiber.js"
import { record, withClientSpan } from "./fiber.js"
import * as Metrics from "./Metrics.js"
import { operationAttributes, requestIdAttribute, serverAttributes } from "./semanticConventions.js"

/** The call that is watched. */
export interface Subject {
  readonly cloud: Cloud
  readonly operation: string
  readonly host: string
}

const property = (value: unknown, name: string): string | undefined => {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined
  const found = (value as Record<string, unknown>)[name]
  return typeof found === "string" ? found : undefined
}

/** Runs a call under one span named after service and operation. */
export const spanned = <A, E, R>(
  { cloud, operation }: Subject,
  { region, url }: Endpoint,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const attributes = {
    ...operationAttributes(cloud, operation),
    ...serverAttributes(url),
    ...(region === undefined ? undefined : { "cloud.region": region })
  }
  return withClientSpan(`STS.${operation}`, attributes, use)
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
  const failed = exit._tag === "Failure"
  const result = failed ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : exit.value
  const tag = failed ? (property(result, "_tag") ?? "interrupted") : ""
  const kind = failed ? (property(result, "category") ?? tag) : tag
  record(Metrics.duration(cloud, operation, kind), millis / 1_000, fiber)
  if (attempts > 1) record(Metrics.retries(cloud, operation), attempts - 1, fiber)
  if (span === undefined) return
  span.attribute("effect_sts.attempts", attempts)
  const requestId = property(result, "requestId")
  if (requestId !== undefined) span.attribute(requestIdAttribute(cloud), requestId)
  if (failed) span.attribute("error.type", property(result, "code") ?? tag)
}
