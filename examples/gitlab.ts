import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// a job with `id_tokens: { AWS_TOKEN: { aud: sts.amazonaws.com } }` and no stored secret
const provider = Aws.WebIdentity.layer({
  roleArn: "arn:aws:iam::123456789012:role/oidc",
  roleSessionName: "deploy",
  token: Effect.orDie(Config.Redacted("AWS_TOKEN"))
})

const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(`this job runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(provider.pipe(Layer.provideMerge(AwsNode.layer)))))
