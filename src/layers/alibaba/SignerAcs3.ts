/**
 * The ACS3-HMAC-SHA256 signature: the call in headers, its parameters in the form body.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { sign } from "../../protocol/alibaba/acs3.js"
import { Signer } from "../../services/alibaba/Signer.js"
import { signing } from "../../services/Signing.js"

/**
 * Signs with ACS3-HMAC-SHA256, the scheme that the vendor's own clients use by default.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({
  sign: signing("alibaba", "action", sign)
}))
