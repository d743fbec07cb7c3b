import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { RequestPolicy } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

const program = Effect.gen(function* () {
  const { credentials, packedPolicySize } = yield* Aws.assumeRole({
    roleArn: "arn:aws:iam::123456789012:role/reader",
    roleSessionName: "report",
    durationSeconds: 900,
    tags: [{ key: "team", value: "data" }]
  })
  const me = yield* Aws.getCallerIdentity().pipe(Effect.provide(Aws.Static.layer(credentials)))
  console.log(`${me.arn}, policies and tags take ${packedPolicySize ?? 0} % of their room`)
})

// AWS_REGION is read from the environment; what the program states wins
const inRegion = program.pipe(RequestPolicy.adjust({ aws: { region: "eu-central-1" } }))

NodeRuntime.runMain(inRegion.pipe(Effect.provide(AwsNode.layer)))
