import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { Alibaba, Aws } from "effect-sts"
import { AlibabaNode, AwsNode } from "effect-sts/node"

const program = Effect.gen(function* () {
  const { alibaba, aws } = yield* Effect.all(
    { alibaba: Alibaba.getCallerIdentity(), aws: Aws.getCallerIdentity() },
    { concurrency: "unbounded" }
  )
  console.log(`${alibaba.arn} and ${aws.arn}`)
})

// the two clouds' services never mix up: with one of the layers missing, this does not compile
NodeRuntime.runMain(program.pipe(Effect.provide([AlibabaNode.layer, AwsNode.layer])))
