/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { presign, sign } from "../../protocol/aws/sigV4.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type Signable, Signer, type Signing } from "../../services/aws/Signer.js"
import { signing } from "../../services/Signing.js"

// Two that are built are equal, as caches compare them, and yet two objects, which tell which calls belong together.
const signer: Signing = {
  sign: /* @__PURE__ */ signing("aws", "operation", sign),
  presign: (call, credentials, expiresInSeconds) => {
    const inQuery = (request: Signable, key: Credentials) =>
      presign(request, key, expiresInSeconds).parameters
    return signing("aws", "operation", inQuery)(call, credentials)
  }
}

/**
 * Signs with AWS Signature Version 4.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signer }))
