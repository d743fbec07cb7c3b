/**
 * The identity providers that the emulator plays itself: their keys, and OIDC tokens, minted as a provider and verified as a
 * cloud. The packages that they need are loaded when they are wanted.
 */

import { generateKeyPair, generateKeyPairSync, type KeyObject } from "node:crypto"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { JSONWebKeySet, JWTPayload } from "jose"
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

const jose = load("jose", "mint and verify OIDC tokens", () => import("jose"))

// Only asymmetric ones: a public key must never be taken for a shared secret.
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

/** The algorithms that the emulator itself signs with. */
type Algorithm = "RS256" | "ES384"

const keyIds: Readonly<Record<Algorithm, string>> = { RS256: "emulator", ES384: "emulator-es384" }

/** What a token says. */
export interface Claims {
  readonly issuer: string
  readonly subject: string
  readonly audience: string | ReadonlyArray<string>
  readonly expiresIn: Duration.Input
  /** Default: RS256. */
  readonly algorithm?: Algorithm
  /** Claims besides the usual ones. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** A token signed with the emulator's own key. */
export const mint = (
  key: IdentityProviderKey,
  claims: Claims,
  now: number
): Effect.Effect<Redacted.Redacted, MissingPackageError> =>
  Effect.flatMap(jose, ({ SignJWT }) => {
    const issuedAt = Math.floor(now / 1000)
    const expiresAt = Math.floor((now + Duration.toMillis(claims.expiresIn)) / 1000)
    const { algorithm = "RS256" } = claims
    const { privateKey } = algorithm === "RS256" ? key : key.elliptic
    const audience = typeof claims.audience === "string" ? claims.audience : [...claims.audience]
    const token = new SignJWT({ ...claims.extra })
      .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: keyIds[algorithm] })
      .setIssuer(claims.issuer)
      .setSubject(claims.subject)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
    return Effect.map(
      Effect.promise(() => token.sign(privateKey)),
      (jwt) => Redacted.make(jwt)
    )
  })

/** The public halves of the emulator's own keys, as a provider publishes them. */
export const publicKeys = (key: IdentityProviderKey): JSONWebKeySet => {
  const { e = "", n = "" } = key.publicKey.export({ format: "jwk" })
  const { x = "", y = "" } = key.elliptic.publicKey.export({ format: "jwk" })
  return {
    keys: [
      { kty: "RSA", e, n, kid: keyIds.RS256, alg: "RS256", use: "sig" },
      { kty: "EC", crv: "P-384", x, y, kid: keyIds.ES384, alg: "ES384", use: "sig" }
    ]
  }
}

/** Why a token proves nothing. */
export interface OidcFault {
  readonly _tag: "Expired" | "Audience" | "Invalid"
  readonly detail: string
}

/** What a verified token said. */
export interface Verified {
  readonly issuer: string
  readonly subject: string
  readonly audience: ReadonlyArray<string>
  /** Seconds since 1970. */
  readonly expirationTime: number
  /** Seconds since 1970. */
  readonly issuanceTime: number
  /** All of it. */
  readonly claims: Readonly<Record<string, unknown>>
}

const verifiedOf = (payload: JWTPayload): Verified => ({
  issuer: payload.iss ?? "",
  subject: payload.sub ?? "",
  audience: [payload.aud ?? []].flat(),
  expirationTime: payload.exp ?? 0,
  issuanceTime: payload.iat ?? 0,
  claims: payload
})

interface Provider {
  readonly issuer: string
  readonly clientIds: ReadonlyArray<string>
  readonly keys?: { readonly keys: ReadonlyArray<object> }
}

/**
 * Verifies a token's signature, issuer, audience and time, or refuses it in the words of a cloud. A provider without
 * keys is the emulator itself.
 */
export const verify = (
  token: string,
  provider: Provider,
  ownKey: Effect.Effect<IdentityProviderKey>,
  now: number,
  refusalOf: (fault: OidcFault) => Refusal
): Effect.Effect<Verified, Refusal> =>
  Effect.gen(function* () {
    const { createLocalJWKSet, errors, jwtVerify } = yield* Effect.mapError(jose, packageMissing)
    const keys = createLocalJWKSet((provider.keys ?? publicKeys(yield* ownKey)) as JSONWebKeySet)
    const { payload } = yield* Effect.tryPromise({
      try: () =>
        jwtVerify(token, keys, {
          algorithms,
          issuer: provider.issuer,
          audience: [...provider.clientIds],
          currentDate: new Date(now),
          requiredClaims: ["sub", "exp", "iat"]
        }),
      catch: (error): Refusal => {
        if (error instanceof errors.JWTExpired) return refusalOf({ _tag: "Expired", detail: "expired" })
        const isAudience = error instanceof errors.JWTClaimValidationFailed && error.claim === "aud"
        return refusalOf({
          _tag: isAudience ? "Audience" : "Invalid",
          detail: error instanceof errors.JOSEError ? error.message : "not a JWT"
        })
      }
    })
    return verifiedOf(payload)
  })
