/**
 * The operations against moto's server, where it is installed. It issues credentials to anybody and checks no
 * signature unless it is told whose.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { NodeHttp } from "../../src/node.js"
import { signedForAws } from "../support/worlds.js"

const isThere = spawnSync("moto_server", ["--help"], { stdio: "ignore", timeout: 15_000 }).status === 0

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address !== null ? address.port : 0
}

const answers = async (url: string): Promise<void> => {
  for (;;) {
    const reply = await fetch(url).catch(() => undefined)
    if (reply !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const roleArn = "arn:aws:iam::123456789012:role/reader"
const roleSessionName = "report"

const issues = ({ credentials }: { readonly credentials: Aws.TemporaryCredentials }) =>
  Redacted.isRedacted(credentials.sessionToken)

const calls = {
  GetCallerIdentity: Effect.map(Aws.getCallerIdentity(), ({ account }) => account === "123456789012"),
  AssumeRole: Effect.map(Aws.assumeRole({ roleArn, roleSessionName }), issues),
  GetSessionToken: Effect.map(Aws.getSessionToken(), issues),
  GetFederationToken: Effect.map(Aws.getFederationToken({ name: "guest" }), issues),
  AssumeRoleWithWebIdentity: Effect.map(
    Aws.assumeRoleWithWebIdentity({ roleArn, roleSessionName, webIdentityToken: "token" }),
    issues
  )
}

if (!isThere) it("moto", ({ skip }) => skip("moto_server is not installed, nothing compared"))
else {
  describe("moto answers", () => {
    let endpoint: string
    let server: ChildProcess
    beforeAll(async () => {
      const port = await freePort()
      endpoint = `http://127.0.0.1:${port}`
      server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" })
      await answers(endpoint)
    }, 60_000)
    afterAll(() => server.kill())

    for (const [name, call] of Object.entries(calls)) {
      it(name, async () => {
        const env = new Map([
          ["AWS_ENDPOINT_URL_STS", endpoint],
          ["AWS_REGION", "us-east-1"]
        ])
        const holds = await Effect.runPromise(
          call.pipe(
            signedForAws(),
            Effect.provide(NodeHttp.layer({ proxy: false })),
            Effect.withConfigProvider(ConfigProvider.fromMap(env))
          )
        )
        assert.isTrue(holds)
      })
    }
  })
}
