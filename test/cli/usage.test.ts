/**
 * What people get wrong on a command line, in this process: it ends before anything is sent, and names the option. How
 * processes end is looked at in endings.test.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { newFolder } from "../support/folders.js"
import { runHere } from "./runHere.js"

const reader = "arn:aws:iam::123456789012:role/reader"

/** Where nobody listens: what is sent ends with another status. */
const nobody = "http://127.0.0.1:1"

/** What stands where no secret belongs. */
const planted = "wJalrXUtnFEMI/K7MDENG"

/** All that was written to standard output. */
let written = ""

const home = newFolder()

const surround = () => {
  const env = {
    HOME: home,
    AWS_EC2_METADATA_DISABLED: "true",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_STS: nobody,
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIexample",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "example",
    ALIBABA_CLOUD_STS_ENDPOINT: nobody
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

beforeAll(() => {
  surround()
  vi.spyOn(process.stdout, "write").mockImplementation((...args: ReadonlyArray<unknown>) => {
    written += String(args[0])
    const done = args.at(-1)
    if (typeof done === "function") done()
    return true
  })
})

afterAll(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const ending = async (args: ReadonlyArray<string>) => {
  written = ""
  // Each is the first of its kind.
  vi.stubEnv("EFFECT_STS_PROFILE_CHAIN", undefined)
  const failed = await runHere(args)
  return { failed, shown: written }
}

const assumeRole = ["aws", "assume-role", "--role-arn", reader, "--role-session-name", "job"]
const exec = (...options: ReadonlyArray<string>) => ["aws", "exec", ...options, "--", "true"]
const serve = (...roles: ReadonlyArray<string>) => [
  "aws",
  "serve",
  ...roles.flatMap((one) => ["--named-role", one])
]

type Row = readonly [args: ReadonlyArray<string>, status: number, told: string]

const rows: ReadonlyArray<Row> = [
  [[...assumeRole, "--into-profile", "job"], 2, "--into-profile is for --format profile alone."],
  [
    [...assumeRole, "--format", "profile", "--into-profile", "a b"],
    2,
    "The value of --into-profile must be 1 to 128 letters, digits and _ . @ + -."
  ],
  [
    [...assumeRole, "--format", "table", "--json"],
    2,
    "--format table is for people and --json is for programs: give one of them."
  ],
  [[...assumeRole, "--format", "env", "--json"], 7, "got no answer"],
  [[...assumeRole, "--format", "env", "--show-secrets"], 2, "--show-secrets is for --format table alone."],
  [[...assumeRole, "--format", "profile"], 2, "--format profile needs --into-profile NAME."],
  [
    [...assumeRole, "--format", "xml"],
    2,
    "The value of --format is not valid. Expected table, env, json, credential-process or profile."
  ],
  [["aws", "assume-role", "--role-session-name", "job"], 3, "--role-arn is required"],
  [
    [...assumeRole, "--duration-seconds", "9"],
    3,
    "--duration-seconds must be a whole number of seconds from 900 to 43200"
  ],
  [[...assumeRole, "--duration-seconds", "soon"], 3, "--duration-seconds must be"],
  [[...assumeRole, "--role-arn", reader], 2, "--role-arn may come only once."],
  [
    [...assumeRole, "--policy-file", "/nowhere/at/all"],
    1,
    "The file of --policy-file cannot be read (ENOENT)."
  ],
  [
    [...assumeRole, "--policy-file", "-", "--token-code-file", "-"],
    2,
    "Standard input is read once: give - to one of --policy-file and --token-code-file."
  ],
  [["aws", "exec", "--", ""], 2, "The command is empty."],
  [["emulator", "--host", ""], 2, "--host needs a value."],
  [["aws", "serve", "--host", " "], 2, "The value of --host is not valid. Expected an address."],
  [[...assumeRole, "--tags", "a"], 2, "The value of --tags must be KEY=VALUE."],
  [[...assumeRole, "--tags", "a=1", "--tags", "b="], 7, "got no answer"],
  [
    [...assumeRole, "--policy", "{}", "--policy-file", "-"],
    2,
    "--policy and --policy-file say the same: leave one out."
  ],
  [exec("--external-id", "x"), 2, "--external-id is for roles: name one with --role ARN."],
  [exec("--duration-seconds", "900"), 2, "--duration-seconds is for roles: name one with --role ARN."],
  [exec("--role-session-name", "x"), 2, "--role-session-name is for roles: name one with --role ARN."],
  [exec("--role", "reader"), 3, "AssumeRole: --role must be"],
  [exec("--role", reader, "--duration-seconds", "1"), 3, "AssumeRole: --duration-seconds must be"],
  [exec("--role", reader, "--role-session-name", "a b"), 3, "AssumeRole: --role-session-name must be"],
  [exec("--role", reader, "--external-id", "?"), 3, "AssumeRole: --external-id must be"],
  [["alibaba", "credential-process", "--role", "reader"], 3, "AssumeRole: --role must look like"],
  [exec("--role", reader, "--duration-seconds", "soon"), 2, "Expected a whole number."],
  [serve("x y=1"), 2, "The name of a --named-role must be 1 to 64 letters, digits and _ . -"],
  [serve("..=1"), 2, "The name of a --named-role must be"],
  [serve("reader"), 2, "The value of --named-role is not valid. Expected NAME=ARN."],
  [serve(`a=${reader}`, "a="), 2, "The value of --named-role is not valid. Expected each name once."],
  // Nobody is asked for the first role's credentials.
  [[...serve("a=x"), "--role", reader], 3, "AssumeRole: --named-role a must be"],
  [serve(`reader=${reader}`), 1, "These are long-term keys, which are not handed out."],
  [["aws", "console", "--session-duration", "60"], 2, "Expected a number from 900 to 43200."],
  [["aws", "presign", "--expires-in-seconds", "0"], 3, "--expires-in-seconds must be"],
  [["aws", "presign", "--headers", "x"], 2, "Expected NAME=VALUE."],
  [["aws", "presign", "--headers", "a b=1"], 3, "--headers must have names and values that HTTP allows."],
  [["aws", "console", "--destination", "x"], 2, "Expected a URL that begins with https://."],
  [["aws", "whoami", "extra"], 2, "An argument is not expected: extra."],
  [["aws", "whoami", "--profile", "a", "--profile", "b"], 2, "--profile may come only once."],
  [["aws", "whoami", "--profile", "-a"], 2, "Write one that begins with a dash as --profile=VALUE."],
  [["aws", "whoami", "--region", "a b"], 4, "Setting --region is not a region name."],
  [["alibaba", "whoami", "--region", "a b"], 4, "Setting --region is not a region name."],
  [["aws", "login", "--region", "a b"], 4, "Setting --region is not a region name."],
  [["alibaba", "login", "--sign-in-url", "x"], 4, "Setting --sign-in-url is not a URL"],
  [
    ["aws", "login", "--device-code", "--remote"],
    2,
    "--remote is for console credentials: give one of them."
  ],
  [["aws", "login", "--remote", "--port", "1"], 2, "leave it or --remote out."],
  [["aws", "login", "--sso-session", "a", "--profile", "b"], 2, "leave it or --profile out."],
  [["aws", "logout", "--sso-session", "a", "--profile", "b"], 2, "leave it or --profile out."],
  [["alibaba", "login", "--site", "cn", "--account-id", "1"], 2, "--account-id is for CloudSSO"],
  [["alibaba", "login", "--site", "us"], 2, "The value of --site is not valid. Expected cn or intl."],
  [["emulator", "--env", "--json"], 2, "--env is for a shell and --json is for programs: give one of them."],
  [["aws", "exec", "--"], 2, "The command is missing."],
  [["emulator", "--seed", "/nowhere/at/all"], 1, "The file of --seed cannot be read (ENOENT)."],
  [["emulator", "--host", "192.0.2.1"], 4, "Setting --host is no address of this machine: EADDRNOTAVAIL."]
]

const typed: ReadonlyArray<Row> = [
  [[], 2, "A command is missing."],
  [["unknown"], 2, "There is no command unknown."],
  [["aws", "whoam"], 2, "Did you mean whoami?"],
  [["aws", "whoami", "--bogus"], 2, "There is no option --bogus."],
  [["aws", "whoami", "--profile"], 2, "--profile needs a value."],
  [["aws", "whoami", planted], 2, "An argument is not expected."],
  [["aws", planted], 2, "There is no command what was given."],
  [["aws", "whoami", `--${planted}=1`], 2, "There is no option what was given."],
  [["emulator", "--port", "99999"], 2, "Expected a number from 0 to 65535."],
  [["aws", "serve", "--port", "99999"], 2, "Expected a number from 0 to 65535."],
  [["alibaba", "serve", "--port", "-1"], 2, "Expected a number from 0 to 65535."],
  [["aws", "login", "--port", "65536"], 2, "Expected a number from 0 to 65535."],
  [["emulator", "--port", planted], 2, "The value of --port is not valid."],
  [
    ["aws", "whoami", "--profile", "missing"],
    4,
    "Setting --profile cannot be used: there is no profile missing"
  ]
]

describe("a command line", () => {
  it.each([...typed, ...rows])("%j ends with %i", async (args, status, told) => {
    const { failed, shown } = await ending(args)
    assert.strictEqual(failed?.status, status, failed?.told)
    assert.include(failed?.told, told)
    assert.notInclude(failed?.told, planted)
    assert.strictEqual(shown, "")
    if (args.includes("--json")) return
    assert.match(failed?.told ?? "", /^effect-sts: [^\n]+(\n[^\n]+)*$/)
    // An option that wants a value would take it for that.
    if (args.at(-1) === "--profile" || args.includes("--")) return
    assert.deepInclude(JSON.parse((await ending([...args, "--json"])).failed?.told ?? ""), { status })
  })

  it.each(["aws", "alibaba"])("of %s ends with 5 where there are no credentials", async (cloud) => {
    const none = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      ALIBABA_CLOUD_ACCESS_KEY_ID: undefined,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: undefined
    }
    for (const [name, value] of Object.entries(none)) vi.stubEnv(name, value)
    const { failed } = await ending([cloud, "whoami"])
    assert.strictEqual(failed?.status, 5)
    assert.match(failed?.told ?? "", /^effect-sts: No (AWS|Alibaba Cloud) credentials/)
    surround()
  })
})

it("explain calls a region by the option that states it", async () => {
  const { failed, shown } = await ending(["aws", "explain", "--region", "eu-west-1"])
  assert.isUndefined(failed)
  assert.include(shown, "Region eu-west-1 from --region.")
})

it("failures are JSON however JSON is asked for", async () => {
  const { failed } = await ending(["aws", "whoami", "--bogus", "--json=yes"])
  assert.deepInclude(JSON.parse(failed?.told ?? ""), { status: 2 })
})

it("a region that is no name is called by the variable that states it", async () => {
  vi.stubEnv("AWS_REGION", "a b")
  const failed = await runHere(["aws", "login"])
  vi.stubEnv("AWS_REGION", "eu-central-1")
  assert.strictEqual(failed?.status, 4, failed?.told)
  assert.include(failed?.told, "Setting AWS_REGION is not a region name.")
})

describe("credential-process", () => {
  const asked = async (
    env: Readonly<Record<string, string | undefined>>,
    ...options: ReadonlyArray<string>
  ) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const failed = await runHere(["aws", "credential-process", ...options])
    return `${failed?.status} ${failed?.told}`
  }

  it("counts the profile of the environment where none is named", async () => {
    assert.match(
      await asked({ EFFECT_STS_PROFILE_CHAIN: "aws:a", AWS_PROFILE: "a" }),
      /^2 .* leads back to itself: aws:a, aws:a\./
    )
    assert.match(
      await asked({ EFFECT_STS_PROFILE_CHAIN: "aws:a", AWS_PROFILE: " ", AWS_DEFAULT_PROFILE: "a" }),
      /^2 .* leads back to itself: aws:a, aws:a\./
    )
    const other = { EFFECT_STS_PROFILE_CHAIN: "aws:a", AWS_PROFILE: "b", AWS_ACCESS_KEY_ID: undefined }
    assert.match(await asked(other), /^5 .*AWS_ACCESS_KEY_ID/)
  })

  it("follows sixteen profiles and no more", async () => {
    const chain = (length: number) => ({
      EFFECT_STS_PROFILE_CHAIN: Array.from({ length }, (_, index) => `aws:p${index}`).join(",")
    })
    assert.match(await asked(chain(15), "--profile", "q"), /no profile q/)
    assert.match(await asked(chain(16), "--profile", "q"), /^2 .*More than 16 profiles' commands/)
  })
})

describe("console", () => {
  const session = { AWS_ACCESS_KEY_ID: "ASIAEXAMPLE", AWS_SESSION_TOKEN: "x" }

  it.each([
    "us-iso-east-1",
    "us-isob-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
    "us_gov_west_1",
    "gov-west-1"
  ])("sends nothing where nobody knows who signs in for %s", async (region) => {
    for (const [name, value] of Object.entries(session)) vi.stubEnv(name, value)
    const failed = await runHere(["aws", "console", "--region", region])
    assert.strictEqual(failed?.status, 2, failed?.told)
    assert.include(failed?.told, "Where this region's partition signs in is not known")
  })

  it("names the variable that states no sign-in service", async () => {
    const env = { ...session, AWS_ENDPOINT_URL_SIGNIN: "http://elsewhere.example" }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const failed = await runHere(["aws", "console"])
    vi.stubEnv("AWS_ENDPOINT_URL_SIGNIN", undefined)
    assert.strictEqual(failed?.status, 4, failed?.told)
    assert.include(failed?.told, "Setting AWS_ENDPOINT_URL_SIGNIN must be https://HOST.")
  })

  it("sends nothing where a file does not say in which region", async () => {
    const home = newFolder()
    mkdirSync(join(home, ".aws"))
    writeFileSync(join(home, ".aws/config"), "[profile a\n")
    const env = {
      HOME: home,
      AWS_PROFILE: undefined,
      AWS_REGION: undefined,
      ...session
    }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const failed = await runHere(["aws", "console"])
    assert.strictEqual(failed?.status, 4, failed?.told)
    const stated = await runHere(["aws", "console", "--endpoint", nobody])
    assert.include(stated?.told, "The sign-in service could not be reached.")
    assert.match(failed?.told ?? "", /config/)
  })
})
