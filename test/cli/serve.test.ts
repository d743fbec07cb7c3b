import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import { createRequire } from "node:module"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fromHttp } from "@aws-sdk/credential-providers"
import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { ended, newHome, run, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"

const require = createRequire(import.meta.url)
const { Config, default: AlibabaCredential } =
  require("@alicloud/credentials") as typeof import("@alicloud/credentials")

let emulator: CliEmulator
let aws: { readonly child: ChildProcess; readonly url: string; readonly token: string }
let alibaba: { readonly child: ChildProcess; readonly url: string }

const served = async (...args: ReadonlyArray<string>) => {
  const child = start([...args, "--json"], { env: { ...emulator.env.aws, ...emulator.env.alibaba } })
  if (child.stdout === null) throw new Error("no standard output")
  const [line] = await once(createInterface(child.stdout), "line")
  return { child, variables: JSON.parse(String(line)) as Readonly<Record<string, string>> }
}

const assumed = async (): Promise<number> => {
  const reply = await fetch(`${emulator.endpoint}/_emulator/requests`)
  const requests = (await reply.json()) as ReadonlyArray<{ readonly operation?: string }>
  return requests.filter(({ operation }) => operation === "AssumeRole").length
}

beforeAll(async () => {
  emulator = await startEmulator()
  const [one, other] = await Promise.all([
    served("aws", "serve", "--role", AwsSeed.arns.role, "--role-session-name", "served"),
    served("alibaba", "serve", "--role", AlibabaSeed.arns.role)
  ])
  aws = {
    child: one.child,
    url: one.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "",
    token: one.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? ""
  }
  alibaba = { child: other.child, url: other.variables["ALIBABA_CLOUD_CREDENTIALS_URI"] ?? "" }
})

afterAll(async () => {
  aws.child.kill()
  alibaba.child.kill()
  await emulator.stop()
})

const ask = (url: string, headers: Http.OutgoingHttpHeaders = {}, agent?: Http.Agent, method = "GET") =>
  new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    Http.request(url, { headers, method, ...(agent === undefined ? {} : { agent }) }, (response) => {
      let body = ""
      response.setEncoding("utf8").on("data", (chunk) => {
        body += chunk
      })
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }))
    })
      .once("error", reject)
      .end()
  })

describe("serve", () => {
  it("is understood by AWS's own package", async () => {
    const { accessKeyId, expiration, sessionToken } = await fromHttp({
      awsContainerCredentialsFullUri: aws.url,
      awsContainerAuthorizationToken: aws.token
    })()
    assert.match(accessKeyId, /^ASIA/)
    assert.isString(sessionToken)
    assert.instanceOf(expiration, Date)
  })

  it("is understood by Alibaba Cloud's own package", async () => {
    const config = new Config({ type: "credentials_uri", credentialsURI: alibaba.url })
    const { accessKeyId, securityToken } = await new AlibabaCredential(config).getCredential()
    assert.match(accessKeyId ?? "", /^STS\./)
    assert.isString(securityToken)
  })

  it("turns away who does not know the secret, and browsers", async () => {
    const { token, url } = aws
    const [base = ""] = url.split("/credentials")
    const known = { authorization: token }
    const statuses = await Promise.all(
      [
        ask(url),
        ask(url, { authorization: `${token}x` }),
        ask(url, { authorization: `Bearer ${token}` }),
        ask(url, { ...known, host: "rebound.example:80" }),
        ask(url, { ...known, origin: "http://rebound.example" }),
        ask(url, { ...known, "sec-fetch-site": "same-origin" }),
        ask(`${base}/role/none`, known),
        ask(`${base}/__proto__`, known),
        ask(url, known, undefined, "POST"),
        ask(alibaba.url.replace(/[^/]+\/credentials$/, "wrong/credentials")),
        ask(url, known)
      ].map(async (reply) => (await reply).status)
    )
    assert.deepStrictEqual(statuses, [403, 403, 403, 421, 403, 403, 404, 404, 405, 404, 200])
  })

  it("answers 10 000 requests over 64 connections from memory", { timeout: 60_000 }, async () => {
    const before = await assumed()
    const agent = new Http.Agent({ keepAlive: true, maxSockets: 64 })
    const keys = new Set<string>()
    const connections = Array.from({ length: 64 }, async (_, connection) => {
      for (let count = connection; count < 10_000; count += 64) {
        const { body, status } = await ask(aws.url, { authorization: aws.token }, agent)
        assert.strictEqual(status, 200)
        keys.add(JSON.parse(body).AccessKeyId)
      }
    })
    await Promise.all(connections)
    agent.destroy()
    assert.strictEqual(keys.size, 1)
    assert.strictEqual((await assumed()) - before, 0)
  })

  it("gives each of several roles below its name", async () => {
    const { child, variables } = await served(
      ...["aws", "serve", "--role", AwsSeed.arns.role],
      ...["--named-role", `other=${AwsSeed.arns.role}`]
    )
    const url = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? ""
    const headers = { authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" }
    const { status } = await ask(url.replace("/credentials", "/role/other"), headers)
    const exit = ended(child)
    child.kill("SIGTERM")
    assert.strictEqual((await exit).status, 0)
    assert.strictEqual(status, 200)
  })

  it.concurrent.each([
    [["--host", "0.0.0.0"], 2, "--host beyond loopback needs --allow-remote"],
    [["--host", "0.0.0.0", "--allow-remote"], 2, "--host beyond loopback needs --allow-remote"],
    [["--token-file", "/nowhere"], 1, "The file of --token-file cannot be read"],
    [[], 1, "These keys are not temporary"]
  ] as const)("refuses %j", async (args, status, message) => {
    const ended = await run(["aws", "serve", ...args], { env: emulator.env.aws })
    assert.deepInclude(ended, { status, stdout: "" })
    assert.include(ended.stderr, message)
  })

  it("takes a secret of one's own, which has to be long", async () => {
    const file = join(newHome(), "token")
    writeFileSync(file, "short")
    const { status, stderr } = await run(["aws", "serve", "--token-file", file], { env: emulator.env.aws })
    assert.strictEqual(status, 2)
    assert.include(stderr, "32 to 512")
    assert.notInclude(stderr, "short")
  })
})
