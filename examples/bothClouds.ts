import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import * as Aws from "effect-sts/aws"
import { AlibabaNode, AwsNode } from "effect-sts/node"

const inAlibabaCloud = Alibaba.assumeRole({
  roleArn: "acs:ram::1234567890123456:role/reader",
  roleSessionName: "report"
})

const inAws = Aws.assumeRole({
  roleArn: "arn:aws:iam::123456789012:role/reader",
  roleSessionName: "report"
})

const program = Effect.gen(function* () {
  const [alibaba, aws] = yield* Effect.all([inAlibabaCloud, inAws], { concurrency: "unbounded" })
  console.log(`Alibaba Cloud: ${alibaba.credentials.accessKeyId}`)
  console.log(`AWS: ${aws.credentials.accessKeyId}`)
  console.log(aws.credentials) // secrets are Redacted, so they print as <redacted>
})

// each cloud has its own services: leave out a layer, and this does not compile
NodeRuntime.runMain(program.pipe(Effect.provide([AlibabaNode.layer, AwsNode.layer])))
