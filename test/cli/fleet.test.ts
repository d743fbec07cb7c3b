/** The program on several machines that share a Redis, as the environment states it. */
import { cpSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { AwsSeed } from "../../src/testing.js"
import { cli, run } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { hasRedis, RedisServer } from "../support/redisServer.js"

let emulator: CliEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const key = Buffer.alloc(32, 7).toString("base64")
const role = ["--role", AwsSeed.arns.role, "--role-session-name", "fleet"]

/** A machine of its own, which has nothing in common with others but the Redis. */
const machine = (env: Readonly<Record<string, string>>) => {
  const home = newFolder()
  const own = { ...emulator.env.aws, HOME: home, XDG_CACHE_HOME: join(home, "cache"), ...env }
  return (...args: ReadonlyArray<string>) => run(["aws", ...args], { env: own })
}

const assumed = () => emulator.calls("aws", "AssumeRole")

describe("a fleet's Redis", () => {
  it.skipIf(!hasRedis)("has a role assumed once for credential-process, exec and serve of all", async () => {
    const redis = await RedisServer.start()
    const env = { EFFECT_STS_REDIS_URL: redis.url, EFFECT_STS_REDIS_KEY: key }
    const before = await assumed()
    const [one, other] = await Promise.all([
      machine(env)("credential-process", ...role),
      machine(env)("credential-process", ...role)
    ])
    assert.deepInclude(one, { status: 0, stderr: "" })
    assert.strictEqual(other.stdout, one.stdout)
    const { AccessKeyId: id } = JSON.parse(one.stdout)
    const printed = [process.execPath, "-p", "process.env.AWS_ACCESS_KEY_ID"]
    const executed = await machine(env)("exec", ...role, "--", ...printed)
    assert.strictEqual(executed.stdout.trim(), id, executed.stderr)
    const asking =
      "fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { headers: { authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN } }).then((reply) => reply.json()).then((reply) => console.log(reply.AccessKeyId))"
    const served = await machine(env)("exec", "--server", ...role, "--", process.execPath, "-e", asking)
    assert.strictEqual(served.stdout.trim(), id, served.stderr)
    assert.strictEqual((await assumed()) - before, 1)
    await redis.stop()
    const alone = await machine(env)("credential-process", ...role)
    assert.strictEqual(alone.status, 0)
    assert.match(JSON.parse(alone.stdout).AccessKeyId, /^ASIA/)
    assert.match(alone.stderr, /^effect-sts: warning: [^\n]*Redis[^\n]*\n$/)
  })

  it.each([
    [{ EFFECT_STS_REDIS_URL: "redis://user:PLANTED@127.0.0.1:1" }, "EFFECT_STS_REDIS_KEY is not set"],
    [{ EFFECT_STS_REDIS_URL: "http://PLANTED", EFFECT_STS_REDIS_KEY: key }, "Redis.url"]
  ])("is stated whole: %j", async (env, message) => {
    const { status, stderr, stdout } = await machine(env)("credential-process", ...role)
    assert.deepInclude({ status, stdout }, { status: 4, stdout: "" })
    assert.include(stderr, message)
    assert.notInclude(stderr, "PLANTED")
  })

  it("needs the package redis beside the program", async () => {
    const folder = newFolder()
    cpSync(dirname(cli), folder, { recursive: true })
    const env = {
      ...emulator.env.aws,
      EFFECT_STS_REDIS_URL: "redis://127.0.0.1:1",
      EFFECT_STS_REDIS_KEY: key
    }
    const answer = await run(["aws", "credential-process", ...role], {
      env,
      program: join(folder, "effect-sts.cjs")
    })
    assert.deepInclude(answer, { status: 4, stdout: "" })
    assert.include(answer.stderr, "the package redis is not installed beside effect-sts")
    assert.include(answer.stderr, "npx -p effect-sts -p redis")
  })
})
