// One AssumeRole with static credentials and the default HTTP client, as a small program would do it.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import * as Alibaba from "effect-sts/alibaba"
import { NodeHttp } from "effect-sts/node"

const imported = performance.now()

const layer = Layer.mergeAll(
  Alibaba.Static.layer({ accessKeyId: "LTAI5tExample", accessKeySecret: "ExampleSecret" }),
  Alibaba.SignerAcs3.layer,
  NodeHttp.layer,
  RequestPolicy.layer({ alibaba: { endpoint: process.argv[2] } })
)
const program = Alibaba.assumeRole({
  roleArn: "acs:ram::1234567890123456:role/bench-role",
  roleSessionName: "bench-session"
})

const { credentials } = await Effect.runPromise(Effect.provide(program, layer))
if (credentials.accessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
