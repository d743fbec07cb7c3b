/**
 * Arguments, variables and files as accidents and attackers make them, ten thousand times, in this process: what is told
 * is a failure of a kind, and never a secret. Commands that last get arguments that nobody takes.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { afterAll, beforeAll, vi } from "vitest"
import { type Documented, documentedCommands } from "../../scripts/cliGuide.js"
import { kinds } from "../../src/cli/endings.js"
import { inputOf, planted } from "../fuzz/inputs.js"
import { newFolder } from "../support/folders.js"
import { runHere } from "./runHere.js"

/** All that was written, by whatever way. */
let written = ""

beforeAll(() => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((...args: ReadonlyArray<unknown>) => {
      written += String(args[0])
      const done = args.at(-1)
      if (typeof done === "function") done()
      return true
    })
})

afterAll(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
})

const alone = {
  AWS_EC2_METADATA_DISABLED: "true",
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
  ALIBABA_CLOUD_STS_ENDPOINT: "http://127.0.0.1:1",
  // It is how one process tells the next, and these are all the first.
  EFFECT_STS_PROFILE_CHAIN: undefined
}

const surround = (env: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries({ ...alone, ...env })) vi.stubEnv(name, value)
}

const told = async (args: ReadonlyArray<string>): Promise<void> => {
  written = ""
  vi.stubEnv("EFFECT_STS_PROFILE_CHAIN", undefined)
  const failed = await runHere(args)
  const text = `${written}\n${failed?.told}`
  const wrong = [planted, "bug in effect-sts", "[object ", "node:internal"].filter((part) =>
    text.includes(part)
  )
  assert.isEmpty(wrong, text)
  assert.notMatch(text, /^ {4}at /m)
  if (failed !== undefined)
    assert.include(
      kinds.map(({ status }) => Number(status)),
      failed.status,
      text
    )
}

const values = FastCheck.oneof(
  FastCheck.constantFrom(
    ...[planted, `/nowhere/${planted}`, `${planted}=${planted}`, `https://user:${planted}@host/`],
    ...[
      "",
      "=",
      "--",
      "0",
      "-1",
      "1e999",
      "99999999999999999999",
      "__proto__",
      "constructor",
      "\u0000",
      "\n"
    ],
    ...["\u001b[2J", "\ud800", "\u202e", "/dev/null", "/etc/passwd", "/", "default", "x".repeat(3000)],
    ...[
      "arn:aws:iam::123456789012:role/reader",
      "acs:ram::1234567890123456:role/reader",
      `{"a":"${planted}"}`
    ]
  ),
  FastCheck.string({ maxLength: 20 })
  // This process's standard input is nobody's.
).filter((value) => value !== "-")

/** What names a profile, a session or a file is said again to who looks for it, and is nothing else. */
const isName = (name: string): boolean => /profile$|sso-session$|_file$/i.test(name)

const unplanted = (value: string): string => value.replaceAll(planted, "nobody")

const lasting = new Set(["login", "emulator", "demo"])

/** Command lines around a command: its options with values that they are not for, and others that it does not have. */
const linesOf = ({ doc, path }: Documented): FastCheck.Arbitrary<ReadonlyArray<string>> => {
  const names = [...doc.flags.map(({ name }) => `--${name}`), `--${planted}`, `-${planted}`, "--json"]
  const option = FastCheck.tuple(FastCheck.constantFrom(...names), values, FastCheck.nat(2)).map(
    ([name, given, way]) => {
      const value = isName(name) ? unplanted(given) : given
      return [[name], [name, value], [`${name}=${value}`]][way] ?? []
    }
  )
  const words = FastCheck.oneof(
    { weight: 4, arbitrary: option },
    { weight: 1, arbitrary: FastCheck.array(values, { maxLength: 1 }) }
  )
  // An option may take the first for its value.
  const tooMany = lasting.has(path.at(-1) ?? "") ? ["one", "more"] : []
  return FastCheck.array(words, { maxLength: 5 }).map((parts) => [...path, ...parts.flat(), ...tooMany])
}

const commands = await documentedCommands()

describe("command lines", () => {
  it.each(commands.map((command) => [command.path.join(" "), command] as const))(
    "of %s",
    async (_, command) => {
      surround({ HOME: newFolder() })
      const property = FastCheck.asyncProperty(linesOf(command), told)
      await FastCheck.assert(property, { numRuns: Math.ceil(8000 / commands.length), seed: 20_150_401 })
    }
  )

  it("of no command", async () => {
    surround({ HOME: newFolder() })
    const words = FastCheck.constantFrom(
      "aws",
      "alibaba",
      "whoami",
      "exec",
      "--help",
      "--completions",
      "--json"
    )
    const lines = FastCheck.array(FastCheck.oneof(values, words), { maxLength: 5 })
    await FastCheck.assert(
      FastCheck.asyncProperty(
        lines.map((line) => [...line, planted]),
        told
      ),
      { numRuns: 1000, seed: 20_110_615 }
    )
  })
})

/** Files that are sound but for keys to call anybody with. */
const sound = {
  ".aws/config": `[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/a\nsource_profile = b\n[profile b]\naws_secret_access_key = ${planted}\n[sso-session c]\nsso_region = eu-west-1\nsso_start_url = http://127.0.0.1:1/${planted}\n`,
  ".aws/credentials": `[default]\naws_session_token = ${planted}\n# ${planted}\n`,
  ".aliyun/config.json": `{"current":"a","profiles":[{"name":"a","mode":"RamRoleArn","access_key_secret":"${planted}","ram_role_arn":"acs:ram::1:role/a"}]}`,
  ".alibabacloud/credentials": `[default]\ntype = ram_role_arn\naccess_key_secret = ${planted}\nrole_arn = acs:ram::1:role/a\n`
}

describe("files and variables", () => {
  it("of every kind", async () => {
    const home = newFolder()
    const files = Object.entries(sound)
    for (const [file] of files) mkdirSync(dirname(join(home, file)), { recursive: true })
    const damaged = FastCheck.record({
      texts: FastCheck.tuple(...files.map(([, text]) => inputOf([text]))),
      cloud: FastCheck.constantFrom("aws", "alibaba"),
      command: FastCheck.constantFrom("whoami", "explain", "credential-process", "console"),
      name: FastCheck.constantFrom(
        "AWS_PROFILE",
        "AWS_REGION",
        "ALIBABA_CLOUD_PROFILE",
        "AWS_CONFIG_FILE",
        "X"
      ),
      value: values.filter((value) => !value.includes("\u0000"))
    })
    await FastCheck.assert(
      FastCheck.asyncProperty(damaged, async ({ cloud, command, name, texts, value }) => {
        files.forEach(([file], index) => {
          writeFileSync(join(home, file), texts[index] ?? "")
        })
        vi.unstubAllEnvs()
        surround({ HOME: home, [name]: isName(name) ? unplanted(value) : value })
        await told([cloud, command])
      }),
      { numRuns: 1000, seed: 20_150_401 }
    )
  })
})
