/**
 * The RPC signature, version 1.0 with HMAC-SHA1: everything in the form body.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { sign } from "../../protocol/alibaba/rpc.js"
import { Signer } from "../../services/alibaba/Signer.js"
import { signing } from "../../services/Signing.js"

/**
 * Signs with the RPC signature, for gateways that do not know ACS3.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({
  sign: signing("alibaba", "action", sign)
}))
