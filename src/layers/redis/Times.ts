/** What lasts how long in a fleet, and moments from which it is counted. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { advisoryWindowOf, jitterShare } from "../../services/RefreshSchedule.js"

const minute = 60_000

/** In milliseconds. */
export interface Lengths {
  /** A lease; it is extended every third of it while the source works. */
  readonly lease: number
  /** The longest wait for another process. */
  readonly patience: number
  /** The longest wait before the source is asked where Redis is away and nothing is kept. */
  readonly spread: number
  /** The last part of credentials, in which they serve nobody who can wait for new ones. */
  readonly mandatory: number
  /** How long before their end credentials of a lifetime are due. */
  readonly windowOf: (lifetime: number) => number
}

const usual: Lengths = {
  // As Kubernetes has it for leaders: a holder that is alive says so in time, on a machine that is busy too.
  lease: 15_000,
  patience: minute,
  spread: 2_000,
  mandatory: minute,
  // When a refresher, which every process has above it, first asks for new ones.
  windowOf: (lifetime) => advisoryWindowOf(lifetime) * (1 + jitterShare)
}

/** What lasts how long; tests that cannot wait for hours have it otherwise. */
export const Times = Context.Reference("effect-sts/redis/Times", { defaultValue: () => usual })

/** A moment by both clocks: a machine that sleeps stops the one, somebody who sets the time moves the other. */
export interface Stamp {
  readonly wall: number
  readonly nanos: bigint
}

export const stamp: Effect.Effect<Stamp> = Effect.zipWith(
  Clock.currentTimeMillis,
  Clock.monotonicTimeNanos,
  (wall, nanos) => ({ wall, nanos })
)

export const passed = (from: Stamp, to: Stamp): number =>
  Math.max(0, to.wall - from.wall, Number(to.nanos - from.nanos) / 1e6)
