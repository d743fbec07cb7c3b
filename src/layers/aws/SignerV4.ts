/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { presign, sign } from "../../protocol/aws/sigV4.js"
import { Signer, type Signing } from "../../services/aws/Signer.js"
import { check } from "../signable.js"

// An object of its own each time that it is built: it tells which calls belong together.
const signing: Signing = {
  sign: (call, credentials) =>
    check("aws", call.operation, credentials, () => sign(call.request, credentials, call, call.variant)),
  presign: (call, credentials, expiresInSeconds) =>
    check(
      "aws",
      call.operation,
      credentials,
      () => presign(call.request, credentials, call, { ...call.variant, expiresInSeconds }).parameters
    )
}

/**
 * Signs with AWS Signature Version 4.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
