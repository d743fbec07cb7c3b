import * as Effect from "effect/Effect"
import { Alibaba } from "effect-sts"
import { AlibabaNode } from "effect-sts/node"

// a pod of ACK, by RRSA: the same
const me = await Effect.runPromise(Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaNode.layer)))

console.log(`this pod runs as ${me.arn}`)
