/**
 * This library on Alibaba Cloud.
 */
import * as Layer from "effect/Layer"
import { key, request } from "../clouds/alibaba.js"
import * as built from "../support/built.js"
import type { Open } from "./contender.js"
import { running, type Variant } from "./ours.js"

export interface AlibabaVariant extends Variant {
  readonly signer?: "acs3" | "rpc"
}

export const open: Open<AlibabaVariant> = async (endpoint, variant) => {
  const { assumeRole, SignerAcs3, SignerRpc, Static } = await built.alibaba()
  const { RequestPolicy } = await built.main()
  const { maxConcurrentRequests } = variant
  const cloud = Layer.mergeAll(
    Static.layer(key),
    variant.signer === "rpc" ? SignerRpc.layer : SignerAcs3.layer,
    RequestPolicy.layer({ alibaba: { endpoint }, maxConcurrentRequests })
  )
  return running(variant, cloud, () => assumeRole(request))
}
