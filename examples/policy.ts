import * as Effect from "effect/Effect"
import { Alibaba, RequestPolicy } from "effect-sts"
import { AlibabaNode } from "effect-sts/node"

// for a whole program: a layer
const policy = RequestPolicy.layer({ maxConcurrentRequests: 4, connectTimeout: "2 seconds" })

// for one part of it: an adjustment of whatever is around
const impatient = Alibaba.getCallerIdentity().pipe(
  RequestPolicy.adjust({ timeout: "3 seconds", maxAttempts: 1 })
)

const me = await Effect.runPromise(impatient.pipe(Effect.provide([AlibabaNode.layer, policy])))
console.log(me.accountId)
