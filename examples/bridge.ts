import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { Alibaba, Aws } from "effect-sts"
import { AwsNode } from "effect-sts/node"

// AWS vouches for the caller with a JWT; a RAM role that trusts AWS as an OIDC provider takes it for proof
const program = Effect.gen(function* () {
  const { webIdentityToken } = yield* Aws.getWebIdentityToken({
    audience: ["sts.aliyuncs.com"],
    signingAlgorithm: "RS256"
  })
  const { assumedRoleUser } = yield* Alibaba.assumeRoleWithOIDC({
    oidcProviderArn: yield* Config.String("BRIDGE_OIDC_PROVIDER_ARN"),
    roleArn: yield* Config.String("BRIDGE_ROLE_ARN"),
    oidcToken: webIdentityToken,
    roleSessionName: "from-aws"
  })
  console.log(assumedRoleUser.arn)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layer)))
