import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { firstLine, run, start } from "../support/cli.js"
import { newFolder } from "../support/folders.js"

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
  it("prints its address", async () => {
    const child = start(["emulator"])
    assert.match(await firstLine(child), /^The emulator listens on http:\/\/127\.0\.0\.1:\d+\. /)
    child.kill("SIGTERM")
    assert.strictEqual((await exitOf(child)).code, 0)
  })
})

describe("emulator --seed", () => {
  const document = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", Resource: "*" }]
  }
  const seed = {
    aws: {
      accounts: [
        {
          id: "111122223333",
          users: [
            {
              name: "carol",
              accessKeys: [{ accessKeyId: "AKIACAROLCAROLCAROL1", secretAccessKey: "carols-own-secret" }],
              policies: [
                { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }
              ]
            }
          ],
          roles: [
            {
              name: "builder",
              trustPolicy: {
                ...document,
                Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }]
              }
            }
          ]
        }
      ]
    }
  }

  it("starts with these accounts, and says so to a shell", async () => {
    const file = join(newFolder(), "seed.json")
    writeFileSync(file, JSON.stringify(seed))
    const child = start(["emulator", "--seed", file, "--env", "--host", "127.0.0.1"])
    const endpoint = /='(http:[^']+)'/.exec(await firstLine(child))?.[1] ?? ""
    const env = {
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "AKIACAROLCAROLCAROL1",
      AWS_SECRET_ACCESS_KEY: "carols-own-secret"
    }
    const role = ["--role", "arn:aws:iam::111122223333:role/builder"]
    const { stderr, stdout } = await run(["aws", "exec", ...role, "--", "printenv", "AWS_ACCESS_KEY_ID"], {
      env
    })
    assert.match(stdout, /^ASIA/, stderr)
    child.kill()
    await exitOf(child)
  })

  it.each([
    ["/nowhere/seed.json", undefined, "cannot be read"],
    ["bad.json", '{ "secretAccessKey": "carols', "is not as docs/emulator-seed.schema.json has it"],
    ["odd.json", JSON.stringify({ aws: { accounts: [{ id: 5, secretAccessKey: "carols" }] } }), 'at ["aws"]']
  ])("refuses %s without a word of what is in it", async (name, content, message) => {
    const file = name.startsWith("/") ? name : join(newFolder(), name)
    if (content !== undefined) writeFileSync(file, content)
    const { status, stderr } = await run(["emulator", "--seed", file])
    assert.strictEqual(status, 1)
    assert.include(stderr, message)
    assert.notInclude(stderr, "carols")
  })
})
