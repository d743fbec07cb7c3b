// The same with the client that wraps AWS's own in Effects.
import { STS } from "@effect-aws/client-sts"
import * as Effect from "effect/Effect"

const imported = performance.now()

const layer = STS.layer({
  endpoint: process.argv[2],
  region: "eu-central-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "ExampleSecret" }
})
const program = STS.assumeRole({
  RoleArn: "arn:aws:iam::123456789012:role/bench-role",
  RoleSessionName: "bench-session"
})

const { Credentials } = await Effect.runPromise(Effect.provide(program, layer))
if (Credentials?.AccessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
