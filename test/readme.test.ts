import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import * as Redacted from "effect/Redacted"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { guides, written } from "../scripts/readme.js"
import { AwsSeed } from "../src/testing.js"
import { compiled, program } from "./support/program.js"
import { hasRedis, RedisServer } from "./support/redisServer.js"

const texts = new Map(
  await Promise.all(guides.map(async (guide) => [guide, await readFile(guide, "utf8")] as const))
)
const examples = (await readdir("examples")).filter((file) => file.endsWith(".ts"))
const programs = examples.filter((file) => !file.endsWith(".test.ts"))

/** What each program prints, besides ending well. */
const prints: Readonly<Record<string, string>> = {
  "alibabaHttp.ts": "acs:ram::1234567890123456:user/alice",
  "ack.ts": "this pod runs as acs:ram::1234567890123456:assumed-role/oidc/",
  "assumeRole.ts":
    "acs:ram::1234567890123456:user/alice became acs:ram::1234567890123456:assumed-role/reader/report",
  "awsRole.ts": "arn:aws:sts::123456789012:assumed-role/reader/report",
  "blocking.ts": "this script runs as acs:ram::1234567890123456:user/alice",
  "bothClouds.ts": "Alibaba Cloud: STS.",
  "bridge.ts": "became acs:ram::1234567890123456:assumed-role/aws/from-aws",
  "chain.ts": "this program runs as arn:aws:iam::123456789012:user/alice",
  "eks.ts": "this pod runs as arn:aws:sts::123456789012:assumed-role/oidc/",
  "eksToken.ts": "<redacted>\ntrue",
  "errors.ts": "Create the role first",
  "fleet.ts": "this machine runs as arn:aws:sts::123456789012:assumed-role/reader/fleet",
  "fleetBlocking.ts": "credentials from its source",
  "githubActions.ts":
    "this job runs as arn:aws:sts::123456789012:assumed-role/oidc/deploy and acs:ram::1234567890123456:assumed-role/oidc/deploy",
  "functionCompute.ts": "this function runs as acs:ram::1234567890123456:user/alice",
  "gitlab.ts": "this job runs as arn:aws:sts::123456789012:assumed-role/oidc/deploy",
  "instance.ts": "✓ instance metadata",
  "lambda.ts": "this function runs as arn:aws:iam::123456789012:user/alice",
  "login.ts":
    "signed in as arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Reader_0000000000000001/alice",
  "manyRoles.ts": "ann bob ann bob ann",
  "ownSource.ts": "acs:ram::1234567890123456:user/alice",
  "policy.ts": "1234567890123456",
  "reply.ts": "arn:aws:iam::123456789012:user/alice: HTTP 200, text/xml",
  "roleChain.ts": "arn:aws:sts::123456789012:assumed-role/chained/alice",
  "signedHttp.ts": "arn:aws:iam::123456789012:user/alice",
  "sso.ts":
    "signed in as arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Reader_0000000000000001/alice",
  "undici.ts": "20 answers from 1234567890123456",
  "validate.ts": "roleSessionName must be 2 to 64 characters",
  "vendorSdk.ts": "the vendor's SDK runs as arn:aws:iam::123456789012:user/alice",
  "worker.ts": "this worker runs as arn:aws:iam::123456789012:user/alice"
}

/** What a platform calls, where nobody runs the module itself. */
const invoked: Readonly<Record<string, string>> = {
  "functionCompute.ts": "module.handler()",
  "lambda.ts": "module.handler()",
  "worker.ts": "module.default.fetch().then((response) => response.text())"
}

const argumentsOf = (file: string): ReadonlyArray<string> => {
  const path = program(`examples/${file}`)
  const call = invoked[file]
  if (call === undefined) return [path]
  const script = `const module = await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(await ${call})`
  return ["--input-type=module", "--eval", script]
}

