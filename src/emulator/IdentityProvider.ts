/**
 * What the identity providers that the emulator plays itself need: key pairs to sign with, and packages that are
 * loaded when they are wanted.
 */
import { generateKeyPair, generateKeyPairSync, type KeyObject } from "node:crypto"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { type Refusal, refusal } from "./Service.js"

/** A SAML identity provider that an account knows. */
export interface SamlProvider {
  /** Its name within the account. */
  readonly name: string
  /** The provider's name for itself. */
  readonly entityId: string
  /**
   * The provider's certificate or public key, in PEM. Without it the emulator is the provider, and mints its
   * responses.
   */
  readonly certificate?: string
}

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
export const makeKey: Effect.Effect<Effect.Effect<IdentityProviderKey>> = Effect.cached(generate)

/** A package that is not installed. */
export class MissingPackageError extends Data.TaggedError("MissingPackageError")<{
  /** The package's name. */
  readonly package: string
  /** What it is needed for, in words. */
  readonly purpose: string
}> {
  override get message(): string {
    return `The emulator needs the package ${this.package} to ${this.purpose}. Install it: npm install --save-dev ${this.package}`
  }
}

/** The refusal of what needs the package. */
export const packageMissing = ({ message }: MissingPackageError): Refusal =>
  refusal(400, "Emulator.MissingPackage", message)

/** Loads a package, or says how to install it. */
export const load = <A>(
  name: string,
  purpose: string,
  importIt: () => Promise<A>
): Effect.Effect<A, MissingPackageError> =>
  Effect.tryPromise({ try: importIt, catch: () => new MissingPackageError({ package: name, purpose }) })
