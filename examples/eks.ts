import * as Effect from "effect/Effect"
import { Aws } from "effect-sts"
import { AwsNode } from "effect-sts/node"

// a pod of EKS, by IRSA or by Pod Identity: the cluster says where its token is, and there is nothing to configure;
// the token is read anew and the role's credentials are renewed for as long as the pod lives
const me = await Effect.runPromise(Aws.getCallerIdentity().pipe(Effect.provide(AwsNode.layer)))

console.log(`this pod runs as ${me.arn}`)
