// The same with AWS's own client.
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts"

const imported = performance.now()

const client = new STSClient({
  endpoint: process.argv[2],
  region: "eu-central-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "ExampleSecret" }
})
const { Credentials } = await client.send(
  new AssumeRoleCommand({
    RoleArn: "arn:aws:iam::123456789012:role/bench-role",
    RoleSessionName: "bench-session"
  })
)
if (Credentials?.AccessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
