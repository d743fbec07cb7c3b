import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { Alibaba } from "effect-sts"
import { AlibabaNode } from "effect-sts/node"

// a pod of ACK, by RRSA: the same
const program = Effect.gen(function* () {
  const me = yield* Alibaba.getCallerIdentity()
  console.log(`this pod runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AlibabaNode.layer)))
