import * as Metric from "effect/Metric"
import type { RunningFiber } from "./fiber.js"

type Tags = Readonly<Record<string, string>>

export type Counter = Metric.Counter<number>

export type Histogram = Metric.Histogram<number>

export const counter = (name: string, description: string, tags: Tags): Counter =>
  Metric.counter(name, { description, incremental: true, attributes: tags })

const boundaries = Metric.exponentialBoundaries({ start: 1, factor: 2, count: 16 })

export const histogram = (name: string, description: string, tags: Tags): Histogram =>
  Metric.histogram(name, { description, boundaries, attributes: tags })

/** Adds to a counter, or a value to a histogram, without an effect of its own. */
export const record = (series: Counter | Histogram, amount: number, fiber: RunningFiber): void =>
  series.updateUnsafe(amount, fiber.context)
