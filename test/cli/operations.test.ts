import { spawnSync } from "node:child_process"
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { few, run } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"

vi.setConfig(few)

let emulator: CliEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const awsRole = ["--role-arn", AwsSeed.arns.role, "--role-session-name", "job"]
const aws = (...args: ReadonlyArray<string>) => run(["aws", ...args], { env: emulator.env.aws })

describe("assume-role", () => {
  it.concurrent("overwrites no long-term keys", async () => {
    const file = join(newFolder(), "long-term")
    const text = "[own]\naws_access_key_id = AKIA\naws_secret_access_key = kept\n"
    writeFileSync(file, text)
    const answer = await run(
      ["aws", "assume-role", ...awsRole, "--format", "profile", "--into-profile", "own"],
      { env: { ...emulator.env.aws, AWS_SHARED_CREDENTIALS_FILE: file } }
    )
    assert.deepInclude(answer, { status: 5, stdout: "" })
    assert.include(answer.stderr, "profile own holds long-term keys, which would be lost")
    assert.include(answer.stderr, file)
    assert.strictEqual(readFileSync(file, "utf8"), text)
  })

  it.concurrent("tells how a code can be given where there is no terminal", async () => {
    const device = "arn:aws:iam::123456789012:mfa/a"
    const ended = await aws("assume-role", ...awsRole, "--serial-number", device)
    assert.deepInclude(ended, { status: 5, stdout: "" })
    assert.include(ended.stderr, "also take a code from --token-code-file.")
  })
})

describe("what is given", () => {
  it.concurrent("may be a token from standard input", async () => {
    const { token = "" } = await emulator.ask("alibaba/oidc-tokens")
    const { stderr, stdout } = await run(
      [
        ...["alibaba", "assume-role-with-oidc", "--role-arn", AlibabaSeed.arns.oidcRole],
        ...["--oidc-provider-arn", AlibabaSeed.arns.oidcProvider],
        ...["--role-session-name", "job", "--oidc-token-file", "-"]
      ],
      { env: emulator.services, input: `${token}\n` }
    )
    assert.match(stdout, /^credentials\.accessKeyId +STS\.\w+$/m, stderr)
  })

  it.concurrent("is read to its end, however slowly it comes", async () => {
    const words = ["assume-role-with-web-identity", ...awsRole, "--web-identity-token-file", "-"]
    const { status, stderr } = await run(["aws", ...words], { input: "x".repeat(2 ** 22) })
    assert.strictEqual(status, 3)
    assert.include(stderr, "--web-identity-token-file must be 4 to 20000 characters")
  })

  it.concurrent("may be tags and lists", async () => {
    const tags = ["--tags", "team=a=b", "--tags", "cost=1", "--transitive-tag-keys", "team"]
    const { status, stderr } = await aws("assume-role", ...awsRole, ...tags, "--duration-seconds", "900")
    assert.strictEqual(status, 0, stderr)
  })
})

it("a URL that was signed is good", async () => {
  const { stdout } = await aws("presign")
  assert.strictEqual((await fetch(stdout.trim())).status, 200)
})

describe("a profile in a credentials file", () => {
  const other = Buffer.from("[other]\n# caf\u00e9\n", "latin1")

  it.each([
    [
      "a file in another encoding",
      "it is not written in UTF-8",
      (file: string) => writeFileSync(file, other)
    ],
    ["a pipe", "cannot be read", (file: string) => spawnSync("mkfifo", [file])]
  ])("is not written into %s, and what is there stays", async (_, reason, make) => {
    const home = newFolder()
    mkdirSync(join(home, ".aws"))
    const file = join(home, ".aws/credentials")
    make(file)
    const into = ["--format", "profile", "--into-profile", "made"]
    const { status, stderr } = await run(["aws", "assume-role", ...awsRole, ...into], {
      env: { ...emulator.env.aws, HOME: home }
    })
    assert.strictEqual(status, 5)
    assert.include(stderr, reason)
    assert.include(stderr, "what it holds would be lost")
    if (statSync(file).isFile()) assert.deepStrictEqual(readFileSync(file), other)
    else assert.isTrue(statSync(file).isFIFO())
  })
})
