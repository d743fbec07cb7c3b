/**
 * Time that goes by as fast as what happens in it can be worked out: whoever sleeps is woken in turn, after all that was to
 * be done before is done. Nothing in it depends on the machine.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scheduler from "effect/Scheduler"

interface Timer {
  readonly at: number
  /** Of two at the same time the one that was set first rings first. */
  readonly order: number
  ring: (() => void) | undefined
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

const nanos = (millis: number): bigint => BigInt(Math.round(millis * 1_000_000))

export class VirtualTime {
  /** A heap: who rings first stands first. */
  private readonly timers: Array<Timer> = []
  private tasks: Array<() => void> = []
  private set = 0

  /** `now` is in milliseconds since 1970. */
  constructor(public now: number) {}

  /** Rings so many milliseconds later; what it gives is to stop it. */
  after(millis: number, ring: () => void): () => void {
    const timer: Timer = { at: this.now + Math.max(0, millis), order: this.set++, ring }
    const { timers } = this
    let place = timers.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = timers[above] as Timer
      if (!isBefore(timer, parent)) break
      timers[place] = parent
      place = above
    }
    timers[place] = timer
    return () => {
      timer.ring = undefined
    }
  }

  private first(): Timer | undefined {
    const { timers } = this
    const first = timers[0]
    const last = timers.pop()
    if (last === undefined || last === first) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= timers.length) break
      const right = timers[below + 1]
      if (right !== undefined && isBefore(right, timers[below] as Timer)) below++
      const child = timers[below] as Timer
      if (!isBefore(child, last)) break
      timers[place] = child
      place = below
    }
    timers[place] = last
    return first
  }

  /** Lets time go by. */
  pass(millis: number): void {
    const end = this.now + millis
    this.settle()
    while ((this.timers[0]?.at ?? Number.POSITIVE_INFINITY) <= end) {
      const timer = this.first() as Timer
      if (timer.ring === undefined) continue
      this.now = timer.at
      timer.ring()
      this.settle()
    }
    this.now = end
  }

  /** Does what fibers have left to do, and what comes of it. */
  private settle(): void {
    while (this.tasks.length > 0) {
      const { tasks } = this
      this.tasks = []
      for (const task of tasks) task()
    }
  }

  /** Runs fibers in turn, and none of them twice before the others. */
  readonly scheduler: Scheduler.Scheduler = {
    executionMode: "async",
    shouldYield: () => false,
    makeDispatcher: () => ({
      scheduleTask: (task) => {
        this.tasks.push(task)
      },
      flush: () => this.settle()
    })
  }

  /** What a process knows of the time. One that is dead is woken by nothing. */
  clockOf(process: { readonly isAlive: boolean }): Clock.Clock {
    const millis = () => this.now
    const inNanos = () => nanos(this.now)
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeNanosUnsafe: inNanos,
      monotonicTimeNanosUnsafe: inNanos,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanos: Effect.sync(inNanos),
      monotonicTimeNanos: Effect.sync(inNanos),
      sleep: (duration) =>
        Effect.callback((resume) => {
          const stop = this.after(Duration.toMillis(duration), () => {
            if (process.isAlive) resume(Effect.void)
          })
          return Effect.sync(stop)
        })
    }
  }
}

/** Numbers from 0 to 1 that are the same for the same seed: Mulberry32. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
