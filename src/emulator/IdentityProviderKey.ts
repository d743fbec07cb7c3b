/**
 * The key pair with which the emulator signs for the identity providers it plays itself.
 *
 * @since 0.1.0
 */
import { generateKeyPair, type KeyObject } from "node:crypto"
import * as Effect from "effect/Effect"

/**
 * A key pair.
 *
 * @category models
 * @since 0.1.0
 */
export interface IdentityProviderKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const generate = Effect.async<IdentityProviderKey>((resume) => {
  generateKeyPair("rsa", { modulusLength: 2048 }, (error, publicKey, privateKey) =>
    resume(error === null ? Effect.succeed({ privateKey, publicKey }) : Effect.die(error))
  )
})

/**
 * An effect that makes the key pair when it is first wanted, and answers with the same one ever after.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<Effect.Effect<IdentityProviderKey>> = Effect.cached(generate)
