/** The faults that an emulator still has to make. */
import type { Fault } from "./Fault.js"

/** For how many requests, and of which operation, a fault is made. */
export interface Scope {
  /** 1 where left out. */
  readonly times?: number | undefined
  /** Every operation where left out. */
  readonly operation?: string | undefined
}

interface Planned {
  readonly fault: Fault
  readonly operation: string | undefined
  left: number
}

/**
 * Faults in the order in which they were asked for. A request meets the first that is for it, and only that one.
 */
export class Faults {
  private planned: ReadonlyArray<Planned> = []

  /** Plans a fault. */
  add(fault: Fault, { operation, times = 1 }: Scope = {}): void {
    this.planned = [...this.planned, { fault, operation, left: times }]
  }

  /** Forgets every fault that is planned. */
  clear(): void {
    this.planned = []
  }

  /** The fault that a request of this operation meets. */
  take(operation: string | undefined): Fault | undefined {
    const next = this.planned.find((one) => one.operation === undefined || one.operation === operation)
    if (next === undefined) return undefined
    next.left -= 1
    if (next.left <= 0) this.planned = this.planned.filter((one) => one !== next)
    return next.fault
  }
}
