import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import * as Aws from "effect-sts/aws"
import { AlibabaNode, AwsNode } from "effect-sts/node"

// EC2, ECS, Lambda: the default chain finds the role of the machine or task. Why this one? It can explain itself
const aws = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  const why = yield* Aws.explain()
  console.log(`${me.arn}\n${why.render()}`)
})

// an ECS instance of Alibaba Cloud: here its RAM role alone, whatever else is configured
const ecsRole = Effect.map(
  Config.withDefault(Config.String("ECS_METADATA_ENDPOINT"), "http://100.100.100.200"),
  (endpoint) => Alibaba.EcsRamRole.layerWith({ endpoint })
)
const alibaba = Effect.gen(function* () {
  const me = yield* Alibaba.getCallerIdentity().pipe(Effect.provide(yield* ecsRole))
  console.log(me.arn)
})

const both = Effect.andThen(aws, alibaba)

NodeRuntime.runMain(both.pipe(Effect.provide([AwsNode.layer, AlibabaNode.layer])))
