// The same with the official client.
import core from "@alicloud/openapi-core"
import sts from "@alicloud/sts20150401"

const imported = performance.now()

const client = new sts.default(
  new core.$OpenApiUtil.Config({
    accessKeyId: "LTAI5tExample",
    accessKeySecret: "ExampleSecret",
    protocol: "HTTP",
    endpoint: new URL(process.argv[2]).host
  })
)
const { body } = await client.assumeRole(
  new sts.AssumeRoleRequest({
    roleArn: "acs:ram::1234567890123456:role/bench-role",
    roleSessionName: "bench-session"
  })
)
if (body.credentials.accessKeyId === "") throw new Error("no credentials")
process.stdout.write(JSON.stringify({ imported, called: performance.now() }))
