/** The key pairs with which the emulator signs for the identity providers it plays itself. */
import { generateKeyPair, generateKeyPairSync, type KeyObject } from "node:crypto"
import * as Effect from "effect/Effect"

interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** An RSA key pair, and one on the curve P-384. */
export interface IdentityProviderKey extends KeyPair {
  readonly elliptic: KeyPair
}

const generate = Effect.callback<IdentityProviderKey>((resume) => {
  generateKeyPair("rsa", { modulusLength: 2048 }, (error, publicKey, privateKey) => {
    const elliptic = generateKeyPairSync("ec", { namedCurve: "P-384" })
    resume(error === null ? Effect.succeed({ privateKey, publicKey, elliptic }) : Effect.die(error))
  })
})

/**
 * An effect that makes the key pairs when they are first wanted, and answers with the same ones ever after.
 */
export const make: Effect.Effect<Effect.Effect<IdentityProviderKey>> = Effect.cached(generate)
