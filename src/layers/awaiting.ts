/**
 * Waiting for a call that can be given up.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"

/**
 * Begins a call and waits until it settles; an interrupted fiber aborts it. `begin` must not settle at once.
 *
 * `Effect.async` with a canceler does nearly this. But it can be interrupted between beginning and waiting, where the
 * fiber gives way to others, and then nobody aborts the call.
 *
 * @category constructors
 * @since 0.1.0
 */
export const awaiting = <A, E>(
  begin: (settle: (exit: Exit.Exit<A, E>) => void) => () => void
): Effect.Effect<A, E> =>
  Effect.uninterruptibleMask((restore) => {
    let settled: Exit.Exit<A, E> | undefined
    let settle = (exit: Exit.Exit<A, E>): void => {
      settled = exit
    }
    const abort = begin((exit) => settle(exit))
    const settling = Effect.async<A, E>((resume) => {
      if (settled !== undefined) resume(settled)
      else settle = resume
    })
    return Effect.catchAllCause(restore(settling), (cause) => {
      abort()
      return Effect.failCause(cause)
    })
  })
