/**
 * Metrics of which one name and one set of tags is one series. Its state is found once; a metric that is tagged at each
 * update looks it up every time.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"

type Tags = Readonly<Record<string, string>>

const labels = (tags: Tags) => Object.entries(tags).map(([name, value]) => MetricLabel.make(name, value))

/**
 * A number that only grows.
 *
 * @category models
 * @since 0.1.0
 */
export type Counter = Metric.Metric.Counter<number>

/**
 * How many values fell below each boundary.
 *
 * @category models
 * @since 0.1.0
 */
export type Histogram = Metric.Metric<MetricKeyType.MetricKeyType.Histogram, number, unknown>

/**
 * A counter.
 *
 * @category constructors
 * @since 0.1.0
 */
export const counter = (name: string, description: string, tags: Tags): Counter =>
  Metric.fromMetricKey(
    MetricKey.counter(name, { description, incremental: true }).pipe(
      MetricKey.taggedWithLabels(labels(tags))
    ) as MetricKey.MetricKey<MetricKeyType.MetricKeyType.Counter<number>>
  )

const boundaries = MetricBoundaries.exponential({ start: 1, factor: 2, count: 16 })

/**
 * A histogram of milliseconds, from 1 to half a minute.
 *
 * @category constructors
 * @since 0.1.0
 */
export const histogram = (name: string, description: string, tags: Tags): Histogram =>
  Metric.fromMetricKey(
    MetricKey.histogram(name, boundaries, description).pipe(MetricKey.taggedWithLabels(labels(tags)))
  )
