import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Alibaba from "effect-sts/alibaba"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

// AWS issues a JWT for the caller; a RAM role that trusts AWS as an OIDC provider accepts it
const program = Effect.gen(function* () {
  const { webIdentityToken } = yield* Aws.getWebIdentityToken({
    audience: ["sts.aliyuncs.com"],
    signingAlgorithm: "RS256"
  })
  const { credentials } = yield* Alibaba.assumeRoleWithOIDC({
    oidcProviderArn: "acs:ram::1234567890123456:oidc-provider/aws",
    roleArn: "acs:ram::1234567890123456:role/aws",
    oidcToken: webIdentityToken,
    roleSessionName: "from-aws"
  })
  const me = yield* Alibaba.getCallerIdentity().pipe(
    Effect.provide([Alibaba.Static.layer(credentials), Alibaba.SignerAcs3.layer])
  )
  console.log(`became ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(AwsNode.layer)))
