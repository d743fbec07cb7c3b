/**
 * A job that asks a cloud every minute of two hours who it is, by the cloud's own packages. The minutes go by as fast as
 * it is answered. It prints the key that it had in each.
 */
import { createRequire } from "node:module"
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts"
import { moveClock } from "./movedClock.js"

const require = createRequire(import.meta.url)
const credentials = require("@alicloud/credentials") as typeof import("@alicloud/credentials")
const sts = require("@alicloud/sts20150401") as typeof import("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")

const {
  AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization = "",
  AWS_CONTAINER_CREDENTIALS_FULL_URI,
  ALIBABA_CLOUD_CREDENTIALS_URI,
  EMULATOR = "",
  MOVED_CLOCK = ""
} = process.env
const server = AWS_CONTAINER_CREDENTIALS_FULL_URI ?? ALIBABA_CLOUD_CREDENTIALS_URI ?? ""

const awsJob = () => {
  const client = new STSClient({ maxAttempts: 1 })
  return async () => {
    await client.send(new GetCallerIdentityCommand({}))
    return (await client.config.credentials()).accessKeyId
  }
}

const alibabaJob = () => {
  const credential = new credentials.default()
  const endpoint = EMULATOR.replace("http://", "")
  const client = new sts.default(new $OpenApiUtil.Config({ credential, protocol: "HTTP", endpoint }))
  return async () => {
    await client.getCallerIdentity()
    return (await credential.getCredential()).accessKeyId
  }
}

const work = process.argv[2] === "aws" ? awsJob() : alibabaJob()
const keys: Array<string | undefined> = []
for (let minute = 0; minute <= 120; minute++) {
  await moveClock(MOVED_CLOCK, EMULATOR, minute)
  // It looks every few seconds whether credentials are due. Here none go by, and a client waits for it a second only.
  await (await fetch(server, { headers: { authorization } })).text()
  keys.push(await work())
}
process.stdout.write(JSON.stringify(keys), () => process.exit(0))
