// One AssumeRole with the layer for functions.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import * as Aws from "effect-sts/aws"
import { AwsFunction } from "effect-sts/function"

const imported = performance.now()

const layer = Layer.merge(
  AwsFunction.layer,
  RequestPolicy.layer({ aws: { endpoint: process.argv[2], region: "eu-central-1" } })
)
const program = Aws.assumeRole({
  roleArn: "arn:aws:iam::123456789012:role/bench-role",
  roleSessionName: "bench-session"
})

const { credentials } = await Effect.runPromise(Effect.provide(program, layer))
if (credentials.accessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
