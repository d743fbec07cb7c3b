import * as Effect from "effect/Effect"
import { Alibaba, Aws } from "effect-sts"
import { AlibabaNode, AwsNode } from "effect-sts/node"

const program = Effect.all(
  { alibaba: Alibaba.getCallerIdentity(), aws: Aws.getCallerIdentity() },
  { concurrency: "unbounded" }
)

// the two clouds' services never mix up: with one of the layers missing, this does not compile
const { alibaba, aws } = await Effect.runPromise(
  program.pipe(Effect.provide([AlibabaNode.layer, AwsNode.layer]))
)
console.log(`${alibaba.arn} and ${aws.arn}`)
