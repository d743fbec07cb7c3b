/**
 * How AWS requests are signed.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Request } from "../../protocol/aws/canonicalRequest.js"
import type { Context as SigningContext, Variant } from "../../protocol/aws/sigV4.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsSignatureError } from "../../schemas/StsError.js"

/**
 * What a signer is given: the request, where and when it is good for, and the operation it is made for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signable extends SigningContext {
  readonly operation: string
  readonly request: Request
  /** What the service wants otherwise than STS does. */
  readonly variant?: Variant | undefined
}

/**
 * A request's headers with the signature among them, and the text that was signed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly stringToSign: string
}

/**
 * Signs requests. Functions of their arguments alone.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signing {
  /** In the request's headers. */
  readonly sign: (request: Signable, credentials: Credentials) => Effect.Effect<Signed, StsSignatureError>
  /** In the URL: the parameters to add to the request's query, the signature last. */
  readonly presign: (
    request: Signable,
    credentials: Credentials,
    expiresInSeconds: number
  ) => Effect.Effect<ReadonlyArray<readonly [name: string, value: string]>, StsSignatureError>
}

/**
 * The signature scheme that AWS's signed operations use.
 *
 * @category tags
 * @since 0.1.0
 */
export class Signer extends Context.Tag("effect-sts/aws/Signer")<Signer, Signing>() {}
