import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { CredentialSource } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

const vault: CredentialSource<Aws.Credentials> = {
  name: "vault",
  get: Effect.sync(
    () =>
      new Aws.Credentials({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: Redacted.make("from the vault") })
  )
}

// the default chain, where no metadata service can be and the last resort is the vault
const layer = AwsNode.layerWith({ without: ["Container", "InstanceMetadata"], last: [vault] })

const program = Effect.gen(function* () {
  const me = yield* Aws.getCallerIdentity()
  console.log(`this program runs as ${me.arn}`)
})

NodeRuntime.runMain(program.pipe(Effect.provide(layer)))
