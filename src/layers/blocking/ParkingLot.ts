/**
 * Where fibers wait while the thread is blocked.
 *
 * A fiber waits in its scheduler's row and on the event loop at once, whichever turns. Under `Effect.runSync` no event
 * loop does: when every fiber left waits, the thread itself sleeps in `Atomics.wait` until somebody outside rings or
 * the nearest deadline has come.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { type Cooperation, clockOf, cooperateBy, systemClock } from "../../services/fiber.js"
import { globalValue } from "../platform.js"
import { BlockingScheduler, type Waiters } from "./scheduler.js"

/** Somebody outside the thread who makes waiters ready. */
export interface Outsider {
  /** Takes in what has arrived since. */
  readonly take: () => void
  /** Milliseconds that the thread may sleep before it must ask again, though nobody rang. */
  readonly patience: () => number
  /** Whether a fiber waits on the event loop, which then has to stay alive. */
  readonly hold: (held: boolean) => void
}

interface Waiter {
  readonly ready: () => boolean
  readonly deadline: number
  readonly wake: () => void
}

const isDone = ({ deadline, ready }: Waiter): boolean => ready() || performance.now() >= deadline

const never = () => false

const longestTimer = 2_147_483_647

/** Those who wait in one `runSync`. */
class Row implements Waiters {
  readonly waiters = new Set<Waiter>()
  /** The fiber that came from under a scheduler of Effect's own, and how many times it did. */
  guest: Fiber.Fiber<unknown, unknown> | undefined
  visits = 0

  constructor(private readonly sleepUntilDone: (waiters: ReadonlySet<Waiter>) => void) {}

  sleep(): boolean {
    if (this.waiters.size === 0) return false
    this.sleepUntilDone(this.waiters)
    for (const waiter of [...this.waiters].filter(isDone)) waiter.wake()
    return true
  }
}

/**
 * Several fibers of a managed runtime's `runSync` wait at once, and its own scheduler runs none but the first.
 */
export class CooperationError extends Error {
  override readonly name = "CooperationError"

  constructor() {
    super(
      "Several fibers wait at once in the runSync of a managed runtime that was in use before. Wrap what it runs: runtime.runSync(Blocking.cooperative(program))."
    )
  }
}

/** A parking lot. One serves a whole process: what waits in one `runSync` never holds up another. */
export class ParkingLot {
  /** To be counted up and notified by whoever rings. */
  readonly bell = new Int32Array(new SharedArrayBuffer(4))

  /** Sleeps here. */
  readonly clock: Clock.Clock = Object.assign(Object.create(systemClock), {
    sleep: (duration: Duration.Duration) => this.wait(Duration.toMillis(duration), never)
  })
  private readonly outsiders = new Set<Outsider>()
  private readonly schedulers = new WeakMap<Scheduler.Scheduler, BlockingScheduler<Row>>()
  private readonly listeners = new Set<() => void>()
  private announced = false

  /** Lets somebody make waiters ready, until the returned function is called. */
  admit(outsider: Outsider): () => void {
    this.outsiders.add(outsider)
    return () => this.outsiders.delete(outsider)
  }

  /** Lets fibers look again as soon as the thread is not blocked. */
  announce(): void {
    if (this.announced) return
    this.announced = true
    queueMicrotask(() => {
      this.announced = false
      for (const look of [...this.listeners]) look()
    })
  }

  private clockFor(fiber: Fiber.Fiber<unknown, unknown>): Clock.Clock {
    const clock = clockOf(fiber)
    return clock === systemClock ? this.clock : clock
  }

  /** The scheduler that stands in for another, under which fibers may wait here. */
  schedulerFor(outer: Scheduler.Scheduler): BlockingScheduler<Row> {
    if (outer instanceof BlockingScheduler) return outer
    const known = this.schedulers.get(outer)
    if (known !== undefined) return known
    const made = new BlockingScheduler(new Row((waiters) => this.sleep(waiters)), outer)
    this.schedulers.set(outer, made)
    return made
  }

