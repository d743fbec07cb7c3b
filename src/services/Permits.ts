/** How many requests may be under way at once. */

/** Somebody who waits for a permit, with what the line needs of them. */
export interface Waiter {
  /** Called once the permit is theirs. */
  readonly wake: () => void
  before: Waiter | undefined
  after: Waiter | undefined
  waits: boolean
}

/**
 * A semaphore that is first come, first served. At each release Effect's own looks at everybody who waits, which
 * costs each call more the more callers there are; here a released permit goes to the first in line, and whoever leaves the
 * line is taken out of it at once.
 */
export class Permits {
  private free: number
  private first: Waiter | undefined
  private last: Waiter | undefined

  constructor(limit: number) {
    this.free = limit
  }

  /** Takes a permit if there is one, which is not while others wait. */
  take(): boolean {
    if (this.free === 0) return false
    this.free--
    return true
  }

  /** Gives a permit back: to the first in line, where somebody waits. */
  release(): void {
    const { first } = this
    if (first === undefined) {
      this.free++
      return
    }
    this.leave(first)
    first.wake()
  }

  /** Stands in line. */
  enter(waiter: Waiter): void {
    waiter.waits = true
    waiter.before = this.last
    if (this.last === undefined) this.first = waiter
    else this.last.after = waiter
    this.last = waiter
  }

  /** Leaves the line, where they stand in it. */
  leave(waiter: Waiter): void {
    if (!waiter.waits) return
    waiter.waits = false
    const { after, before } = waiter
    if (before === undefined) this.first = after
    else before.after = after
    if (after === undefined) this.last = before
    else after.before = before
    waiter.before = waiter.after = undefined
  }
}
