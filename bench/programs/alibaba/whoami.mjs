// Asks who calls, with everything that the default layer brings.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

const layer = Layer.merge(AlibabaNode.layer, RequestPolicy.layer({ alibaba: { endpoint: process.argv[2] } }))

const { arn } = await Effect.runPromise(Effect.provide(Alibaba.getCallerIdentity(), layer))
process.stdout.write(arn)
