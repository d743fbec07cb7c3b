import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaBlocking } from "effect-sts/blocking"

const me = Effect.runSync(Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaBlocking.layer)))

console.log(`this script runs as ${me.arn}`)
