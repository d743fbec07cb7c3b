/**
 * How Alibaba Cloud requests are signed.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { SignableCall } from "../../protocol/alibaba/acs3.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsSignatureError } from "../../schemas/StsError.js"
import type { Outgoing } from "../Operations.js"

/**
 * What a signer is given: the call, its moment and nonce, and the host it goes to.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signable extends SignableCall {}

/**
 * A call's headers and form with the signature among them, and the text that was signed.
 *
 * @category models
 * @since 4.0.0
 */
export interface Signed extends Outgoing {}

/**
 * Turns a call into a signed request. The result depends on the arguments alone.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signing {
  /** In the call's headers or its form. */
  readonly sign: (call: Signable, credentials: Credentials) => Effect.Effect<Signed, StsSignatureError>
}

/**
 * The signature scheme that Alibaba Cloud's signed operations use.
 * Its own name is what editors and compilers show among the requirements of both clouds.
 *
 * @category tags
 * @since 0.1.0
 */
class AlibabaSigner extends Context.Service<AlibabaSigner, Signing>()("effect-sts/alibaba/Signer") {}

export {
  /**
   * The signature scheme that Alibaba Cloud's signed operations use.
   *
   * @category tags
   * @since 0.1.0
   */
  AlibabaSigner as Signer
}
