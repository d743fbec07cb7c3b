import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Chain, type CredentialSource } from "effect-sts"
import * as Alibaba from "effect-sts/alibaba"
import { NodeHttp } from "effect-sts/node"

// a source is a name and one effect
const vault: CredentialSource<Alibaba.Credentials> = {
  name: "vault",
  get: Effect.sync(
    () =>
      new Alibaba.Credentials({
        accessKeyId: "LTAI5tEmulatorAlice00001",
        accessKeySecret: Redacted.make("emulator-secret-of-alice-00001")
      })
  )
}

// asked after the credentials file, and only where that is not configured
const provider = Layer.effect(
  Alibaba.CredentialProvider,
  Effect.map(Alibaba.CredentialsFile.make(), (file) =>
    Chain.make("alibaba", "file, then vault", [file, vault])
  )
)

const program = Effect.gen(function* () {
  const me = yield* Alibaba.getCallerIdentity()
  console.log(me.arn)
})

NodeRuntime.runMain(
  program.pipe(
    Effect.provide(provider),
    Effect.provide([Alibaba.SignerAcs3.layer, NodeHttp.layer, NodeServices.layer])
  )
)
