/**
 * A script that blocks: nothing to dispose of, nothing that keeps it alive.
 */
import { spawn } from "node:child_process"
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed } from "../../src/testing.js"
import { type Servers, startServers } from "../support/emulators.js"
import { newFolder } from "../support/folders.js"

const { accessKeyId, accessKeySecret } = AlibabaSeed.keys.user
const root = new URL("../../", import.meta.url)

const script = `
  import * as Effect from "effect/Effect"
  import * as Alibaba from "${new URL("src/alibaba.ts", root)}"
  import { AlibabaBlocking } from "${new URL("src/blocking.ts", root)}"
  const me = Effect.runSync(Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaBlocking.layer)))
  console.log(me.arn)
`

let servers: Servers
const directory = newFolder()
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.close())

const node = (file: string, env: NodeJS.ProcessEnv) =>
  new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    let output = ""
    const child = spawn(process.execPath, ["--import", "tsx", file], { env: { ...process.env, ...env } })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk
      })
    }
    child.once("close", (code) => resolve({ code, output }))
  })

it("exits by itself after the default chain answered", async () => {
  const file = join(directory, "who.mts")
  writeFileSync(file, script)
  symlinkSync(new URL("node_modules", root), join(directory, "node_modules"))
  const ended = await node(file, {
    ALIBABA_CLOUD_STS_ENDPOINT: servers.emulator().endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(accessKeySecret)
  })
  assert.deepStrictEqual(ended, { code: 0, output: `${AlibabaSeed.arns.user}\n` })
})
