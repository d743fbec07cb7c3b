/**
 * How the program ends and what people see meanwhile, in pipes and at a terminal. `npm run package-check` runs this with
 * the packed program and every Node that it is for.
 */

import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { chmodSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { delimiter, join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { kinds } from "../../src/cli/endings.js"
import { AwsSeed } from "../../src/testing.js"
import { cli, ended, few, nodes, run, runAtTerminal, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { isInstalled } from "../support/installed.js"
import { decide, pageIn, pageOf } from "../support/signInPage.js"

vi.setConfig(few)

const hasTerminals = isInstalled("script")

interface Ending {
  readonly args: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
  /** What programs are told. */
  readonly fields?: Readonly<Record<string, string>>
}

const statuses: Readonly<Record<string, Ending>> = {
  0: { args: ["aws", "whoami"] },
  1: { args: ["aws", "serve", "--token-file", "/nowhere"] },
  2: { args: ["aws", "whoami", "--bogus"] },
  3: { args: ["aws", "assume-role", "--role-session-name", "job"] },
  4: { args: ["aws", "whoami", "--profile", "missing"] },
  5: { args: ["aws", "whoami"], env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } },
  6: {
    args: ["aws", "whoami"],
    env: { AWS_SECRET_ACCESS_KEY: "wrong" },
    fields: { error: "StsApiError", operation: "GetCallerIdentity", code: "SignatureDoesNotMatch" }
  },
  7: {
    args: ["aws", "whoami"],
    env: { AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1" },
    fields: { error: "StsTransportError", reason: "Refused" }
  },
  8: { args: ["aws", "whoami"], env: { AWS_ENDPOINT_URL_STS: "elsewhere" } }
}

/** No source that the program has gives keys that cannot be signed with. */
const unreachable = ["StsSignatureError"]

it("no status of the guide is left out", () => {
  assert.sameMembers(
    Object.keys(statuses),
    kinds
      .filter(({ tags }) => !tags.some((tag) => unreachable.includes(tag)))
      .map(({ status }) => String(status))
  )
})

/** Without what is another for each request. */
const unnumbered = (text: string): string => text.replace(/request [\w-]+/g, "request …")

/** A web server that is no STS. */
const openElsewhere = async () => {
  const server = Http.createServer((_, response) => response.end("<html>It works!</html>"))
  await once(server.listen(0, "127.0.0.1"), "listening")
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe.each(nodes)("by %s,", (node) => {
  let emulator: CliEmulator
  let elsewhere: Awaited<ReturnType<typeof openElsewhere>>

  beforeAll(async () => {
    emulator = await startEmulator(node)
    elsewhere = await openElsewhere()
  })

  afterAll(async () => {
    elsewhere.server.close()
    await emulator.stop()
  })

  it.concurrent.each(Object.entries(statuses))("status %s", async (key, { args, env: own, fields }) => {
    const status = Number(key)
    const env: Record<string, string> = {
      ...emulator.env.aws,
      AWS_EC2_METADATA_DISABLED: "true",
      // What is said of its files is compared.
      HOME: newFolder(),
      ...own
    }
    if (env["AWS_ENDPOINT_URL_STS"] === "elsewhere") env["AWS_ENDPOINT_URL_STS"] = elsewhere.url
    const [people, programs, terminal] = await Promise.all([
      run(args, { node, env }),
      run([...args, "--json"], { node, env }),
      hasTerminals ? runAtTerminal(args, { node, env }) : undefined
    ])
    assert.strictEqual(people.status, status, people.stderr)
    assert.strictEqual(terminal?.status ?? status, status, terminal?.shown)
    if (status === 0) return
    assert.strictEqual(people.stdout, "")
    assert.match(people.stderr, /^effect-sts: [^\n]+(\n[^\n]+)*\n$/)
    assert.deepInclude(JSON.parse(programs.stderr), { ...fields, status })
    if (terminal !== undefined) assert.strictEqual(unnumbered(terminal.shown), unnumbered(people.stderr))
  })

  it.concurrent.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129]
  ] as const)("%s is told by the status %i of what was not done", async (signal, status) => {
    const env = { ...emulator.services, HOME: newFolder() }
    const child = start(["aws", "login", "--no-browser"], { node, env })
    const end = ended(child)
    await pageOf(child)
    child.kill(signal)
    assert.deepInclude(await end, { status, stdout: "" })
  })

  it.concurrent("a reader that has gone is no failure, and a full disk is one", async () => {
    const unread = start(["--completions", "bash"], { node })
    unread.stdout?.destroy()
    const script = '"$@" >/dev/full'
    const [read, full] = await Promise.all([
      ended(unread),
      ended(spawn("sh", ["-c", script, "sh", node, cli, "--completions", "bash"]))
    ])
    assert.deepStrictEqual(read, { status: 0, stdout: "", stderr: "" })
    assert.deepInclude(full, {
      status: 1,
      stderr: "effect-sts: The output cannot be written (ENOSPC).\n"
    })
  })

  it.concurrent("nobody to tell of a failure changes no status", async () => {
    const script = '"$@" 2>/dev/full; echo "status $?"'
    const { stdout } = await ended(spawn("sh", ["-c", script, "sh", node, cli, "--unknown"]))
    assert.strictEqual(stdout, "status 2\n")
  })

  it.concurrent("help has no colours in a pipe", async () => {
    assert.notInclude((await run(["--help"], { node })).stdout, "\u001b")
  })
})

describe.skipIf(!hasTerminals).each(nodes)("at a terminal, by %s,", (node) => {
  let emulator: CliEmulator

  beforeAll(async () => {
    emulator = await startEmulator(node)
  })

  afterAll(() => emulator.stop())

  it.concurrent("help has colours, but for who wants none", async () => {
    const [coloured, plain] = await Promise.all([
      runAtTerminal(["--help"], { node }),
      runAtTerminal(["--help"], { node, env: { NO_COLOR: "1" } })
    ])
    assert.include(coloured.shown, "\u001b[")
    assert.notInclude(plain.shown, "\u001b")
  })

  it.concurrent("the code of an MFA device is asked for", async () => {
    const code = async () => {
      const reply = await fetch(`${emulator.endpoint}/_emulator/aws/mfa-code`)
      return `${((await reply.json()) as { readonly code: string }).code}\n`
    }
    const device = ["--serial-number", AwsSeed.mfaDevice.serialNumber]
    const { shown, status } = await runAtTerminal(["aws", "session-token", ...device], {
      node,
      env: emulator.env.aws,
      types: (shown) => (shown.endsWith(": ") ? code() : undefined)
    })
    assert.strictEqual(status, 0, shown)
    assert.include(shown, `Code of MFA device ${device[1]}: `)
    assert.match(shown, /^credentials\.accessKeyId +ASIA/m)
  })

  it.concurrent("what is read from standard input may be typed", async () => {
    const { token = "" } = await emulator.ask("aws/oidc-tokens")
    const role = ["--role-arn", AwsSeed.arns.oidcRole, "--role-session-name", "job"]
    const args = ["aws", "assume-role-with-web-identity", ...role, "--web-identity-token-file", "-"]
    const { shown, status } = await runAtTerminal(args, {
      node,
      env: emulator.services,
      types: () => `${token}\n\u0004`
    })
    assert.strictEqual(status, 0, shown)
  })

  it.concurrent("Ctrl-C ends a sign-in, and reaches the command of exec once", async () => {
    const interrupt = "\u0003"
    const script = 'trap "echo caught; exit 9" INT; echo ready; while :; do sleep 0.05; done'
    const [login, exec] = await Promise.all([
      runAtTerminal(["aws", "login", "--no-browser"], {
        node,
        env: { ...emulator.services, HOME: newFolder() },
        types: (shown) => (pageIn(shown) === undefined ? undefined : interrupt)
      }),
      runAtTerminal(["aws", "exec", "--", "sh", "-c", script], {
        node,
        env: emulator.env.aws,
        types: (shown) => (shown.includes("ready\n") ? interrupt : undefined)
      })
    ])
    assert.strictEqual(login.status, 130, login.shown)
    assert.deepStrictEqual(exec, { status: 9, shown: "ready\n^Ccaught\n" })
  })

  it.concurrent.each([
    [126, "/etc/passwd"],
    [127, "/nowhere/at-all"]
  ])("exec ends with a shell's status %i where %s is no program", async (status, command) => {
    const ran = await runAtTerminal(["aws", "exec", "--", command], { node, env: emulator.env.aws })
    assert.strictEqual(ran.status, status, ran.shown)
    assert.include(ran.shown, "effect-sts: ")
  })

  it.concurrent("a browser that opened is told of, which a pipe is not", async () => {
    // What opens the system's browser; it hands the page to who reads the pipe beside it.
    const machine = () => {
      const home = newFolder()
      const opener = join(home, "xdg-open")
      writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" >"${home}/page"\n`)
      chmodSync(opener, 0o755)
      spawnSync("mkfifo", [join(home, "page")])
      const env = {
        ...emulator.services,
        HOME: home,
        DISPLAY: ":0",
        PATH: [home, process.env["PATH"]].join(delimiter)
      }
      const signedIn = readFile(join(home, "page"), "utf8").then((page) => decide(page, { user: "alice" }))
      return { given: { node, env }, signedIn }
    }
    const [one, other] = [machine(), machine()]
    const [piped, terminal] = await Promise.all([
      run(["aws", "login"], one.given),
      runAtTerminal(["aws", "login"], other.given),
      one.signedIn,
      other.signedIn
    ])
    assert.deepInclude(piped, { status: 0, stderr: "" })
    assert.strictEqual(terminal.status, 0, terminal.shown)
    assert.include(terminal.shown, "A browser has opened for you to sign in.")
    assert.notInclude(piped.stdout, "browser")
  })
})
