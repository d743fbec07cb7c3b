/**
 * What calls count of themselves.
 *
 * @since 0.1.0
 */
import type { Cloud } from "../schemas/StsError.js"
import { type Counter, counter, type Histogram, histogram } from "./fiber.js"

interface Branch<M> {
  series?: M
  readonly next: Map<string, Branch<M>>
}

/** Makes each series once. By one tag after the other: each call looks, and a name of them all would be made by each. */
const kept = <Arguments extends ReadonlyArray<string>, M>(make: (...tags: Arguments) => M) => {
  const root: Branch<M> = { next: new Map() }
  return (...tags: Arguments): M => {
    let branch = root
    for (const tag of tags) {
      const known = branch.next.get(tag)
      const next = known ?? { next: new Map() }
      if (known === undefined) branch.next.set(tag, next)
      branch = next
    }
    branch.series ??= make(...tags)
    return branch.series
  }
}

/**
 * Calls that ended: `effect_sts_calls_total`, tagged with cloud, operation and outcome (`success`, an error's tag, or
 * `interrupted`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const calls: (cloud: Cloud, operation: string, outcome: string) => Counter = kept(
  (cloud, operation, outcome) =>
    counter("effect_sts_calls_total", "STS calls that ended", { cloud, operation, outcome })
)

/**
 * Attempts beyond the first: `effect_sts_retries_total`, tagged with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries: (cloud: Cloud, operation: string) => Counter = kept((cloud, operation) =>
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
export const refreshes: (cloud: Cloud, outcome: RefreshOutcome) => Counter = kept(
  (cloud: Cloud, outcome: RefreshOutcome) =>
    counter("effect_sts_credential_refreshes_total", "Times that a credential source was asked", {
      cloud,
      outcome
    })
)

/**
 * Milliseconds from a call's start to its end, retries and waits included: `effect_sts_call_duration_ms`, tagged
 * with cloud and operation.
 *
 * @category metrics
 * @since 0.1.0
 */
export const duration: (cloud: Cloud, operation: string) => Histogram = kept((cloud, operation) =>
  histogram("effect_sts_call_duration_ms", "Milliseconds from an STS call's start to its end", {
    cloud,
    operation
  })
)
