import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { Aws } from "effect-sts"
import { AwsNode } from "effect-sts/node"

// a pod of EKS, by IRSA or by Pod Identity: the cluster says where its token is, and there is nothing to configure;
// the token is read anew and the role's credentials are renewed for as long as the pod lives
const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(`this pod runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layer)))
