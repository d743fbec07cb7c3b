/** Where `console` signs in: the request holds a session's keys, and they go to their own partition alone. */
import { mkdirSync, writeFileSync } from "node:fs"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { run } from "../support/cli.js"
import { newFolder } from "../support/folders.js"

/** Who was asked for through the proxy. */
const asked: Array<string> = []

/** A proxy that refuses, and a sign-in service that does. */
const proxy = Http.createServer((_, response) => response.writeHead(400).end()).on(
  "connect",
  (request, socket) => {
    asked.push(request.url ?? "")
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")
  }
)

const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`

beforeAll(() => new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve)))

afterAll(() => proxy.close())

const homeIn = (region: string): string => {
  const home = newFolder()
  mkdirSync(join(home, ".aws"))
  const keys = "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = secret\naws_session_token = token\n"
  writeFileSync(join(home, ".aws/config"), `[default]\nregion = ${region}\n${keys}`, { mode: 0o600 })
  return home
}

const wayIn = (region: string, ...options: ReadonlyArray<string>) =>
  run(["aws", "console", ...options], {
    env: {
      HOME: homeIn(region),
      HTTPS_PROXY: proxyUrl()
    }
  })

describe("console", () => {
  it.each([
    ["cn-north-1", "signin.amazonaws.cn:443"],
    ["us-gov-west-1", "signin.amazonaws-us-gov.com:443"],
    ["eu-west-1", "signin.aws.amazon.com:443"]
  ])("signs in where the profile's region %s does", async (region, host) => {
    asked.length = 0
    assert.strictEqual((await wayIn(region)).status, 1)
    assert.deepStrictEqual(asked, [host])
  })

  it("tells that it was refused", async () => {
    const { status, stderr, stdout } = await wayIn("eu-west-1", "--endpoint", proxyUrl())
    assert.deepStrictEqual([status, stdout], [1, ""])
    assert.include(stderr, "The sign-in service refused (HTTP 400).")
    assert.notMatch(stderr, /ASIA|secret/)
  })
})
