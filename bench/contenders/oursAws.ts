/**
 * This library on AWS.
 */
import * as Layer from "effect/Layer"
import { key, region, request } from "../clouds/aws.js"
import * as built from "../support/built.js"
import type { Open } from "./contender.js"
import { running, type Variant } from "./ours.js"

export const open: Open<Variant> = async (endpoint, variant) => {
  const { assumeRole, SignerV4, Static } = await built.aws()
  const { RequestPolicy } = await built.main()
  const { maxConcurrentRequests } = variant
  const cloud = Layer.mergeAll(
    Static.layer(key),
    SignerV4.layer,
    RequestPolicy.layer({ aws: { endpoint, region }, maxConcurrentRequests })
  )
  return running(variant, cloud, () => assumeRole(request))
}