describe("README and guides", () => {
  it("show exactly the examples", () => {
    const shown = Array.from(texts.values()).flatMap((text) => {
      const blocks = text.match(/```(?:ts|tsx|js|typescript)\n/g) ?? []
      const files = Array.from(text.matchAll(/<!-- examples\/(\S+) -->\n```ts\n/g), ([, file]) => file)
      assert.strictEqual(blocks.length, files.length)
      return files
    })
    assert.sameMembers([...new Set(shown)], examples)
  })

  it.each(guides)("%s shows the examples as they are, and the settings as they are read", (guide) => {
    const text = texts.get(guide) ?? ""
    assert.strictEqual(text, written(text))
  })

  it("import the clouds by their subpaths", async () => {
    for (const file of examples)
      assert.notMatch(
        await readFile(`examples/${file}`, "utf8"),
        /\b(?:Alibaba|Aws)\b[^"]*\} from "effect-sts"/
      )
  })

  it("are short, in the README's case", () => {
    assert.isAtMost(texts.get("README.md")?.trimEnd().split("\n").length ?? 0, 350)
  })
})

/** GitHub's service: it gives a running job a token for whom it is to vouch to. */
const tokenService = (tokens: Readonly<Record<string, string>>): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer(({ url = "" }, response) => {
      const audience = new URL(url, "http://localhost").searchParams.get("audience") ?? ""
      response.end(JSON.stringify({ value: tokens[audience] }))
    })
    server.listen(0, "127.0.0.1", () => resolve(server))
  })

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const put = async (file: string, text: string): Promise<string> => {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode: 0o600 })
  return file
}

/** A home directory in which `aws sso login` was run. */
const signIn = async (home: string): Promise<void> => {
  const { accessToken } = AwsSeed.ssoSignIn
  const { startUrl } = AwsSeed.identityCenter
  await put(
    join(home, ".aws/config"),
    `[profile dev]
sso_session = corp
sso_account_id = ${AwsSeed.ssoRole.accountId}
sso_role_name = ${AwsSeed.ssoRole.roleName}

[sso-session corp]
sso_start_url = ${startUrl}
sso_region = ${AwsSeed.region}
`
  )
  const name = createHash("sha1").update("corp").digest("hex")
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  await put(
    join(home, `.aws/sso/cache/${name}.json`),
    JSON.stringify({ startUrl, region: AwsSeed.region, accessToken: Redacted.value(accessToken), expiresAt })
  )
}

/** Confirms a code as a person does who is told of a page. */
const confirm = (text: string): void => {
  const [, page, code] = /open (\S+)\?user_code=(\S+)/.exec(text) ?? []
  if (page === undefined || code === undefined) return
  void fetch(page, { method: "POST", body: new URLSearchParams({ user_code: code, user: "alice" }) })
}

