import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "effect-sts/alibaba"
import * as Aws from "effect-sts/aws"
import { AlibabaNode, AwsNode } from "effect-sts/node"

// a job with `permissions: { id-token: write }` and no stored secret: both clouds accept GitHub's token
const aws = Aws.WebIdentity.layer({
  roleArn: "arn:aws:iam::123456789012:role/oidc",
  roleSessionName: "deploy",
  token: Aws.WebIdentity.githubActions()
})
const alibaba = Alibaba.Oidc.layer({
  roleArn: "acs:ram::1234567890123456:role/oidc",
  oidcProviderArn: "acs:ram::1234567890123456:oidc-provider/emulator",
  roleSessionName: "deploy",
  token: Alibaba.Oidc.githubActions()
})

const program = Effect.gen(function* () {
  const inAws = yield* Aws.getCallerIdentity()
  const inAlibabaCloud = yield* Alibaba.getCallerIdentity()
  console.log(`this job runs as ${inAws.arn} and ${inAlibabaCloud.arn}`)
})

// these providers take the place of the default chains
const live = Layer.merge(aws, alibaba).pipe(Layer.provideMerge(Layer.merge(AwsNode.layer, AlibabaNode.layer)))

NodeRuntime.runMain(program.pipe(Effect.provide(live)))
