/**
 * Profiles of Alibaba Cloud's two files: which of them counts, what a bad one does to the others, and what stands in a
 * value.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { configFile, credentialsFile } from "../support/alibabaEnvironment.js"
import { asking, explaining, parametersOf, type Setup } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"
import { assumed } from "../support/scripted.js"

const secret = "PLANTED-SECRET"
const pair = (id: string) => ({ access_key_id: id, access_key_secret: secret })
const good = { name: "a", mode: "AK", ...pair("LTAIGOOD") }
const roleArn = "acs:ram::123456789012:role/reader"

const config = (text: object | string): Setup => ({
  files: { [configFile]: typeof text === "string" ? text : JSON.stringify(text, null, 1) }
})
const ini = (text: string): Setup => ({ files: { [credentialsFile]: text } })
const goodIni = `[default]\naccess_key_id = LTAIGOOD\naccess_key_secret = ${secret}\n`

const chains = {
  strict: Alibaba.DefaultChain.make,
  lenient: (options?: Alibaba.DefaultChain.Options) =>
    Alibaba.DefaultChain.make({ ...options, continueOnFailure: true })
}

const gives = (title: string, setup: Setup, id = "LTAIGOOD", options?: { readonly profile: string }) => {
  for (const [name, make] of Object.entries(chains)) {
    bothWays(`${title} (${name})`, () =>
      Effect.map(asking(make(options), setup), ({ credentials, error }) =>
        assert.strictEqual(credentials?.accessKeyId, id, error?.message)
      )
    )
  }
}

const refuses = (
  title: string,
  setup: Setup,
  fields: object,
  says: ReadonlyArray<string> = [],
  options?: { readonly profile: string }
) => {
  bothWays(title, () =>
    Effect.map(asking(Alibaba.DefaultChain.make(options), setup), ({ error, sent }) => {
      assert.deepInclude({ ...error }, fields)
      for (const one of says) assert.include(error?.message, one)
      assert.notInclude(error?.message, "PLANTED")
      assert.lengthOf(sent, 0)
    })
  )
}

describe("B14: a broken profile does not affect the others", () => {
  const bad: ReadonlyArray<unknown> = [
    {},
    { mode: "AK" },
    { name: null },
    { name: 7, mode: "AK" },
    { name: ["a"] },
    1,
    null,
    "a",
    [],
    [{}],
    { name: "b" },
    { name: "b", mode: 7 },
    { name: "b", mode: "Magic" },
    { name: "b", mode: "AK", access_key_id: {} },
    { name: "b", mode: "ChainableRamRoleArn", source_profile: "gone" },
    { name: "b", mode: "ChainableRamRoleArn", source_profile: "b" },
    { name: "b", mode: "RamRoleArn", expired_seconds: "long" },
    { name: "b", mode: "AK", ...pair("LTAI;x") }
  ]
  for (const one of bad) {
    const text = JSON.stringify(one)
    gives(`${text} before`, config({ current: "a", profiles: [one, good] }))
    gives(`${text} after`, config({ current: "a", profiles: [good, one] }))
    gives(`${text} beside a named one`, config({ current: "b", profiles: [one, good] }), "LTAIGOOD", {
      profile: "a"
    })
  }
  gives(
    "a current that is no text, and a profile that is named",
    config({ current: 1, profiles: [good] }),
    "LTAIGOOD",
    {
      profile: "a"
    }
  )

  const other = `access_key_id = LTAIOTHER\naccess_key_secret = ${secret}\n`
  const badIni: ReadonlyArray<string> = [
    `[other]\nno setting\n${other}`,
    `[other]\n= x\n`,
    `[other]\nkey[0] = x\n`,
    `[other\n${other}`,
    `[oth[er]\n${other}`,
    `[]\n${other}`,
    `[other] x\n${other}`,
    `[other]\ntype = magic\n`,
    `[other]\naccess_key_id = LTAI;x\n`
  ]
  for (const one of badIni) {
    gives(`${JSON.stringify(one)} after`, ini(`${goodIni}${one}`))
    gives(`${JSON.stringify(one)} before`, ini(`${one}${goodIni}`))
  }
  gives("a setting before the first header", ini(`stray = 1\n${goodIni}`))

  refuses("the wanted profile itself", config({ current: "b", profiles: [good, { name: "b", mode: 7 }] }), {
    reason: "Malformed",
    key: "mode"
  })
  refuses(
    "one that the wanted profile builds on",
    config({
      current: "b",
      profiles: [
        good,
        { name: "b", mode: "ChainableRamRoleArn", ram_role_arn: roleArn, source_profile: "c" },
        {}
      ]
    }),
    { reason: "UnknownProfile", key: "source_profile" },
    ["a profile has no name (line"]
  )
  refuses("a file of nothing else", config({ profiles: [{}] }), { reason: "Malformed", line: 3 }, ["no name"])
  refuses("a line of the wanted section", ini(`${goodIni}no setting\n`), {
    reason: "Malformed",
    line: 4,
    profile: "default"
  })
  refuses("a header that may be the wanted one", ini(goodIni.replace("[default]", "[default")), {
    reason: "Malformed",
    line: 1
  })
  refuses("settings that may be the wanted profile's", ini(goodIni.replace("[default]", "")), {
    reason: "Malformed",
    line: 2
  })

  bothWays("explain lists what was ignored", () =>
    Effect.gen(function* () {
      const { credentials, notes } = yield* explaining({
        files: {
          [configFile]: JSON.stringify({ current: "a", profiles: [good, {}, 1] }, null, 1),
          [credentialsFile]: `[other]\nno setting\n[lost\n`
        }
      })
      assert.strictEqual(credentials?.accessKeyId, "LTAIGOOD")
      assert.deepStrictEqual(
        notes.map(({ detail, file, line }) => [file, line, detail.includes("ignored")]),
        [
          [configFile, 10, true],
          [configFile, 11, true],
          [credentialsFile, 3, true],
          [credentialsFile, 2, true]
        ]
      )
    })
  )
})

describe("B12: other tools' ways of naming the default profile", () => {
  const byDefault = { ...good, name: "default" }
  for (const current of [undefined, null, "", " "]) {
    gives(`current ${JSON.stringify(current)}`, config({ current, profiles: [{ name: "x" }, byDefault] }))
  }
  refuses(
    "neither current nor default",
    config({ profiles: [good] }),
    { reason: "Incomplete", key: "current" },
    ["a"]
  )

  for (const header of [
    "[profile default]",
    '[profile "default"]',
    "[Profile default]",
    "[DEFAULT]",
    "['default']"
  ]) {
    refuses(
      `${header} in the credentials file`,
      ini(`\n${goodIni.replace("[default]", header)}`),
      { reason: "Malformed", line: 2, file: credentialsFile },
      ["Write [default]."]
    )
  }
  refuses(
    "[profile dev] where dev is named",
    ini(goodIni.replace("default", "profile dev")),
    { reason: "Malformed", line: 1 },
    ["Write [dev]."],
    { profile: "dev" }
  )
  gives("both", ini(`[profile default]\nx = 1\n${goodIni}`))

  for (const [name, text] of [
    [
      "the config file's name in the credentials file",
      `type = sts\n${goodIni.slice(10)}sts_token = ${secret}\n`
    ],
    ["a misspelt name", `access_key_ids = LTAIGOOD\naccess_key_secret = ${secret}\n`]
  ] as const) {
    refuses(name, ini(`[default]\n${text}`), { reason: "Incomplete" }, ["It has ", "write "])
  }
})

describe("B14: files that other tools accept are read, and invalid JSON is reported", () => {
  const lines = ["type", "access_key", "access_key_id", "LTAIGOOD", "access_key_secret", secret]
  const written = (one: (key: string, value: string) => string) =>
    ini(`[default]\n${[0, 2, 4].map((at) => one(lines[at] ?? "", lines[at + 1] ?? "")).join("\n")}\n`)
  gives(
    "a colon in the place of the equals sign",
    written((key, value) => `${key}: ${value}`)
  )
  gives(
    "a colon without blanks",
    written((key, value) => `${key}:${value}`)
  )
  gives(
    "quoted keys",
    written((key, value) => `"${key}" = ${value}`)
  )
  gives(
    "a type in upper case",
    written((key, value) => `${key} = ${key === "type" ? "ACCESS_KEY" : value}`)
  )
  gives(
    "carriage returns and tabs",
    written((key, value) => `\t${key}\t=\t${value}\t\r`)
  )
  bothWays("a role ARN after a colon or an equals sign", () =>
    Effect.map(
      asking(Alibaba.CredentialsFile.make(), {
        ...ini(`${goodIni.replaceAll(" =", ":")}type: ram_role_arn\nrole_arn: ${roleArn}\n`),
        answer: assumed
      }),
      (outcome) => assert.strictEqual(parametersOf(outcome).get("RoleArn"), roleArn, outcome.error?.message)
    )
  )

  for (const [what, text, line, hint] of [
    ["a comment", '{\n // mine\n "current": "a"}', 2, "no comments"],
    ["an extra comma", '{"current": "a",\n}', 2, "extra comma"],
    ["a comma too few", '{"current": "a"\n"profiles": []}', 2, "comma that is missing"],
    ["single quotes", "{\n'current': 'a'}", 2, "double quotes"],
    ["no end", '{"current": "a",\n"profiles": [', 2, "end is missing"],
    ["nothing", "\uFEFF \n", 1, "empty"]
  ] as const) {
    refuses(`${what} in the config file`, config(text), { reason: "Malformed", line, file: configFile }, [
      hint
    ])
  }
})

describe("B17: characters that keys, types, ARNs, names and regions cannot contain", () => {
  const lines = {
    type: "ram_role_arn",
    access_key_id: "LTAIGOOD",
    access_key_secret: secret,
    security_token: "PLANTED-TOKEN",
    role_arn: roleArn,
    role_session_name: "job",
    sts_region: "eu-central-1",
    sts_endpoint: "sts.eu-central-1.aliyuncs.com"
  }
  const text = (changed: Readonly<Record<string, string>>) =>
    `[default]\n${Object.entries({ ...lines, ...changed })
      .map(([key, value]) => `${key}=${value}\n`)
      .join("")}`
  const keys = Object.keys(lines) as ReadonlyArray<keyof typeof lines>
  for (const [index, key] of keys.entries()) {
    for (const glued of [";note", "#note", ";", "# note"]) {
      refuses(
        `${key}=...${glued}`,
        ini(text({ [key]: lines[key] + glued })),
        { reason: "Malformed", key, line: index + 2, file: credentialsFile },
        ["comment"]
      )
    }
    refuses(
      `a quote in ${key}`,
      ini(text({ [key]: `"${lines[key]}` })),
      { reason: "Malformed", key, line: index + 2 },
      ["quote"]
    )
  }

  bothWays("trailing comments and surrounding quotes are not part of the value", () =>
    Effect.gen(function* () {
      for (const change of [
        (value: string) => `${value} ; note`,
        (value: string) => `${value}\t# note`,
        (value: string) => `"${value}"`,
        (value: string) => `'${value}' # note`
      ]) {
        const changed = Object.fromEntries(Object.entries(lines).map(([key, value]) => [key, change(value)]))
        const outcome = yield* asking(Alibaba.DefaultChain.make(), { ...ini(text(changed)), answer: assumed })
        assert.strictEqual(outcome.error?.message, undefined)
        assert.strictEqual(parametersOf(outcome).get("RoleArn"), roleArn)
        assert.strictEqual(outcome.sent[0]?.url, "https://sts.eu-central-1.aliyuncs.com/")
      }
    })
  )

  bothWays("a policy and an external id keep their # and quotes", () =>
    Effect.gen(function* () {
      const policy = '{"Version":"1","Statement":[{"Resource":"a#b;c"}]}'
      const outcome = yield* asking(Alibaba.DefaultChain.make(), {
        ...ini(text({ policy })),
        answer: assumed
      })
      assert.strictEqual(parametersOf(outcome).get("Policy"), policy)
    })
  )

  for (const [key, value] of Object.entries({
    mode: "AK;x",
    access_key_id: "LTAI#x",
    access_key_secret: "x;y"
  })) {
    refuses(`${key} of the config file`, config({ current: "a", profiles: [{ ...good, [key]: value }] }), {
      reason: "Malformed",
      key
    })
  }
})
