/**
 * How a source becomes Alibaba Cloud's `CredentialProvider`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as Refreshing from "../../services/Refreshing.js"

/**
 * A provider that keeps what the source gives and renews it in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const refreshing = <E, R>(
  source: Effect.Effect<CredentialSource<Credentials>, E, R>
): Layer.Layer<CredentialProvider, E, R> =>
  Layer.effect(
    CredentialProvider,
    Effect.map(source, (bare) => Refreshing.make("alibaba", bare))
  )
