/** How a source becomes Alibaba Cloud's `CredentialProvider`. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as Refreshing from "../../services/Refreshing.js"

/** A provider that keeps what the source gives and renews it in time. */
export const refreshing = <E, R>(
  source: Effect.Effect<CredentialSource<Credentials>, E, R>
): Layer.Layer<CredentialProvider, E, R> =>
  Layer.effect(
    CredentialProvider,
    Effect.map(source, (bare) => Refreshing.make("alibaba", bare))
  )

/**
 * A chain that passes on, where nothing is configured, what one of its sources found set up for other tools.
 */
export const hinted = (
  by: CredentialSource<Credentials>,
  chain: CredentialSource<Credentials>
): CredentialSource<Credentials> => ({
  ...chain,
  get: Effect.mapError(chain.get, (error) => {
    if (!(error instanceof StsCredentialError) || error.reason !== "NotConfigured") return error
    const hint = error.attempts?.find(({ source }) => source === by.name)?.hint
    return hint === undefined ? error : new StsCredentialError({ ...error, hint })
  })
})
