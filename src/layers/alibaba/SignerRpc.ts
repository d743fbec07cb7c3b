/**
 * The RPC signature, version 1.0 with HMAC-SHA1: everything in the form body.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { sign } from "../../protocol/alibaba/rpc.js"
import { Signer, type Signing } from "../../services/alibaba/Signer.js"
import { signing } from "../../services/Signing.js"

// Two that are built are equal, as caches compare them, and yet two objects, which tell which calls belong together.
const signer: Signing = { sign: /* @__PURE__ */ signing("alibaba", "action", sign) }

/**
 * Signs with the RPC signature, for gateways that do not know ACS3.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signer }))
