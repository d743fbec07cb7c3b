// Random numbers with a seed are made otherwise.
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export type Draw = (bound: number) => Effect.Effect<number>

export const make = (seed: string | number | undefined): Effect.Effect<Draw> =>
  Effect.map(
    seed === undefined ? Effect.random : Effect.succeed(Random.make(seed)),
    (random) => (bound) => random.nextIntBetween(0, bound)
  )
