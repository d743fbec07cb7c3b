/**
 * Where the emulator draws its numbers.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/**
 * Draws a whole number that is at least 0 and below a bound.
 *
 * @category models
 * @since 0.1.0
 */
export type Draw = (bound: number) => Effect.Effect<number>

/**
 * Draws the same numbers for the same seed, and from Effect's Random without one.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (seed: string | number | undefined): Effect.Effect<Draw> =>
  Effect.map(
    seed === undefined ? Effect.random : Effect.succeed(Random.make(seed)),
    (random) => (bound) => random.nextIntBetween(0, bound)
  )
