/**
 * The scheduler of what runs under `Effect.runSync`.
 *
 * When the root fiber of a `runSync` has to wait, Effect flushes that fiber's dispatcher once, and then the root must
 * have ended. All fibers under this scheduler have one dispatcher in common. Its flush goes on for as long as there is
 * anything to hope for: it runs what is due, and when nothing is, it lets the thread sleep until a waiter is done.
 *
 * A fiber gets a new dispatcher whenever it comes under this scheduler or leaves it. The one that is being flushed may be
 * another: this one then goes on in turns there. The others are flushed from here.
 */
import type * as Fiber from "effect/Fiber"
import { Scheduler, type SchedulerDispatcher } from "effect/Scheduler"

/** Those who wait under a scheduler. */
export interface Waiters {
  /** Puts the thread to sleep until one of them is done, and wakes it. False where nobody waits. */
  readonly sleep: () => boolean
}

type Task = () => void

/** After everything else that a dispatcher has to do. */
const last = Number.MAX_SAFE_INTEGER

class Dispatcher implements SchedulerDispatcher {
  /** What fibers had before they came and after they left, and may hold tasks of theirs. */
  private readonly others = new Set<SchedulerDispatcher>()
  /** Where a turn is to be taken. */
  private readonly turns = new WeakSet<SchedulerDispatcher>()
  /** Where turns are taken: the one that is being flushed. */
  private host: SchedulerDispatcher | undefined
  private readonly due = new Map<number, Array<Task>>()
  private running = false
  private timer: NodeJS.Immediate | undefined

  constructor(
    private readonly waiters: Waiters,
    private readonly isOver: () => boolean
  ) {}

  scheduleTask(task: Task, priority: number): void {
    const tasks = this.due.get(priority)
    if (tasks === undefined) this.due.set(priority, [task])
    else tasks.push(task)
    // Outside of a flush the event loop turns.
    if (!this.running) this.timer ??= setImmediate(() => this.runDue())
    this.turn()
  }

  flush(): void {
    this.run(() => {
      while (this.step());
    })
  }

  meet(other: SchedulerDispatcher): void {
    this.others.add(other)
    this.turn(this.host ?? other)
  }

  /** Takes a step in the flush of another dispatcher, after what that has to do itself. */
  turn(host = this.host): void {
    if (this.running || host === undefined || this.turns.has(host)) return
    this.turns.add(host)
    host.scheduleTask(() => {
      this.turns.delete(host)
      if (this.isOver() || this.running) return
      this.host = host
      if (this.run(() => this.step())) this.turn()
    }, last)
  }

  private run<A>(steps: () => A): A | undefined {
    if (this.running) return undefined
    this.running = true
    try {
      return steps()
    } finally {
      this.running = false
    }
  }

  /** Whether there was anything to run or to wait for. */
  private step(): boolean {
    if (this.due.size > 0) {
      this.runDue()
      return true
    }
    const others = [...this.others]
    for (const other of others) {
      // The last one may get more.
      if (other !== others.at(-1)) this.others.delete(other)
      other.flush()
    }
    return this.due.size > 0 || this.others.size > 1 || this.waiters.sleep()
  }

  private runDue(): void {
    clearImmediate(this.timer)
    this.timer = undefined
    const rounds = [...this.due].sort(([a], [b]) => a - b)
    this.due.clear()
    for (const [, tasks] of rounds) for (const task of tasks) task()
  }
}

/** One for each `runSync`, in whose stead it is. */
export class BlockingScheduler<W extends Waiters = Waiters> implements Scheduler {
  private readonly dispatcher: Dispatcher
  private over = false

  constructor(
    readonly waiters: W,
    private readonly outer: Scheduler
  ) {
    this.dispatcher = new Dispatcher(waiters, () => this.over)
    // No microtask runs before a `runSync` under way has returned.
    queueMicrotask(() => {
      this.over = true
    })
  }

  get executionMode(): "sync" | "async" {
    return this.over ? "async" : this.outer.executionMode
  }

  makeDispatcher(): SchedulerDispatcher {
    return this.dispatcher
  }

  /** Asked before each step of a fiber. A fiber that never asked for its dispatcher would not be flushed. */
  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    void fiber.currentDispatcher
    return fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield
  }

  /** To be called while a fiber is still under another scheduler, and when it is again. */
  meet(fiber: Fiber.Fiber<unknown, unknown>): void {
    this.dispatcher.meet(fiber.currentDispatcher)
  }

  /** To be called when somebody waits. */
  expect(): void {
    this.dispatcher.turn()
  }
}

/** Whether a fiber runs under `Effect.runSync`, where no promise comes to an end. */
export const isBlocking = (fiber: Fiber.Fiber<unknown, unknown>): boolean =>
  fiber.getRef(Scheduler).executionMode === "sync"
