import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { RequestPolicy } from "effect-sts"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaNode } from "effect-sts/node"

// for a whole program: a layer
const policy = RequestPolicy.layer({ maxConcurrentRequests: 4, connectTimeout: "2 seconds" })

// for one part of it: an adjustment of whatever is around
const impatient = Alibaba.getCallerIdentity().pipe(
  RequestPolicy.adjust({ timeout: "3 seconds", maxAttempts: 1 })
)

const program = Effect.gen(function* () {
  const me = yield* impatient
  console.log(me.accountId)
})

NodeRuntime.runMain(program.pipe(Effect.provide([AlibabaNode.layer, policy])))
