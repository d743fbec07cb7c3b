// The scheduler of runSync takes turns, and has no dispatchers.
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { Scheduler } from "effect/Scheduler"

export const waitingPriority = 2 ** 30

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

type Sync = Scheduler & SyncFields

const isSync = (scheduler: Scheduler): scheduler is Sync =>
  Predicate.hasProperty(scheduler, "deferred") &&
  Predicate.hasProperty(scheduler, "tasks") &&
  Predicate.hasProperty(scheduler.tasks, "buckets") &&
  Array.isArray(scheduler.tasks.buckets)

/**
 * The scheduler of a runtime whose layers are built inside a `runSync`: first the build's own, and when the build is
 * done that of the `runSync`, which waits for it.
 */
class Handover implements Scheduler {
  constructor(
    private readonly own: Scheduler,
    private readonly next: Scheduler
  ) {}

  get current(): Scheduler {
    const last = isSync(this.own) && this.own.deferred !== false
    return last ? resolved(this.next) : this.own
  }

  shouldYield(fiber: Fiber.RuntimeFiber<unknown, unknown>): number | false {
    return this.current.shouldYield(fiber)
  }

  scheduleTask(task: () => void, priority: number, fiber?: Fiber.RuntimeFiber<unknown, unknown>): void {
    this.current.scheduleTask(task, priority, fiber)
  }
}

const resolved = (scheduler: Scheduler): Scheduler =>
  scheduler instanceof Handover ? scheduler.current : scheduler

export const handover: Layer.Layer<never> = Layer.unwrapEffect(
  Effect.withFiberRuntime<Layer.Layer<never>>((builder) => {
    const own = builder.currentScheduler
    if (!isSync(resolved(own))) return Effect.succeed(Layer.empty)
    return Effect.async((resume) => {
      // A build's tasks run while the fiber that waits for it is the current one.
      own.scheduleTask(
        () => {
          const next = Option.map(Fiber.getCurrentFiber(), ({ currentScheduler }) => currentScheduler)
          resume(
            Effect.succeed(
              Option.match(next, {
                onNone: () => Layer.empty,
                onSome: (scheduler) => Layer.setScheduler(new Handover(own, scheduler))
              })
            )
          )
        },
        0,
        builder
      )
    })
  })
)

export const isBlocking = (fiber: Fiber.RuntimeFiber<unknown, unknown>): boolean =>
  turnsOf(fiber) !== undefined

export const turnsOf = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Turns | undefined => {
  const owner = resolved(fiber.currentScheduler)
  if (!isSync(owner) || owner.deferred !== false) return undefined
  return {
    owner,
    busy: () =>
      owner.tasks.buckets.some(([priority, tasks]) => priority < waitingPriority && tasks.length > 0),
    live: () => owner.deferred === false
  }
}
