// Whoever waits takes turns in the scheduler of runSync, whose fibers need no scheduler of ours.
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { Scheduler } from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { type Cooperation, cooperating, systemClock } from "../../services/fiber.js"
import { globalValue } from "../platform.js"
import { handover, turnsOf, waitingPriority } from "./scheduler.js"

export interface Outsider {
  /** Takes in what has arrived since. */
  readonly take: () => void
  /** Milliseconds that the thread may sleep before it must ask again, though nobody rang. */
  readonly patience: () => number
  /** Whether a fiber waits on the event loop, which then has to stay alive. */
  readonly hold: (held: boolean) => void
}

interface Waiter {
  readonly fiber: Fiber.RuntimeFiber<unknown, unknown>
  readonly ready: () => boolean
  readonly deadline: number
  /** Where it waits, under a `runSync`. */
  row?: Row
}

/** Those who wait in one `runSync`. */
class Row {
  readonly waiters = new Set<Waiter>()
  /** Turns that found nothing to do, one after the other. */
  idleTurns = 0

  join(waiter: Waiter): void {
    if (waiter.row === this) return
    waiter.row?.leave(waiter)
    waiter.row = this
    this.waiters.add(waiter)
    this.idleTurns = 0
  }

  leave(waiter: Waiter): void {
    this.waiters.delete(waiter)
    this.idleTurns = 0
  }

  /** Milliseconds until the first of them is done waiting; below zero if one is. */
  patience(): number {
    let deadline = Number.POSITIVE_INFINITY
    for (const waiter of this.waiters) {
      if (waiter.ready()) return -1
      deadline = Math.min(deadline, waiter.deadline)
    }
    return deadline - performance.now()
  }
}

const isDone = (waiter: Waiter): boolean => waiter.ready() || performance.now() >= waiter.deadline

const never = () => false

const longestTimer = 2_147_483_647

export class CooperationError extends Error {
  override readonly name = "CooperationError"
}

export class ParkingLot {
  /** To be counted up and notified by whoever rings. */
  readonly bell = new Int32Array(new SharedArrayBuffer(4))

  readonly clock: Clock.Clock = Object.assign(Object.create(systemClock), {
    sleep: (duration: Duration.Duration) => this.wait(Duration.toMillis(duration), never)
  })
  readonly cooperative: Cooperation = cooperating
  readonly layer = handover
  private readonly outsiders = new Set<Outsider>()
  private readonly rows = new WeakMap<Scheduler, Row>()
  private readonly listeners = new Set<() => void>()

  layerWith<A, E>(services: Effect.Effect<Context.Context<A>, E, Scope.Scope>): Layer.Layer<A, E> {
    return Layer.mergeAll(Layer.scopedContext(services), Layer.setClock(this.clock), this.layer)
  }

  /** Lets somebody make waiters ready, until the returned function is called. */
  admit(outsider: Outsider): () => void {
    this.outsiders.add(outsider)
    return () => this.outsiders.delete(outsider)
  }

  /** Lets fibers that wait on the event loop look again. */
  announce(): void {
    for (const look of [...this.listeners]) look()
  }

  /** Waits until `ready`, for so many milliseconds at most. */
  wait(millis: number, ready: () => boolean): Effect.Effect<void> {
    return Effect.withFiberRuntime((fiber) => {
      const waiter: Waiter = { fiber, ready, deadline: performance.now() + millis }
      return Effect.ensuring(
        Effect.whileLoop({ while: () => !isDone(waiter), body: () => this.turn(waiter), step: () => {} }),
        Effect.sync(() => waiter.row?.leave(waiter))
      )
    })
  }

  private turn(waiter: Waiter): Effect.Effect<void> {
    const turns = turnsOf(waiter.fiber)
    if (turns === undefined) return this.listen(waiter)
    const row = this.rows.get(turns.owner) ?? new Row()
    this.rows.set(turns.owner, row)
    row.join(waiter)
    return Effect.map(Effect.yieldNow({ priority: waitingPriority }), () => {
      if (turns.busy()) row.idleTurns = 0
      else if (++row.idleTurns >= row.waiters.size && turns.live()) this.sleep(row)
    })
  }

  /** Puts the thread to sleep, unless one of the row is done waiting. */
  private sleep(row: Row): void {
    const rung = Atomics.load(this.bell, 0)
    for (const outsider of this.outsiders) outsider.take()
    let millis = row.patience()
    for (const outsider of this.outsiders) millis = Math.min(millis, outsider.patience())
    if (millis > 0) Atomics.wait(this.bell, 0, rung, millis)
    row.idleTurns = 0
  }

  private listen(waiter: Waiter): Effect.Effect<void> {
    return Effect.async((resume) => {
      const stop = () => {
        clearTimeout(timer)
        this.unlisten(look)
      }
      const wake = () => {
        stop()
        resume(Effect.void)
      }
      const look = () => {
        if (waiter.ready()) wake()
      }
      const millis = waiter.deadline - performance.now()
      const timer =
        millis === Number.POSITIVE_INFINITY ? undefined : setTimeout(wake, Math.min(millis, longestTimer))
      this.listeners.add(look)
      for (const outsider of this.outsiders) outsider.hold(true)
      return Effect.sync(stop)
    })
  }

  private unlisten(look: () => void): void {
    this.listeners.delete(look)
    if (this.listeners.size > 0) return
    for (const outsider of this.outsiders) outsider.hold(false)
  }
}

export const sharedLot: ParkingLot = globalValue(
  Symbol.for("effect-sts/blocking/ParkingLot"),
  () => new ParkingLot()
)
