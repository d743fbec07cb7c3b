/** Which STS assumes the roles of a profile. */
import * as Effect from "effect/Effect"
import type * as Plan from "../../protocol/alibaba/plan.js"
import * as Endpoint from "../../services/alibaba/Endpoint.js"

/** A file's setting with the file that it stands in. */
export const found = (file: string, placed: Plan.Placed | undefined): Endpoint.Found | undefined =>
  placed === undefined ? undefined : { ...placed, file }

/**
 * Makes a source whose calls go to the profile's STS, where neither the program nor the environment states another.
 */
export const through =
  (file: string, { endpoint, inside, region, vpc }: Plan.Endpoint) =>
  <A, E, R>(making: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Endpoint.Profile, (selected) =>
      Effect.provideService(making, Endpoint.Profile, {
        own: { endpoint: found(file, endpoint), region: found(file, region), vpc: found(file, vpc) },
        region: inside === undefined ? selected.region : Effect.succeed(found(file, inside))
      })
    )
