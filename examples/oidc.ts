import * as FileSystem from "@effect/platform/FileSystem"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { Alibaba } from "effect-sts"
import { NodeHttp } from "effect-sts/node"

// in a pod of ACK (RRSA): the cluster's token opens a role, there are no keys at all
const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const oidcToken = yield* fs.readFileString(yield* Config.string("ALIBABA_CLOUD_OIDC_TOKEN_FILE"))
  const { credentials } = yield* Alibaba.assumeRoleWithOIDC({
    oidcProviderArn: yield* Config.string("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
    roleArn: yield* Config.string("ALIBABA_CLOUD_ROLE_ARN"),
    oidcToken,
    roleSessionName: "pod"
  })
  return yield* Alibaba.getCallerIdentity().pipe(
    Effect.provide([Alibaba.SignerAcs3.layer, Alibaba.Static.layer(credentials)])
  )
})

// an anonymous operation needs an HTTP client and nothing else
const me = await Effect.runPromise(program.pipe(Effect.provide([NodeHttp.layer(), NodeFileSystem.layer])))
console.log(`this pod runs as ${me.arn}`)
