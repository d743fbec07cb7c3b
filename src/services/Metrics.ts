/**
 * What calls count of themselves.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"
import type { Cloud } from "../schemas/StsError.js"

const labels = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([name, value]) => MetricLabel.make(name, value))

// A metric whose key has its tags finds its state once; one that is tagged at each update looks it up every time.
const kept = <Arguments extends ReadonlyArray<string>, M>(make: (...tags: Arguments) => M) => {
  const made = new Map<string, M>()
  return (...tags: Arguments): M => {
    const name = tags.join("/")
    const known = made.get(name)
    if (known !== undefined) return known
    const fresh = make(...tags)
    made.set(name, fresh)
    return fresh
  }
}

const counter = (name: string, description: string, tags: Readonly<Record<string, string>>) =>
  Metric.fromMetricKey(
    MetricKey.counter(name, { description, incremental: true }).pipe(
      MetricKey.taggedWithLabels(labels(tags))
    ) as MetricKey.MetricKey<MetricKeyType.MetricKeyType.Counter<number>>
  )

/**
 * Calls that ended: `effect_sts_calls_total`, tagged with cloud, operation and outcome (`success`, an error's tag, or
 * `interrupted`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const calls: (cloud: Cloud, operation: string, outcome: string) => Metric.Metric.Counter<number> =
  kept((cloud, operation, outcome) =>
    counter("effect_sts_calls_total", "STS calls that ended", { cloud, operation, outcome })
  )

/**
 * Attempts beyond the first: `effect_sts_retries_total`, tagged with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries: (cloud: Cloud, operation: string) => Metric.Metric.Counter<number> = kept(
  (cloud, operation) =>
    counter("effect_sts_retries_total", "Attempts of STS calls beyond the first", { cloud, operation })
)

/**
 * What came of asking a credential source: new credentials, the old ones kept because it failed, or an error.
 *
 * @category models
 * @since 0.1.0
 */
export type RefreshOutcome = "refreshed" | "kept" | "failed"

/**
 * Times that a credential source behind the cache was asked: `effect_sts_credential_refreshes_total`, tagged with
 * cloud and outcome (`refreshed`, `kept`, `failed`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const refreshes: (cloud: Cloud, outcome: RefreshOutcome) => Metric.Metric.Counter<number> = kept(
  (cloud: Cloud, outcome: RefreshOutcome) =>
    counter("effect_sts_credential_refreshes_total", "Times that a credential source was asked", {
      cloud,
      outcome
    })
)

const boundaries = MetricBoundaries.exponential({ start: 1, factor: 2, count: 16 })

/**
 * Milliseconds from a call's start to its end, retries and waits included: `effect_sts_call_duration_ms`, tagged
 * with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const duration: (
  cloud: Cloud,
  operation: string
) => Metric.Metric<MetricKeyType.MetricKeyType.Histogram, number, unknown> = kept((cloud, operation) =>
  Metric.fromMetricKey(
    MetricKey.histogram(
      "effect_sts_call_duration_ms",
      boundaries,
      "Milliseconds from an STS call's start to its end"
    ).pipe(MetricKey.taggedWithLabels(labels({ cloud, operation })))
  )
)
