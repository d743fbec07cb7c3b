/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { presign, sign } from "../../protocol/aws/sigV4.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type Signable, Signer } from "../../services/aws/Signer.js"
import { signing } from "../../services/Signing.js"

/**
 * Signs with AWS Signature Version 4.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({
  sign: signing("aws", "operation", sign),
  presign: (call, credentials, expiresInSeconds) => {
    const inQuery = (request: Signable, key: Credentials) =>
      presign(request, key, expiresInSeconds).parameters
    return signing("aws", "operation", inQuery)(call, credentials)
  }
}))
