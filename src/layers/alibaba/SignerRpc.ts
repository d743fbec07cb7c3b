/**
 * The RPC signature, version 1.0 with HMAC-SHA1: everything in the form body.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { sign } from "../../protocol/alibaba/rpc.js"
import { headerFault } from "../../protocol/signature.js"
import { Signer, type Signing } from "../../services/alibaba/Signer.js"

const headers = {}

// A new object each time it is built: it tells which calls belong together.
const signing: Signing = {
  sign: (call, credentials) => {
    const fault = headerFault("alibaba", call.action, credentials)
    return fault === undefined ? Effect.succeed({ headers, ...sign(call, credentials) }) : Effect.fail(fault)
  }
}

/**
 * Signs with the RPC signature, for gateways that do not know ACS3.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
