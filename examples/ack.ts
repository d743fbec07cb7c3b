import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

// a pod with RRSA: the cluster sets the variables, so there is nothing to configure
const program = Effect.gen(function* () {
  const me = yield* Alibaba.getCallerIdentity()
  console.log(`this pod runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AlibabaNode.layer)))
