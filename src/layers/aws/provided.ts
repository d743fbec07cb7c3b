/** How a source becomes AWS's `CredentialProvider`. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as Refreshing from "../../services/Refreshing.js"

/** A provider that keeps what the source gives and renews it in time. */
export const refreshing = <E, R>(
  source: Effect.Effect<CredentialSource<Credentials>, E, R>
): Layer.Layer<CredentialProvider, E, R> =>
  Layer.effect(
    CredentialProvider,
    Effect.map(source, (bare) => Refreshing.make("aws", bare))
  )
