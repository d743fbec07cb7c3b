/**
 * Runtimes of the blocking layer, in a process of their own: that it ends by itself is half of the matter.
 */
import { spawn } from "node:child_process"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { type Servers, startServers } from "../support/emulators.js"
import { program } from "../support/program.js"

const runtimes = program("test/support/managedRuntimes.ts")

const run = (cloud: string, env: NodeJS.ProcessEnv) =>
  new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    let output = ""
    const child = spawn(process.execPath, [runtimes, cloud], {
      env: { ...process.env, ...env },
      timeout: 90_000,
      killSignal: "SIGKILL"
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk
      })
    }
    child.once("close", (code) => resolve({ code, output }))
  })

const clouds = {
  alibaba: {
    arn: AlibabaSeed.arns.user,
    env: (endpoint: string) => ({
      ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: AlibabaSeed.keys.user.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(AlibabaSeed.keys.user.accessKeySecret)
    })
  },
  aws: {
    arn: AwsSeed.arns.user,
    env: (endpoint: string) => ({
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: AwsSeed.keys.user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: Redacted.value(AwsSeed.keys.user.secretAccessKey)
    })
  }
}

describe("B5: a managed runtime of the blocking layer", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  it.each(Object.entries(clouds))(
    "%s: works from its first runSync on, however it is made and used, and lets the process end",
    async (cloud, { arn, env }) => {
      const { code, output } = await run(cloud, env(servers.emulator().endpoint))
      const answers = output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as [string, string])
      assert.isAbove(answers.length, 20)
      assert.deepStrictEqual(
        answers.filter(([, answer]) => answer !== arn),
        []
      )
      assert.strictEqual(code, 0)
    },
    120_000
  )
})
