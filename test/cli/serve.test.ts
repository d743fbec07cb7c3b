import type { ChildProcess } from "node:child_process"
import { writeFileSync } from "node:fs"
import * as Http from "node:http"
import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Server from "../../src/cli/server.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { ended, firstLine, run, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { clockOf, moveClock } from "../support/movedClock.js"

let emulator: CliEmulator
let aws: { readonly child: ChildProcess; readonly url: string; readonly token: string }
let alibaba: { readonly child: ChildProcess; readonly url: string }
const clock = join(newFolder(), "clock")

const served = async (...args: ReadonlyArray<string>) => {
  const env = { ...emulator.env.aws, ...emulator.env.alibaba, ...clockOf(clock) }
  const child = start([...args, "--json"], { env })
  const told = JSON.parse(await firstLine(child))
  return {
    child,
    variables: told as Readonly<Record<string, string>>,
    roles: told.roles as Readonly<Record<string, string>> | undefined
  }
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

  it("answers 10 000 requests over 64 connections, and assumes the role once per lifetime", async () => {
    const agent = new Http.Agent({ keepAlive: true, maxSockets: 64 })
    const before = await emulator.calls("aws", "AssumeRole")
    const keys: Array<string> = []
    const connect = async (_: unknown, connection: number) => {
      for (let count = connection; count < 2500; count += 64) {
        const { body, status } = await ask(aws.url, { authorization: aws.token }, agent)
        assert.strictEqual(status, 200)
        keys.push(JSON.parse(body).AccessKeyId)
      }
    }
    for (const minutes of [0, 50, 100, 150]) {
      await moveClock(clock, emulator.endpoint, minutes)
      await Promise.all(Array.from({ length: 64 }, connect))
    }
    agent.destroy()
    await moveClock(clock, emulator.endpoint, 0)
    assert.lengthOf(keys, 10_000)
    assert.strictEqual(new Set(keys).size, 4)
    assert.strictEqual((await emulator.calls("aws", "AssumeRole")) - before, 3)
  })

  it("goes on with what it has while the service is down, and says so where it is no answer", async () => {
    const { child, variables } = await served("aws", "serve", "--role", AwsSeed.arns.role)
    const exit = ended(child)
    // Who asks is answered first, and the warning is of what goes on behind that.
    const warned = new Promise((resolve) => child.stderr?.once("data", resolve))
    const headers = { authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" }
    await emulator.ask("faults", { fault: { _tag: "BadGateway" }, times: 1000 })
    await moveClock(clock, emulator.endpoint, 50)
    const { status } = await ask(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "", headers)
    await warned
    await fetch(`${emulator.endpoint}/_emulator/faults`, { method: "DELETE" })
    await moveClock(clock, emulator.endpoint, 0)
    child.kill("SIGTERM")
    const { stderr, stdout } = await exit
    assert.strictEqual(status, 200)
    assert.strictEqual(stdout, "")
    assert.deepEqual(Object.keys(JSON.parse(stderr)), ["warning"])
  })

  it.live("answers where a source breaks, and goes on", () =>
    Effect.gen(function* () {
      const place = { host: "127.0.0.1", port: 0, secret: Server.newSecret() }
      const dialect = { header: true, reply: () => ({}), environment: () => ({}) }
      const broken = Effect.die(new TypeError("of a secret"))
      const { url } = yield* Server.serve(dialect, place, { "/credentials": broken })
      for (const authorization of [place.secret, place.secret]) {
        const { body, status } = yield* Effect.promise(() => ask(url, { authorization }))
        assert.strictEqual(status, 500)
        assert.include(body, "This is a bug in effect-sts (TypeError)")
        assert.notInclude(body, "of a secret")
      }
    })
  )

  it("gives each of several roles below its name", async () => {
    const { child, roles, variables } = await served(
      ...["aws", "serve", "--role", AwsSeed.arns.role],
      ...["--named-role", `other=${AwsSeed.arns.role}`]
    )
    const { other = "" } = roles ?? {}
    assert.match(other, /^http:\/\/127\.0\.0\.1:\d+\/role\/other$/)
    const headers = { authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" }
    const { status } = await ask(other, headers)
    const exit = ended(child)
    child.kill("SIGTERM")
    assert.strictEqual((await exit).status, 0)
    assert.strictEqual(status, 200)
  })

  it.concurrent.each([
    [["--host", "0.0.0.0"], 2, "--host beyond loopback needs --allow-remote"],
    [["--host", "0.0.0.0", "--allow-remote"], 2, "--host beyond loopback needs --allow-remote"],
    [["--token-file", "/nowhere"], 1, "The file of --token-file cannot be read"],
    [[], 1, "These are long-term keys"]
  ] as const)("refuses %j", async (args, status, message) => {
    const ended = await run(["aws", "serve", ...args], { env: emulator.env.aws })
    assert.deepInclude(ended, { status, stdout: "" })
    assert.include(ended.stderr, message)
  })

  it("answers other machines by an address, and no name, where it was told to", async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found)
    const file = join(newFolder(), "token")
    const authorization = "a-secret-of-ones-own-that-is-long-enough"
    writeFileSync(file, authorization)
    const { child, variables } = await served(
      ...["aws", "serve", "--role", AwsSeed.arns.role],
      ...["--host", "0.0.0.0", "--allow-remote", "--token-file", file]
    )
    const exit = ended(child)
    const { hostname, port } = new URL(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "")
    assert.strictEqual(hostname, "127.0.0.1")
    const statuses = await Promise.all(
      addresses
        .filter(({ family }) => family === "IPv4")
        .flatMap(({ address }) => {
          const url = `http://${address}:${port}/credentials`
          return [
            ask(url, { authorization }),
            ask(url),
            ask(url, { authorization, host: `rebound.example:${port}` }),
            ask(url, { authorization, host: `${address}:1` })
          ]
        })
        .map(async (reply) => (await reply).status)
    )
    child.kill("SIGTERM")
    assert.strictEqual((await exit).status, 0)
    for (const [index, status] of statuses.entries())
      assert.strictEqual(status, [200, 403, 421, 421][index % 4])
    assert.isAbove(statuses.length, 0)
  })

  it("takes a secret of one's own, which has to be long", async () => {
    const file = join(newFolder(), "token")
    writeFileSync(file, "short")
    const { status, stderr } = await run(["aws", "serve", "--token-file", file], { env: emulator.env.aws })
    assert.strictEqual(status, 2)
    assert.include(stderr, "32 to 512")
    assert.notInclude(stderr, "short")
  })
})
