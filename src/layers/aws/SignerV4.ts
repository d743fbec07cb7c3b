/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { presign, sign } from "../../protocol/aws/sigV4.js"
import { headerFault } from "../../protocol/signature.js"
import { Signer, type Signing } from "../../services/aws/Signer.js"

// A new object each time it is built: it tells which calls belong together.
const signing: Signing = {
  sign: (call, credentials) => {
    const fault = headerFault("aws", call.operation, credentials)
    return fault === undefined
      ? Effect.succeed(sign(call.request, credentials, call, call.variant))
      : Effect.fail(fault)
  },
  presign: (call, credentials, expiresInSeconds) => {
    const fault = headerFault("aws", call.operation, credentials)
    const variant = { ...call.variant, expiresInSeconds }
    return fault === undefined
      ? Effect.succeed(presign(call.request, credentials, call, variant).parameters)
      : Effect.fail(fault)
  }
}

/**
 * Signs with AWS Signature Version 4.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
