/**
 * Where nonces come from.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Makes the nonce of one attempt: a value that was never sent before. UUIDs (version 4) where nobody says otherwise.
 *
 * @category tags
 * @since 0.1.0
 */
export class Nonce extends Context.Reference<Nonce>()("effect-sts/Nonce", {
  defaultValue: (): Effect.Effect<string> => Effect.sync(() => crypto.randomUUID())
}) {}
