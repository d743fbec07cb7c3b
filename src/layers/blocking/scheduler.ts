/**
 * What blocking needs to know of Effect's scheduler, and nothing else does: whether a fiber runs under
 * `Effect.runSync`, and whether anything but waiting is left to run there.
 *
 * Effect has no public way to ask. The fields read here are those of `effect/Scheduler`'s `SyncScheduler`; if one is
 * not as expected, {@link turnsOf} says so with `undefined`, and waiting falls back to what works anywhere.
 *
 * @since 0.1.0
 */
import type * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type { Scheduler } from "effect/Scheduler"

/**
 * The priority at which a waiting fiber gives way: after everything else. `Scheduler` sorts by ascending number.
 *
 * @category constants
 * @since 0.1.0
 */
export const waitingPriority = 2 ** 30

/**
 * The turns of a `runSync` under way.
 *
 * @category models
 * @since 0.1.0
 */
export interface Turns {
  /** The scheduler itself: one per `runSync`. */
  readonly owner: Scheduler
  /** Whether a fiber that does not wait has a turn due. */
  readonly busy: () => boolean
  /** Whether the `runSync` has not returned yet. */
  readonly live: () => boolean
}

interface SyncFields {
  readonly deferred: unknown
  /** The tasks of each priority that has tasks. */
  readonly tasks: {
    readonly buckets: ReadonlyArray<readonly [priority: number, tasks: ReadonlyArray<unknown>]>
  }
}

const isSync = (scheduler: unknown): scheduler is SyncFields =>
  Predicate.hasProperty(scheduler, "deferred") &&
  Predicate.hasProperty(scheduler, "tasks") &&
  Predicate.hasProperty(scheduler.tasks, "buckets") &&
  Array.isArray(scheduler.tasks.buckets)

/**
 * The turns of the `runSync` that a fiber runs under; `undefined` if it runs under an event loop, or if the
 * `runSync` that it began under has returned.
 *
 * @category accessors
 * @since 0.1.0
 */
export const turnsOf = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Turns | undefined => {
  const owner: unknown = fiber.currentScheduler
  if (!isSync(owner) || owner.deferred !== false) return undefined
  return {
    owner: fiber.currentScheduler,
    busy: () =>
      owner.tasks.buckets.some(([priority, tasks]) => priority < waitingPriority && tasks.length > 0),
    live: () => owner.deferred === false
  }
}
