import { type ChildProcess, execFile, spawn } from "node:child_process"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest"

const tsx = ["--import", "tsx"]

const readme = await readFile("README.md", "utf8")
const examples = (await readdir("examples")).filter((file) => file.endsWith(".ts"))
const programs = examples.filter((file) => !file.endsWith(".test.ts"))

/** What each program prints, besides ending well. */
const prints: Readonly<Record<string, string>> = {
  "assumeRole.ts": "acs:ram::1234567890123456:user/alice became acs:ram::1234567890123456:role/reader/report",
  "awsRole.ts": "arn:aws:sts::123456789012:assumed-role/reader/report",
  "blocking.ts": "this script runs as acs:ram::1234567890123456:user/alice",
  "bothClouds.ts": "acs:ram::1234567890123456:user/alice and arn:aws:iam::123456789012:user/alice",
  "bridge.ts": "acs:sts::1234567890123456:assumed-role/aws/from-aws",
  "eksToken.ts": "<redacted>\ntrue",
  "errors.ts": "create the role first",
  "oidc.ts": "this pod runs as acs:ram::1234567890123456:assumed-role/oidc/pod",
  "ownSource.ts": "acs:ram::1234567890123456:user/alice",
  "policy.ts": "1234567890123456",
  "undici.ts": "20 answers from 1234567890123456",
  "validate.ts": "roleSessionName must be 2 to 64 characters"
}

describe("the README", () => {
  it("shows no code but the examples", () => {
    const blocks = Array.from(readme.matchAll(/```ts\n([\s\S]*?)```/g), ([, code]) => code)
    const shown = Array.from(readme.matchAll(/<!-- examples\/(\S+) -->\n```ts\n/g), ([, file]) => file)
    assert.strictEqual(blocks.length, shown.length)
    assert.sameMembers(shown, examples)
  })

  it.each(examples)("shows examples/%s as it is", async (file) => {
    const code = await readFile(join("examples", file), "utf8")
    expect(readme).toContain(`<!-- examples/${file} -->\n\`\`\`ts\n${code}\`\`\``)
  })
})

describe("the examples", () => {
  let emulator: ChildProcess
  let folder: string
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    emulator = spawn(process.execPath, [...tsx, "src/cli/main.ts", "emulator", "--json"], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    const { stdout } = emulator
    assert.isNotNull(stdout)
    const line = await new Promise<string>((resolve) => {
      createInterface({ input: stdout }).once("line", resolve)
    })
    const { alibaba, aws, endpoint } = JSON.parse(line)
    const minted = await fetch(`${endpoint}/_emulator/alibaba/oidc-tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}"
    })
    folder = await mkdtemp(join(tmpdir(), "effect-sts-"))
    const tokenFile = join(folder, "token")
    await writeFile(tokenFile, ((await minted.json()) as { token: string }).token)
    env = {
      PATH: process.env["PATH"],
      HOME: folder,
      ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accessKeySecret,
      BRIDGE_OIDC_PROVIDER_ARN: alibaba.awsOidcProviderArn,
      BRIDGE_ROLE_ARN: alibaba.awsOidcRoleArn,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: alibaba.oidcProviderArn,
      ALIBABA_CLOUD_ROLE_ARN: alibaba.oidcRoleArn
    }
  })

  afterAll(async () => {
    emulator.kill()
    await rm(folder, { recursive: true })
  })

  it("are all expected to print something", () => {
    assert.sameMembers(Object.keys(prints), programs)
  })

  it.each(programs)("%s runs", async (file) => {
    const { stderr, stdout } = await promisify(execFile)(process.execPath, [...tsx, join("examples", file)], {
      env
    })
    expect(stdout).toContain(prints[file])
    expect(stdout).not.toContain("emulator-secret")
    expect(stderr).toBe("")
  })
})
