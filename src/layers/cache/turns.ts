/** Taking turns with other processes. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { Warn } from "../PrivateFile.js"
import { type Lock, whileHeld } from "./Lock.js"

/** What is done in turn, and how long it waits. */
export interface Turn<A, E> {
  readonly lock: Lock
  /** Milliseconds to wait for the lock. */
  readonly patience: number
  readonly use: Effect.Effect<A, E>
  /** Whether waiting has brought what was waited for. Asked while another process holds the lock. */
  readonly meanwhile: Effect.Effect<Option.Option<A>>
  readonly warn: Warn
}

const pauses = { first: 20, growth: 1.5, longest: 250 }

/**
 * Runs an effect while no other process runs one in turn. Where the lock is not to be had it is run all the same, with a
 * warning.
 */
export const inTurn = <A, E>(
  fs: FileSystem.FileSystem,
  { lock, meanwhile, patience, use, warn }: Turn<A, E>
): Effect.Effect<A, E> => {
  const without = (why: string) =>
    Effect.andThen(warn(`Other processes may do the same at the same time: ${lock.path} ${why}`), use)
  const wait = (waited: number, pause: number): Effect.Effect<A, E> =>
    waited >= patience
      ? without(`was held for ${Math.round(patience / 1000)} s`)
      : Effect.flatMap(Random.next, (random) => {
          const now = Math.ceil(pause * (1 + random))
          return Effect.andThen(
            Effect.sleep(now),
            from(waited + now, Math.min(pause * pauses.growth, pauses.longest))
          )
        })
  const from = (waited: number, pause: number): Effect.Effect<A, E> =>
    Effect.flatMap(whileHeld(fs, lock, use), (outcome): Effect.Effect<A, E> => {
      switch (outcome._tag) {
        case "Done":
          return Effect.succeed(outcome.value)
        case "Impossible":
          return without(`cannot be made (${outcome.reason})`)
        case "Busy":
          return Effect.flatMap(meanwhile, (found) =>
            Option.isSome(found) ? Effect.succeed(found.value) : wait(waited, pause)
          )
      }
    })
  return from(0, pauses.first)
}
