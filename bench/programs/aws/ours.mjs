// One AssumeRole with static credentials and the default HTTP client, as a small program would do it.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { NodeHttp } from "effect-sts/node"

const imported = performance.now()

const layer = Layer.mergeAll(
  Aws.Static.layer({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "ExampleSecret" }),
  Aws.SignerV4.layer,
  NodeHttp.layer,
  RequestPolicy.layer({ aws: { endpoint: process.argv[2], region: "eu-central-1" } })
)
const program = Aws.assumeRole({
  roleArn: "arn:aws:iam::123456789012:role/bench-role",
  roleSessionName: "bench-session"
})

const { credentials } = await Effect.runPromise(Effect.provide(program, layer))
if (credentials.accessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
