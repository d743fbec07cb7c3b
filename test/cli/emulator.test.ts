import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { assert, describe, it } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { start } from "../support/cli.js"

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error("no standard output")
  const [line] = await once(createInterface(child.stdout), "line")
  return String(line)
}

const exitOf = async (child: ChildProcess) => {
  let errors = ""
  child.stderr?.on("data", (chunk) => {
    errors += chunk
  })
  const [code] = await once(child, "close")
  return { code, errors }
}

describe("emulator --json", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says in one line where it is, and ends well on %s",
    async (signal) => {
      const child = start(["emulator", "--json", "--port", "0"])
      const exit = exitOf(child)
      const { alibaba, aws, endpoint } = JSON.parse(await firstLine(child))
      assert.isString(alibaba.accessKeySecret)
      assert.deepInclude(alibaba, {
        accessKeyId: AlibabaSeed.keys.user.accessKeyId,
        roleArn: AlibabaSeed.arns.role,
        oidcProviderArn: AlibabaSeed.arns.oidcProvider,
        samlProviderArn: AlibabaSeed.arns.samlProvider
      })
      assert.isString(aws.secretAccessKey)
      assert.deepInclude(aws, {
        accessKeyId: AwsSeed.keys.user.accessKeyId,
        region: AwsSeed.region,
        roleArn: AwsSeed.arns.role,
        oidcProviderArn: AwsSeed.arns.oidcProvider,
        samlProviderArn: AwsSeed.arns.samlProvider
      })
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN } =
        aws.environment.eksContainer
      const container = await fetch(AWS_CONTAINER_CREDENTIALS_FULL_URI, {
        headers: { authorization: AWS_CONTAINER_AUTHORIZATION_TOKEN }
      })
      assert.deepInclude(await container.json(), { AccountId: AwsSeed.accountId })
      const { ALIBABA_CLOUD_CREDENTIALS_URI } = alibaba.environment.credentialsUri
      assert.deepInclude(await (await fetch(ALIBABA_CLOUD_CREDENTIALS_URI)).json(), { Code: "Success" })
      const { AWS_EC2_METADATA_SERVICE_ENDPOINT } = aws.environment.instance
      const role = await fetch(
        `${AWS_EC2_METADATA_SERVICE_ENDPOINT}/latest/meta-data/iam/security-credentials/`
      )
      assert.strictEqual(await role.text(), "instance")
      const portal = await fetch(
        `${aws.environment.service.AWS_ENDPOINT_URL_SSO}/federation/credentials?role_name=${aws.sso.roleName}&account_id=${aws.sso.accountId}`,
        { headers: { "x-amz-sso_bearer_token": aws.sso.accessToken } }
      )
      assert.nestedProperty(await portal.json(), "roleCredentials.sessionToken")
      const reply = await fetch(`${endpoint}/?Action=GetCallerIdentity&Version=2015-04-01&Format=JSON`)
      assert.deepInclude(await reply.json(), { Code: "MissingTimestamp" })
      child.kill(signal)
      assert.deepStrictEqual(await exit, { code: 0, errors: "" })
    }
  )
})

describe("emulator", () => {
  it("says in words where it is", async () => {
    const child = start(["emulator"])
    assert.match(await firstLine(child), /^The emulator listens on http:\/\/127\.0\.0\.1:\d+\. /)
    child.kill("SIGTERM")
    assert.strictEqual((await exitOf(child)).code, 0)
  })
})
