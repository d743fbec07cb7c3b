/**
 * Metrics of calls, by OpenTelemetry's names.
 *
 * @since 0.1.0
 */
export {
  /**
   * Seconds from a call's start to its end.
   *
   * @since 0.1.0
   */
  duration,
  /**
   * What came of asking the fleet's cache.
   *
   * @since 4.0.0
   */
  type FleetOutcome,
  /**
   * How often the fleet's cache was asked.
   *
   * @since 4.0.0
   */
  fleet,
  /**
   * What came of asking a credential source.
   *
   * @since 0.1.0
   */
  type RefreshOutcome,
  /**
   * How often a credential source behind the cache was asked.
   *
   * @since 0.1.0
   */
  refreshes,
  /**
   * Attempts beyond the first.
   *
   * @since 0.1.0
   */
  retries
} from "./Observation.js"
