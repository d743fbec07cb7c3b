import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// a pod with IRSA or Pod Identity: the cluster sets the variables, so there is nothing to configure;
// the token is read again and the credentials are renewed for as long as the pod lives
const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(`this pod runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layer)))