describe("the examples", () => {
  let emulator: ChildProcess
  let github: Server
  let redis: RedisServer | undefined
  let folder: string
  let env: NodeJS.ProcessEnv
  /** What the device of the seeded user shows now. */
  let mfaCode: () => Promise<string>
  /** What the environment of some of them has in place of the keys. */
  let environments: Readonly<Record<string, NodeJS.ProcessEnv>>

  beforeAll(async () => {
    emulator = spawn(process.execPath, [program("test/support/demoAndEmulator.ts"), "emulator", "--json"], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    const { stdout } = emulator
    assert.isNotNull(stdout)
    const line = await new Promise<string>((resolve) => {
      createInterface({ input: stdout }).once("line", resolve)
    })
    const { alibaba, aws, endpoint } = JSON.parse(line)
    mfaCode = async () => {
      const reply = await fetch(`${endpoint}/_emulator/aws/mfa-code`)
      return ((await reply.json()) as { code: string }).code
    }
    const minted = async (cloud: string): Promise<string> => {
      const reply = await fetch(`${endpoint}/_emulator/${cloud}/oidc-tokens`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}"
      })
      return ((await reply.json()) as { token: string }).token
    }
    folder = await mkdtemp(join(tmpdir(), "effect-sts-"))
    await signIn(folder)
    const tokens = { aws: await minted("aws"), alibaba: await minted("alibaba") }
    github = await tokenService({ "sts.amazonaws.com": tokens.aws, "sts.aliyuncs.com": tokens.alibaba })
    const home = { PATH: process.env["PATH"], HOME: folder, ...compiled }
    const alibabaCloud = { ...home, ALIBABA_CLOUD_STS_ENDPOINT: endpoint }
    const amazon = { ...home, AWS_ENDPOINT_URL_STS: endpoint, AWS_REGION: aws.region }
    env = {
      ...alibabaCloud,
      ...amazon,
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accessKeySecret,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true"
    }
    if (hasRedis) redis = await RedisServer.start()
    const fleet = {
      ...env,
      FLEET_KEY: randomBytes(32).toString("base64"),
      // Without a server they run too.
      REDIS_URL: redis?.url ?? "redis://127.0.0.1:1"
    }
    environments = {
      "fleet.ts": fleet,
      "fleetBlocking.ts": fleet,
      "ack.ts": {
        ...alibabaCloud,
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: await put(join(folder, "ack/token"), tokens.alibaba),
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: alibaba.oidcProviderArn,
        ALIBABA_CLOUD_ROLE_ARN: alibaba.oidcRoleArn
      },
      "eks.ts": {
        ...amazon,
        AWS_WEB_IDENTITY_TOKEN_FILE: await put(join(folder, "eks/token"), tokens.aws),
        AWS_ROLE_ARN: aws.oidcRoleArn
      },
      "githubActions.ts": {
        ...alibabaCloud,
        ...amazon,
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${portOf(github)}/token`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "token-of-the-job"
      },
      "gitlab.ts": { ...amazon, AWS_TOKEN: tokens.aws },
      "instance.ts": {
        ...alibabaCloud,
        ...amazon,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
        ECS_METADATA_ENDPOINT: endpoint
      },
      "login.ts": {
        ...amazon,
        HOME: join(folder, "person"),
        AWS_ENDPOINT_URL_SSO: endpoint,
        AWS_ENDPOINT_URL_SSO_OIDC: endpoint
      },
      "sso.ts": { ...amazon, AWS_ENDPOINT_URL_SSO: endpoint }
    }
  })

  afterAll(async () => {
    emulator.kill()
    github.close()
    await redis?.remove()
    await rm(folder, { recursive: true })
  })

  it("are all expected to print something", () => {
    assert.sameMembers(Object.keys(prints), programs)
  })

  it.each(programs)("%s runs", async (file) => {
    const running = promisify(execFile)(process.execPath, argumentsOf(file), {
      env: { MFA_CODE: await mfaCode(), ...(environments[file] ?? env) }
    })
    running.child.stdout?.on("data", (text: string) => confirm(String(text)))
    const { stderr, stdout } = await running
    assert.include(stdout, prints[file] ?? "nothing")
    assert.notInclude(stdout, "emulator-secret")
    assert.strictEqual(stderr, "")
  })

  it("print what the README says", async () => {
    const readme = texts.get("README.md") ?? ""
    const outputs = {
      refused: env,
      "without credentials": {
        PATH: process.env["PATH"],
        HOME: "/home/alice",
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true"
      }
    }
    for (const [name, env] of Object.entries(outputs)) {
      const [, expected = ""] =
        new RegExp(`<!-- printed: ${name} -->\n\`\`\`\n([^\`]*)\`\`\``).exec(readme) ?? []
      const { stdout } = await promisify(execFile)(process.execPath, argumentsOf("errors.ts"), { env })
      const printed = stdout.replace(/request [\w-]+/, "request …").trim()
      assert.strictEqual(printed, expected.trim().replaceAll("\n", " "))
    }
  })

  it.each([
    ["assumeRole.ts", "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set"],
    ["awsRole.ts", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"]
  ])("%s without settings tells once, on one screen, what is missing", (file, missing) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [program(`examples/${file}`)], {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: join(folder, "nowhere"),
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
        AWS_EC2_METADATA_DISABLED: "true"
      }
    })
    const printed = `${stdout}${stderr}`
    assert.strictEqual(status, 1)
    assert.strictEqual(printed.split(missing).length, 2, printed)
    assert.isAtMost(printed.trimEnd().split("\n").length, 24, printed)
  })
})
