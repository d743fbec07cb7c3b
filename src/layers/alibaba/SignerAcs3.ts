/**
 * The ACS3-HMAC-SHA256 signature: the call in headers, its parameters in the form body.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { sign } from "../../protocol/alibaba/acs3.js"
import { Signer, type Signing } from "../../services/alibaba/Signer.js"
import { signing } from "../../services/Signing.js"

// Two that are built are equal, as caches compare them, and yet two objects, which tell which calls belong together.
const signer: Signing = { sign: /* @__PURE__ */ signing("alibaba", "action", sign) }

/**
 * Signs with ACS3-HMAC-SHA256, the scheme that the vendor's own clients use by default.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signer }))
