/**
 * What calls count of themselves, by OpenTelemetry's names.
 *
 * @since 0.1.0
 */
import type { Cloud } from "../schemas/StsError.js"
import { type Counter, counter, type Histogram, histogram } from "./fiber.js"
import { operationAttributes, providerAttributes } from "./semanticConventions.js"

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
 * Seconds from a call's start to its end, retries and waits included: the histogram `rpc.client.call.duration`, with
 * `rpc.system`, `rpc.service` and `rpc.method`. A call that failed has `error.type` too: the category of a refusal, the
 * tag of any other error, or `interrupted`; an empty `errorType` stands for calls that succeeded.
 *
 * @category metrics
 * @since 0.1.0
 */
export const duration: (cloud: Cloud, operation: string, errorType: string) => Histogram = kept(
  (cloud: Cloud, operation, errorType) =>
    histogram("rpc.client.call.duration", "Duration of STS calls, retries and waits included", {
      unit: "s",
      ...operationAttributes(cloud, operation),
      ...(errorType === "" ? undefined : { "error.type": errorType })
    })
)

/**
 * Attempts beyond the first: the counter `effect_sts.call.retries`, with `rpc.system`, `rpc.service` and `rpc.method`.
 *
 * @category metrics
 * @since 0.1.0
 */
export const retries: (cloud: Cloud, operation: string) => Counter = kept((cloud: Cloud, operation) =>
  counter("effect_sts.call.retries", "Attempts of STS calls beyond the first", {
    unit: "{retry}",
    ...operationAttributes(cloud, operation)
  })
)

/**
 * What came of asking a credential source: new credentials, the old ones kept because it failed, or an error.
 *
 * @category models
 * @since 0.1.0
 */
export type RefreshOutcome = "refreshed" | "kept" | "failed"

/**
 * Times that a credential source behind the cache was asked: the counter `effect_sts.credential.refreshes`, with
 * `cloud.provider` and `effect_sts.outcome` (`refreshed`, `kept`, `failed`).
 *
 * @category metrics
 * @since 0.1.0
 */
export const refreshes: (cloud: Cloud, outcome: RefreshOutcome) => Counter = kept(
  (cloud: Cloud, outcome: RefreshOutcome) =>
    counter("effect_sts.credential.refreshes", "Times that a credential source was asked", {
      unit: "{refresh}",
      ...providerAttributes(cloud),
      "effect_sts.outcome": outcome
    })
)

/**
 * What came of asking the fleet's cache: credentials that lay in Redis (`hit`), or that another process got while this
 * one waited (`wait`); new ones by this process (`renewal`), and beside it, where another was granted the lease since,
 * `lease_lost`; and none of it, since Redis could not be used (`bypass`).
 *
 * @category models
 * @since 4.0.0
 */
export type FleetOutcome = "hit" | "wait" | "renewal" | "lease_lost" | "bypass"

/**
 * What came of asking the fleet's cache: `effect_sts.fleet.reads`, with the cloud's `cloud.provider` and
 * `effect_sts.outcome` (`hit`, `wait`, `renewal`, `lease_lost`, `bypass`).
 *
 * @category metrics
 * @since 4.0.0
 */
export const fleet: (cloud: Cloud, outcome: FleetOutcome) => Counter = /* @__PURE__ */ kept(
  (cloud: Cloud, outcome: FleetOutcome) =>
    counter("effect_sts.fleet.reads", "What came of asking the fleet's cache", {
      unit: "{read}",
      ...providerAttributes(cloud),
      "effect_sts.outcome": outcome
    })
)
