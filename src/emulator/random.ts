import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export type Draw = (bound: number) => Effect.Effect<number>

const here = Effect.withFiber((fiber) => Effect.succeed(fiber.getRef(Random.Random)))

export const make = (seed: string | number | undefined): Effect.Effect<Draw> =>
  Effect.map(
    seed === undefined ? here : Random.withSeed(here, seed),
    (random) => (bound) => Effect.sync(() => Math.floor(random.nextDoubleUnsafe() * bound))
  )
