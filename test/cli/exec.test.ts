import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { cli, ended, few, run, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"

vi.setConfig(few)

let emulator: CliEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const awsRole = ["--role", AwsSeed.arns.role]
const alibabaRole = ["--role", AlibabaSeed.arns.role]

const printed = (name: string): ReadonlyArray<string> => [
  process.execPath,
  "-p",
  `JSON.stringify(Object.entries(process.env).filter(([name]) => name.startsWith("${name}")))`
]

const environmentOf = (stdout: string): Readonly<Record<string, string>> =>
  Object.fromEntries(JSON.parse(stdout))

describe("exec", () => {
  it.concurrent("gives a command a role's credentials and nothing that counts instead", async () => {
    const { stderr, stdout } = await run(
      ["aws", "exec", ...awsRole, "--region", "eu-west-1", "--", ...printed("AWS_")],
      { env: { ...emulator.env.aws, AWS_WEB_IDENTITY_TOKEN_FILE: "/tmp/token", AWS_ROLE_ARN: "old" } }
    )
    assert.strictEqual(stderr, "")
    const env = environmentOf(stdout)
    assert.match(env["AWS_ACCESS_KEY_ID"] ?? "", /^ASIA/)
    assert.match(env["AWS_SESSION_TOKEN"] ?? "", /^\w{40,}/)
    assert.deepInclude(env, { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" })
    assert.doesNotHaveAnyKeys(env, ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"])
  })

  it.concurrent("does so for Alibaba Cloud", async () => {
    const { stdout } = await run(["alibaba", "exec", ...alibabaRole, "--", ...printed("ALIBABA_CLOUD_")], {
      env: emulator.env.alibaba
    })
    assert.match(environmentOf(stdout)["ALIBABA_CLOUD_ACCESS_KEY_ID"] ?? "", /^STS\./)
  })

  it.concurrent("leaves no part of another identity", async () => {
    const stale = {
      AWS_ACCOUNT_ID: "999999999999",
      ALICLOUD_ACCESS_KEY: "old",
      ALICLOUD_SECRET_KEY: "old",
      ALIBABACLOUD_PROFILE: "old",
      ALICLOUD_ASSUME_ROLE_ARN: "old"
    }
    const ask = async (cloud: "aws" | "alibaba", role: ReadonlyArray<string>) => {
      const args = [cloud, "exec", ...role, "--", ...printed("A")]
      return environmentOf((await run(args, { env: { ...emulator.env[cloud], ...stale } })).stdout)
    }
    const [aws, alibaba] = await Promise.all([ask("aws", awsRole), ask("alibaba", alibabaRole)])
    assert.strictEqual(aws["AWS_ACCOUNT_ID"], "123456789012")
    assert.strictEqual(alibaba["ALIBABA_CLOUD_IGNORE_PROFILE"], "TRUE")
    assert.notInclude(Object.values(alibaba), "old")
  })

  it.concurrent.each([
    ["itself", []],
    ["a server", ["--server"]]
  ] as const)("hands the profile's region on, with credentials from %s", async (_from, options) => {
    const home = newFolder()
    mkdirSync(join(home, ".aws"))
    mkdirSync(join(home, ".aliyun"))
    const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...own } = emulator.env.aws
    writeFileSync(
      join(home, ".aws/config"),
      "[default]\nregion = us-east-1\n[profile prod]\nregion = eu-west-1\n"
    )
    const profile = {
      name: "prod",
      mode: "AK",
      region_id: "cn-beijing",
      access_key_id: "id",
      access_key_secret: "secret"
    }
    writeFileSync(join(home, ".aliyun/config.json"), JSON.stringify({ current: "prod", profiles: [profile] }))
    const keys = [own["AWS_ACCESS_KEY_ID"], own["AWS_SECRET_ACCESS_KEY"]]
    writeFileSync(
      join(home, ".aws/credentials"),
      `[prod]\naws_access_key_id = ${keys[0]}\naws_secret_access_key = ${keys[1]}\n`,
      { mode: 0o600 }
    )
    const service = { AWS_ENDPOINT_URL_STS: own["AWS_ENDPOINT_URL_STS"] ?? "", HOME: home }
    const [aws, alibaba] = await Promise.all([
      run(["aws", "exec", "--profile", "prod", ...awsRole, ...options, "--", ...printed("AWS_")], {
        env: service
      }),
      run(["alibaba", "exec", ...alibabaRole, ...options, "--", ...printed("ALI")], {
        env: { ...emulator.env.alibaba, HOME: home, ALICLOUD_REGION: "cn-shanghai" }
      })
    ])
    assert.deepInclude(environmentOf(aws.stdout), {
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1"
    })
    assert.deepInclude(environmentOf(alibaba.stdout), {
      ALIBABA_CLOUD_REGION_ID: "cn-beijing",
      ALICLOUD_REGION: "cn-shanghai"
    })
  })

  it.concurrent("ends as the command ends", async () => {
    const exec = (...command: ReadonlyArray<string>) =>
      run(["aws", "exec", "--", ...command], { env: emulator.env.aws })
    const [seven, killed, missing, text] = await Promise.all([
      exec("sh", "-c", "exit 7"),
      exec("sh", "-c", "kill -TERM $$"),
      exec("no-such-command"),
      exec("/etc/passwd")
    ])
    assert.strictEqual(seven.status, 7)
    assert.strictEqual(killed.status, "SIGTERM")
    assert.deepInclude(missing, {
      status: 127,
      stderr: "effect-sts: no-such-command cannot be run: there is no such command.\n"
    })
    assert.strictEqual(text.status, 126)
  })

  it.concurrent("passes a signal on", async () => {
    const script = 'trap "echo caught; exit 9" TERM; echo ready; while :; do sleep 0.05; done'
    const child = start(["aws", "exec", "--", "sh", "-c", script], { env: emulator.env.aws })
    const exit = ended(child)
    child.stdout?.once("data", () => child.kill("SIGTERM"))
    assert.deepInclude(await exit, { status: 9, stdout: "ready\ncaught\n" })
  })

  it.concurrent("runs nothing where there are no credentials", async () => {
    const answer = await run(["aws", "exec", "--", "echo", "ran"], {
      env: { AWS_EC2_METADATA_DISABLED: "true", AWS_REGION: AwsSeed.region }
    })
    assert.deepInclude(answer, { status: 5, stdout: "" })
  })
})

describe("credential-process", () => {
  it("assumes a role once for all processes", async () => {
    const home = newFolder()
    const env = { ...emulator.env.aws, HOME: home, XDG_CACHE_HOME: join(home, "cache") }
    const before = await emulator.calls("aws", "AssumeRole")
    const ask = () => run(["aws", "credential-process", ...awsRole, "--role-session-name", "once"], { env })
    const answers = await Promise.all([ask(), ask(), ask(), ask()])
    assert.strictEqual(new Set(answers.map(({ stdout }) => stdout)).size, 1)
    const document = JSON.parse(answers[0]?.stdout ?? "")
    assert.hasAllKeys(document, [
      "Version",
      "AccessKeyId",
      "SecretAccessKey",
      "SessionToken",
      "Expiration",
      "AccountId"
    ])
    assert.strictEqual((await emulator.calls("aws", "AssumeRole")) - before, 1)
  })

  it("keeps nothing in the folder at hand, whatever names it as the one for caches", async () => {
    const home = newFolder()
    const env = { ...emulator.env.aws, HOME: home, XDG_CACHE_HOME: "caches" }
    const cwd = newFolder()
    const { status, stderr } = await run(["aws", "credential-process", ...awsRole], { env, cwd })
    assert.strictEqual(status, 0, stderr)
    assert.isEmpty(readdirSync(cwd))
    assert.isNotEmpty(readdirSync(join(home, ".cache/effect-sts/credentials")))
  })

  it("keeps warnings out of its answer", async () => {
    const home = newFolder()
    mkdirSync(join(home, ".aws"))
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, ...env } = emulator.env.aws
    const keys = `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
    writeFileSync(join(home, ".aws/credentials"), keys, { mode: 0o644 })
    const ask = (...options: ReadonlyArray<string>) =>
      run(["aws", "credential-process", ...options], { env: { ...env, HOME: home } })
    const [people, programs] = await Promise.all([ask(), ask("--json")])
    assert.deepInclude(JSON.parse(people.stdout), { AccessKeyId: id })
    assert.match(people.stderr, /^effect-sts: warning: \S+ holds secrets and has mode 0644;[^\n]*\n$/)
    assert.hasAllKeys(JSON.parse(programs.stderr), ["warning"])
  })

  it("is found out where it leads back to itself", async () => {
    const home = newFolder()
    mkdirSync(join(home, ".aws"))
    const command = `${process.execPath} ${cli} aws credential-process --profile loop`
    writeFileSync(join(home, ".aws/config"), `[profile loop]\ncredential_process = ${command}\n`)
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = emulator.env.aws
    const { status, stderr } = await run(["aws", "credential-process", "--profile", "loop"], {
      env: { ...env, HOME: home }
    })
    assert.notStrictEqual(status, 0)
    assert.include(stderr, "leads back to itself")
  })
})

describe("explain", () => {
  it("ends with 5 where there are no credentials", async () => {
    const [found, none] = await Promise.all([
      run(["aws", "explain"], { env: emulator.env.aws }),
      run(["aws", "explain", "--json"], {
        env: { AWS_EC2_METADATA_DISABLED: "true", AWS_REGION: AwsSeed.region }
      })
    ])
    assert.strictEqual(found.status, 0)
    assert.include(found.stdout, "✓ environment")
    assert.deepInclude(none, { status: 5, stderr: "" })
    assert.deepInclude(JSON.parse(none.stdout), { cloud: "aws" })
  })
})

describe("console", () => {
  it.concurrent.each(["aws", "alibaba"] as const)(
    "prints an address of %s that lets one in",
    async (cloud) => {
      const { stderr, stdout } = await run(
        [
          ...[cloud, "console", ...(cloud === "aws" ? awsRole : alibabaRole)],
          ...["--endpoint", emulator.endpoint, "--destination", "https://console.example/"]
        ],
        { env: emulator.env[cloud] }
      )
      assert.include(stdout, "/federation?Action=", stderr)
      const entered = await fetch(stdout.trim(), { redirect: "manual" })
      assert.strictEqual(entered.headers.get("location"), "https://console.example/")
    }
  )

  it.concurrent("of Alibaba Cloud takes no duration", async () => {
    const args = ["alibaba", "console", ...alibabaRole, "--session-duration", "900"]
    const answer = await run(args, { env: emulator.env.alibaba })
    assert.deepInclude(answer, { status: 2, stdout: "" })
    assert.include(answer.stderr, "--session-duration is taken by AWS alone")
  })

  it.concurrent.each([
    [[], 1, "Name a role with --role ARN"],
    [[...awsRole, ...awsRole, "--session-duration", "900"], 2, "--session-duration is not taken"],
    [[...awsRole, "--endpoint", "http://elsewhere.example"], 2, "--endpoint must be https://HOST"],
    [[...awsRole, "--endpoint", "http://127.0.0.1:1"], 1, "could not be reached"]
  ] as const)("refuses %j", async (args, status, message) => {
    const stated: ReadonlyArray<string> = args
    const endpoint = stated.includes("--endpoint") ? [] : ["--endpoint", emulator.endpoint]
    const answer = await run(["aws", "console", ...args, ...endpoint], { env: emulator.env.aws })
    assert.deepInclude(answer, { status, stdout: "" })
    assert.include(answer.stderr, message)
    assert.notMatch(answer.stderr, /ASIA|sessionToken/)
  })
})
