// A metric with tags is looked up at each update, unless it is made of its key.
import * as FiberRef from "effect/FiberRef"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"
import type { RunningFiber } from "./fiber.js"

type Tags = Readonly<Record<string, string>>

const labels = (tags: Tags) => Object.entries(tags).map(([name, value]) => MetricLabel.make(name, value))

export type Counter = Metric.Metric.Counter<number>

export type Histogram = Metric.Metric<MetricKeyType.MetricKeyType.Histogram, number, unknown>

export const counter = (name: string, description: string, tags: Tags): Counter =>
  Metric.fromMetricKey(
    MetricKey.counter(name, { description, incremental: true }).pipe(
      MetricKey.taggedWithLabels(labels(tags))
    ) as MetricKey.MetricKey<MetricKeyType.MetricKeyType.Counter<number>>
  )

const boundaries = MetricBoundaries.exponential({ start: 1, factor: 2, count: 16 })

export const histogram = (name: string, description: string, tags: Tags): Histogram =>
  Metric.fromMetricKey(
    MetricKey.histogram(name, boundaries, description).pipe(MetricKey.taggedWithLabels(labels(tags)))
  )

export const record = (series: Counter | Histogram, amount: number, fiber: RunningFiber): void =>
  series.unsafeUpdate(amount, fiber.getFiberRef(FiberRef.currentMetricLabels))
