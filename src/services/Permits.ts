/**
 * How many requests may be under way at once.
 *
 * @since 0.1.0
 */

import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"

type Turn = Deferred.Deferred<void>

/**
 * An Effect semaphore with a line in front of it. A semaphore wakes everybody who waits at each release, and all but
 * one go back to sleep; here only the first in line waits at the semaphore, and the others for who is before them.
 *
 * @category models
 * @since 0.1.0
 */
export class Permits {
  private readonly semaphore: Semaphore.Semaphore
  private last: Turn | undefined

  constructor(limit: number) {
    this.semaphore = Semaphore.makeUnsafe(limit)
  }

  /** Runs an effect with a permit. Waiting for one can be interrupted. */
  withPermit<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.suspend(() =>
      this.last === undefined
        ? Effect.flatMap(this.semaphore.withPermitsIfAvailable(1)(effect), (done) =>
            Option.isSome(done) ? Effect.succeed(done.value) : this.inLine(effect)
          )
        : this.inLine(effect)
    )
  }

  private inLine<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Deferred.make<void>(), (mine) => {
        const before = this.last
        this.last = mine
        const taking = before === undefined ? this.semaphore.take(1) : this.takeAfter(before)
        return Effect.flatMap(Effect.exit(restore(taking)), (exit) => {
          if (exit._tag === "Failure") {
            this.leave(mine, before)
            return Effect.failCause(exit.cause)
          }
          this.leave(mine, undefined)
          return Effect.ensuring(restore(effect), this.semaphore.release(1))
        })
      })
    )
  }

  private takeAfter(before: Turn): Effect.Effect<number> {
    return Effect.flatMap(Deferred.await(before), () => this.semaphore.take(1))
  }

  /** Lets who is behind me go on: at once, or where I gave up, after who was before me. */
  private leave(mine: Turn, before: Turn | undefined): void {
    if (this.last === mine) this.last = before
    Deferred.doneUnsafe(mine, before === undefined ? Effect.void : Deferred.await(before))
  }
}
