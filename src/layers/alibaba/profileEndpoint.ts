/**
 * Which STS assumes the roles of a profile.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Endpoint } from "../../protocol/alibaba/plan.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import { settings } from "../../services/setting.js"

const key = "ALIBABA_CLOUD_STS_ENDPOINT"

/**
 * Makes a source whose calls go to the profile's STS, where neither the program nor the environment states another.
 *
 * @category constructors
 * @since 0.1.0
 */
export const through =
  ({ endpoint, network, region }: Endpoint) =>
  <A, R>(making: Effect.Effect<A, never, R>): Effect.Effect<A, StsConfigError, R> =>
    Effect.gen(function* () {
      const { alibaba } = yield* RequestPolicy
      const stated = Object.values(alibaba).some((value) => value !== undefined)
      const { [key]: inEnvironment } = yield* settings([key])
      return yield* stated || inEnvironment !== undefined
        ? making
        : RequestPolicy.adjust({ alibaba: { endpoint, network, region } })(making)
    })
