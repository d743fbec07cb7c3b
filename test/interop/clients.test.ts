/**
 * AWS's own tools against the emulator, where they are installed.
 */
import { execFile } from "node:child_process"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { AwsSeed } from "../../src/testing.js"
import { type Servers, startServers } from "../support/emulators.js"
import { isInstalled, type Tool } from "../support/installed.js"

const boto = `
import boto3
sts = boto3.client("sts")
print(sts.get_caller_identity()["Arn"])
print(sts.assume_role(RoleArn="${AwsSeed.arns.role}", RoleSessionName="report")["AssumedRoleUser"]["Arn"])
`

const session = `${AwsSeed.arns.role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/report`

const query = (name: string) => ["--query", name, "--output", "text"]

interface Program {
  readonly tool: Tool
  readonly command: string
  /** What it is started with, and what it should print. */
  readonly runs: ReadonlyArray<readonly [ReadonlyArray<string>, string]>
}

const programs: ReadonlyArray<Program> = [
  {
    tool: "aws",
    command: "aws",
    runs: [
      [["sts", "get-caller-identity", ...query("Arn")], AwsSeed.arns.user],
      [
        [
          ...["sts", "assume-role", "--role-arn", AwsSeed.arns.role, "--role-session-name", "report"],
          ...query("AssumedRoleUser.Arn")
        ],
        session
      ]
    ]
  },
  {
    tool: "python3 with boto3",
    command: "python3",
    runs: [[["-c", boto], `${AwsSeed.arns.user}\n${session}`]]
  }
]

describe("the emulator serves", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  const output = (command: string, options: ReadonlyArray<string>) =>
    new Promise<string>((resolve) => {
      const { accessKeyId, secretAccessKey } = AwsSeed.keys.user
      const env = {
        ...process.env,
        AWS_ENDPOINT_URL_STS: servers.emulator().endpoint,
        AWS_REGION: AwsSeed.region,
        AWS_DEFAULT_REGION: AwsSeed.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: Redacted.value(secretAccessKey),
        AWS_EC2_METADATA_DISABLED: "true"
      }
      execFile(command, options, { env, timeout: 15_000 }, (error, stdout, stderr) =>
        resolve(error === null ? stdout.trim() : stderr)
      )
    })

  for (const { tool, command, runs } of programs) {
    it.skipIf(!isInstalled(tool))(tool, async () => {
      for (const [options, answer] of runs) assert.strictEqual(await output(command, options), answer)
    })
  }
})
