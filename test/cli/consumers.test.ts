/**
 * Who uses the program's credentials: the vendors' own packages, and AWS's tools where they are installed, by each way
 * that they know. None of them is told anything but what it finds on a machine.
 */
import { spawn } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { cli, type Ended, ended, few, firstLine, run, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { isInstalled } from "../support/installed.js"
import { clockOf } from "../support/movedClock.js"
import { compiled, program } from "../support/program.js"

vi.setConfig(few)

type Environment = Readonly<Record<string, string>>

interface Consumer {
  readonly name: string
  readonly cloud: "aws" | "alibaba"
  readonly command: readonly [string, ...ReadonlyArray<string>]
  readonly input?: string
}

const ours = (name: string, cloud: Consumer["cloud"], source: string): Consumer => ({
  name,
  cloud,
  command: [process.execPath, program(`test/interop/${cloud}Package.ts`)],
  input: JSON.stringify([{ source, env: {} }])
})

/** This program. */
const itself = (cloud: Consumer["cloud"]): Consumer => ({
  name: "effect-sts",
  cloud,
  command: [process.execPath, cli, cloud, "whoami"]
})

const boto = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'

const consumers: ReadonlyArray<Consumer> = [
  ours("@aws-sdk/credential-providers", "aws", "fromNodeProviderChain"),
  ours("@alicloud/credentials", "alibaba", "chain"),
  ...(isInstalled("aws")
    ? [{ name: "aws", cloud: "aws", command: ["aws", "sts", "get-caller-identity"] } as const]
    : []),
  ...(isInstalled("python3 with boto3")
    ? [{ name: "boto3", cloud: "aws", command: ["python3", "-c", boto] } as const]
    : [])
]

const roleOf = { aws: ["--role", AwsSeed.arns.role], alibaba: ["--role", AlibabaSeed.arns.role] }

let emulator: CliEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const processOf = (cloud: Consumer["cloud"]): string =>
  [process.execPath, cli, cloud, "credential-process", "--profile", "base", ...roleOf[cloud]].join(" ")

/** A home whose tools have a profile that runs the program, and one with the keys that it starts from. */
const newConfiguredHome = (): string => {
  const home = newFolder()
  const { aws, alibaba } = emulator.env
  for (const folder of [".aws", ".aliyun"]) mkdirSync(join(home, folder))
  const config = [
    "[profile base]",
    `aws_access_key_id = ${aws["AWS_ACCESS_KEY_ID"]}`,
    `aws_secret_access_key = ${aws["AWS_SECRET_ACCESS_KEY"]}`,
    "[profile job]",
    `credential_process = ${processOf("aws")}`
  ]
  writeFileSync(join(home, ".aws/config"), config.join("\n"))
  const base = {
    name: "base",
    mode: "AK",
    access_key_id: alibaba["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret: alibaba["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
  }
  const job = { name: "job", mode: "External", process_command: processOf("alibaba") }
  writeFileSync(join(home, ".aliyun/config.json"), JSON.stringify({ current: "job", profiles: [base, job] }))
  return home
}

const quiet = { AWS_EC2_METADATA_DISABLED: "true", ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" }

/** What every program on the machine is told. */
const surroundings = (): Environment => ({
  ...compiled,
  ...emulator.services,
  ...quiet,
  // boto3 knows no other.
  AWS_DEFAULT_REGION: AwsSeed.region,
  EMULATOR_PORT: new URL(emulator.endpoint).port
})

/** Runs a consumer by itself. */
const alone = ({ command: [name, ...args], input }: Consumer, env: Environment): Promise<Ended> => {
  const child = spawn(name, args, { env: { PATH: process.env["PATH"], ...surroundings(), ...env } })
  child.stdin.on("error", () => undefined).end(input)
  return ended(child)
}

/** What the program is told to start from a user's keys. */
const withKeys = (cloud: Consumer["cloud"]) => ({
  env: { ...surroundings(), ...emulator.env[cloud], HOME: newFolder() }
})

/** A home whose files have a user's keys in the profile that counts where none is named. */
const newPersonalHome = (): string => {
  const home = newFolder()
  const { alibaba, aws } = emulator.env
  for (const folder of [".aws", ".aliyun", ".alibabacloud"]) mkdirSync(join(home, folder))
  const keys = [
    `aws_access_key_id = ${aws["AWS_ACCESS_KEY_ID"]}`,
    `aws_secret_access_key = ${aws["AWS_SECRET_ACCESS_KEY"]}`
  ]
  writeFileSync(join(home, ".aws/credentials"), ["[default]", ...keys].join("\n"), { mode: 0o600 })
  const own = {
    access_key_id: alibaba["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret: alibaba["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
  }
  const profiles = [{ name: "me", mode: "AK", region_id: "cn-hangzhou", ...own }]
  writeFileSync(join(home, ".aliyun/config.json"), JSON.stringify({ current: "me", profiles }), {
    mode: 0o600
  })
  const lines = Object.entries(own).map(([key, value]) => `${key} = ${value}`)
  writeFileSync(
    join(home, ".alibabacloud/credentials"),
    ["[default]", "type = access_key", ...lines].join("\n"),
    {
      mode: 0o600
    }
  )
  return home
}

/** Runs a consumer by `exec`. */
const within = ({ cloud, command, input = "" }: Consumer, ...options: ReadonlyArray<string>) =>
  run([cloud, "exec", ...roleOf[cloud], ...options, "--", ...command], { ...withKeys(cloud), input })

interface Way {
  readonly name: string
  readonly answer: (consumer: Consumer) => Promise<Ended>
  /** What Alibaba Cloud's package calls it. */
  readonly provider: string
}

const ways: ReadonlyArray<Way> = [
  {
    name: "a profile that runs credential-process",
    answer: (consumer) =>
      alone(consumer, {
        HOME: newConfiguredHome(),
        ...(consumer.cloud === "aws" ? { AWS_PROFILE: "job" } : {})
      }),
    provider: "cli_profile"
  },
  {
    name: "serve",
    answer: async (consumer) => {
      const { cloud } = consumer
      const server = start([cloud, "serve", ...roleOf[cloud], "--json"], withKeys(cloud))
      const end = ended(server)
      const answer = await alone(consumer, { HOME: newFolder(), ...JSON.parse(await firstLine(server)) })
      server.kill()
      await end
      return answer
    },
    provider: "credential_uri"
  },
  { name: "exec", answer: (consumer) => within(consumer), provider: "env" },
  {
    name: "exec --server",
    answer: (consumer) => within(consumer, "--server"),
    provider: "credential_uri"
  }
]

describe.each(consumers)("$name", (consumer) => {
  it.concurrent.each(ways)("gets a role's credentials from $name", async ({ answer, provider }) => {
    const { status, stderr, stdout } = await answer(consumer)
    assert.strictEqual(status, 0, stderr)
    assert.match(stdout, /:assumed-role\/reader\//, stderr)
    if (consumer.cloud === "alibaba") assert.include(stdout, ` by default/${provider}`)
  })
})

describe.each([...consumers, ...(["aws", "alibaba"] as const).map(itself)])("$name", (consumer) => {
  it.concurrent.each([
    ["exec", []],
    ["exec --server", ["--server"]]
  ] as const)("is the role and nobody of the files, by %s", async (_, options) => {
    const { cloud, command, input = "" } = consumer
    const env = { ...surroundings(), HOME: newPersonalHome() }
    const asked = [cloud, "exec", ...roleOf[cloud], ...options, "--", ...command]
    const { status, stderr, stdout } = await run(asked, { env, input })
    assert.strictEqual(status, 0, stderr)
    assert.match(stdout, /:assumed-role\/reader\//, stderr)
  })
})

describe("a job of two hours", () => {
  it.concurrent.each(["aws", "alibaba"] as const)(
    "sees its credentials of %s change, and no error",
    async (cloud) => {
      const file = join(newFolder(), "clock")
      const own = await startEmulator()
      const lifetime = ["--duration-seconds", "900"]
      const job = ["--", process.execPath, program("test/support/longJob.ts"), cloud]
      const { status, stderr, stdout } = await run(
        [cloud, "exec", "--server", ...roleOf[cloud], ...lifetime, ...job],
        { env: { ...own.env[cloud], ...quiet, ...clockOf(file), EMULATOR: own.endpoint } }
      )
      await own.stop()
      assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
      const keys = JSON.parse(stdout) as ReadonlyArray<string>
      assert.lengthOf(keys, 121)
      // None outlives its fifteen minutes, and none comes back.
      const changes = keys.filter((key, minute) => key !== keys[minute - 1])
      assert.lengthOf(new Set(changes), changes.length)
      for (const key of changes) assert.isAtMost(keys.filter((one) => one === key).length, 15, key)
    }
  )
})