  /**
   * Runs an effect where fibers may wait here, also under a managed runtime's `runSync`: that puts a scheduler of
   * Effect's own over the one of this lot, and flushes the dispatcher of its root fiber alone. Whether a fiber is the
   * root cannot be told from outside; that two of them come at once can.
   */
  readonly cooperative: Cooperation = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber((fiber) => {
      const outer = fiber.getRef(Scheduler.Scheduler)
      if (outer instanceof BlockingScheduler || outer.executionMode !== "sync") return effect
      const ours = this.schedulerFor(outer)
      const row = ours.waiters
      if (row.visits > 0 && row.guest !== fiber) return Effect.die(new CooperationError())
      row.guest = fiber
      row.visits++
      ours.meet(fiber)
      return Effect.ensuring(
        Effect.provideContext(
          effect,
          Context.make(Scheduler.Scheduler, ours).pipe(Context.add(Clock.Clock, this.clockFor(fiber)))
        ),
        Effect.sync(() => {
          row.visits--
          ours.meet(fiber)
        })
      )
    })

  /** The scheduler of a program whose fibers may wait here. */
  readonly scheduler: Effect.Effect<Scheduler.Scheduler, never, Scope.Scope> = Effect.withFiber((fiber) => {
    const outer = fiber.getRef(Scheduler.Scheduler)
    const ours = this.schedulerFor(outer)
    if (ours === outer) return Effect.succeed(ours)
    ours.meet(fiber)
    const leave = Effect.withFiber((last) => Effect.sync(() => ours.meet(last)))
    return Effect.as(
      Effect.addFinalizer(() => leave),
      ours
    )
  })

  readonly layer: Layer.Layer<never> = Layer.effect(Scheduler.Scheduler, this.scheduler)

  /**
   * Services, and what lets fibers wait here beside them. All in one, and so by the fiber that provides it: one of its
   * own would not be flushed.
   */
  layerWith<A, E>(services: Effect.Effect<Context.Context<A>, E, Scope.Scope>): Layer.Layer<A, E> {
    return Layer.effectContext(
      Effect.map(Effect.zip(services, this.scheduler), ([all, scheduler]) =>
        all.pipe(Context.add(Clock.Clock, this.clock), Context.add(Scheduler.Scheduler, scheduler))
      )
    )
  }

  /** Waits until `ready`, for so many milliseconds at most. */
  wait(millis: number, ready: () => boolean): Effect.Effect<void> {
    return this.cooperative(
      Effect.withFiber((fiber) => {
        const scheduler = fiber.getRef(Scheduler.Scheduler)
        const ours = scheduler instanceof BlockingScheduler ? scheduler : undefined
        return this.park(ours, performance.now() + millis, ready)
      })
    )
  }

  private park(
    ours: BlockingScheduler<Row> | undefined,
    deadline: number,
    ready: () => boolean
  ): Effect.Effect<void> {
    const row = ours?.waiters
    return Effect.callback((resume) => {
      let timer: NodeJS.Timeout | undefined
      let waiting = true
      const stop = () => {
        waiting = false
        row?.waiters.delete(waiter)
        clearTimeout(timer)
        if (this.listeners.delete(look) && this.listeners.size === 0) this.hold(false)
      }
      const waiter: Waiter = {
        ready,
        deadline,
        wake: () => {
          stop()
          resume(Effect.void)
        }
      }
      const look = () => {
        if (isDone(waiter)) waiter.wake()
      }
      row?.waiters.add(waiter)
      ours?.expect()
      // Where the thread is blocked, this comes when the wait is over.
      queueMicrotask(() => {
        if (!waiting) return
        const millis = deadline - performance.now()
        if (millis !== Number.POSITIVE_INFINITY)
          timer = setTimeout(waiter.wake, Math.min(millis, longestTimer))
        this.listeners.add(look)
        this.hold(true)
        look()
      })
      return Effect.sync(stop)
    })
  }

  private hold(held: boolean): void {
    for (const outsider of this.outsiders) outsider.hold(held)
  }

  /** Puts the thread to sleep, unless one of the waiters is done. */
  private sleep(waiters: ReadonlySet<Waiter>): void {
    const rung = Atomics.load(this.bell, 0)
    for (const outsider of this.outsiders) outsider.take()
    if ([...waiters].some(isDone)) return
    const deadline = Math.min(...Array.from(waiters, (waiter) => waiter.deadline))
    const patience = Math.min(...Array.from(this.outsiders, (outsider) => outsider.patience()))
    const millis = Math.min(deadline - performance.now(), patience)
    if (millis > 0) Atomics.wait(this.bell, 0, rung, millis)
    for (const outsider of this.outsiders) outsider.take()
  }
}

/** The one that serves a whole process. */
export const sharedLot: ParkingLot = globalValue(
  Symbol.for("effect-sts/blocking/ParkingLot"),
  () => new ParkingLot()
)

cooperateBy(sharedLot.cooperative)
