/**
 * Alibaba Cloud's settings: keys that are said to be wrong before they are sent, names that other tools read, blank
 * options, and the table that all of them stand in.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import { AlibabaBlocking } from "../../src/blocking.js"
import { RequestPolicy } from "../../src/index.js"
import { AlibabaNode } from "../../src/node.js"
import { alibaba, common, type SettingRow } from "../../src/protocol/settingTable.js"
import { configFile, credentialsFile, environment } from "../support/alibabaEnvironment.js"
import { asking, explaining, type Making, type Setup } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"
import { assumed, fault, identity, reply, scripted } from "../support/scripted.js"

const secret = "PLANTED-SECRET"
const keys = (id: string) => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: id,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret
})
const profile = (mode: string, settings: object): Setup => ({
  files: {
    [configFile]: JSON.stringify({
      current: "dev",
      profiles: [{ name: "dev", mode, access_key_secret: secret, ...settings }]
    })
  }
})
const ini = (lines: string): Setup => ({
  files: { [credentialsFile]: `[default]\naccess_key_secret = ${secret}\n${lines}` }
})
const fixed = (options: Alibaba.Static.Options): Making =>
  Effect.succeed({
    name: "static",
    get: Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get).pipe(
      Effect.provide(Alibaba.Static.layer(options))
    )
  })

describe("B10: a temporary access key id without its token", () => {
  const roleArn = "acs:ram::123456789012:role/reader"
  const id = "STS.NUexample"
  const wrong: ReadonlyArray<readonly [what: string, making: Making, setup: Setup, key: string]> = [
    ["variables", Alibaba.DefaultChain.make(), { variables: keys(id) }, "ALIBABA_CLOUD_SECURITY_TOKEN"],
    ["mode AK", Alibaba.CliProfile.make(), profile("AK", { access_key_id: id }), "sts_token"],
    [
      "mode AK with a token that it does not take",
      Alibaba.CliProfile.make(),
      profile("AK", { access_key_id: id, sts_token: secret }),
      "sts_token"
    ],
    ["mode StsToken", Alibaba.CliProfile.make(), profile("StsToken", { access_key_id: id }), "sts_token"],
    [
      "mode RamRoleArn",
      Alibaba.CliProfile.make(),
      profile("RamRoleArn", { access_key_id: id, ram_role_arn: roleArn }),
      "sts_token"
    ],
    ["access_key", Alibaba.CredentialsFile.make(), ini(`access_key_id = ${id}\n`), "security_token"],
    [
      "ram_role_arn",
      Alibaba.CredentialsFile.make(),
      ini(`type = ram_role_arn\nrole_arn = ${roleArn}\naccess_key_id = ${id}\n`),
      "security_token"
    ],
    ["the program", fixed({ accessKeyId: id, accessKeySecret: secret }), {}, "securityToken"],
    [
      "the program, and a blank token",
      fixed({ accessKeyId: id, accessKeySecret: secret, securityToken: "" }),
      {},
      "securityToken"
    ]
  ]
  for (const [what, making, setup, key] of wrong) {
    bothWays(`in ${what}`, () =>
      Effect.map(asking(making, setup), ({ error, sent }) => {
        assert.deepInclude({ ...error }, { reason: "Incomplete", key })
        assert.strictEqual(error?.line !== undefined, setup.files !== undefined)
        assert.notInclude(error?.message, "PLANTED")
        assert.lengthOf(sent, 0)
      })
    )
  }

  for (const other of ["LTAI5example", "STSexample", "sts.example", "TMP.example"]) {
    bothWays(`${other} needs no token`, () =>
      Effect.map(asking(Alibaba.DefaultChain.make(), { variables: keys(other) }), ({ credentials }) =>
        assert.strictEqual(credentials?.accessKeyId, other)
      )
    )
  }
  bothWays("the pair is used with its token", () =>
    Effect.map(
      asking(Alibaba.DefaultChain.make(), {
        variables: { ...keys(id), ALIBABA_CLOUD_SECURITY_TOKEN: secret }
      }),
      ({ credentials }) => assert.strictEqual(credentials?.accessKeyId, id)
    )
  )
  bothWays("a comment attached to a key is reported before sending", () =>
    Effect.gen(function* () {
      for (const [making, setup] of [
        [Alibaba.DefaultChain.make(), { variables: keys("LTAI5t;note") }],
        [fixed({ accessKeyId: "LTAI5t#note", accessKeySecret: secret }), {}]
      ] as const) {
        const { error } = yield* asking(making, setup)
        assert.deepInclude({ ...error }, { reason: "Malformed" })
        assert.include(error?.message, "comment")
      }
    })
  )
})

describe("B10: variables that other tools read", () => {
  const others: Readonly<Record<string, string>> = {
    ALICLOUD_ACCESS_KEY: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    ALICLOUD_ACCESS_KEY_ID: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    ALICLOUD_SECRET_KEY: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ALICLOUD_ACCESS_KEY_SECRET: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ALICLOUD_SECURITY_TOKEN: "ALIBABA_CLOUD_SECURITY_TOKEN",
    ALICLOUD_REGION: "ALIBABA_CLOUD_STS_REGION",
    ALICLOUD_PROFILE: "ALIBABA_CLOUD_PROFILE",
    ALICLOUD_SHARED_CREDENTIALS_FILE: "ALIBABA_CLOUD_CONFIG_FILE",
    ALICLOUD_ECS_ROLE_NAME: "ALIBABA_CLOUD_ECS_METADATA",
    ALICLOUD_CREDENTIALS_URI: "ALIBABA_CLOUD_CREDENTIALS_URI",
    ALIBABACLOUD_ACCESS_KEY_ID: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    ALIBABACLOUD_ACCESS_KEY_SECRET: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ALIBABACLOUD_SECURITY_TOKEN: "ALIBABA_CLOUD_SECURITY_TOKEN",
    ALIBABACLOUD_REGION_ID: "ALIBABA_CLOUD_STS_REGION",
    ALIYUN_ACCESS_KEY_ID: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    ALIYUN_ACCESS_KEY_SECRET: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ALIBABA_CLOUD_REGION_ID: "ALIBABA_CLOUD_STS_REGION",
    ALIBABA_CLOUD_ACCESS_KEY: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    ALIBABA_CLOUD_SECRET_KEY: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ALIBABA_CLOUD_STS_TOKEN: "ALIBABA_CLOUD_SECURITY_TOKEN"
  }
  for (const [name, ours] of Object.entries(others)) {
    bothWays(`${name} is called ${ours} here`, () =>
      Effect.gen(function* () {
        const setup = { variables: { [name]: "PLANTED" } }
        const { notes } = yield* explaining(setup)
        assert.deepStrictEqual(
          notes.map(({ key, kind }) => `${kind} ${key}`),
          [`elsewhere ${name}`]
        )
        assert.include(notes[0]?.detail, ours)
        for (const continueOnFailure of [false, true]) {
          const { error } = yield* asking(Alibaba.DefaultChain.make({ continueOnFailure }), setup)
          assert.deepInclude({ ...error }, { reason: "NotConfigured" })
          assert.include(error?.message, `${ours} instead of ${name}`)
          assert.notInclude(error?.message, "PLANTED")
        }
      })
    )
  }

  bothWays("no note when none of them is set", () =>
    Effect.map(asking(Alibaba.DefaultChain.make()), ({ error }) =>
      assert.notInclude(error?.message, "instead of")
    )
  )
})

describe("B16: Alibaba Cloud options: blank is unset, others are trimmed", () => {
  const good = { name: "dev", mode: "AK", access_key_id: "LTAIFILE", access_key_secret: secret }
  const disk = {
    [configFile]: JSON.stringify({ current: "dev", profiles: [good] }),
    [credentialsFile]: `[default]\naccess_key_id = LTAIINI\naccess_key_secret = ${secret}\n`
  }
  for (const blank of ["", " ", "\t\n"]) {
    for (const [what, making, id] of [
      ["chain", Alibaba.DefaultChain.make({ profile: blank }), "LTAIFILE"],
      ["lenient chain", Alibaba.DefaultChain.make({ profile: blank, continueOnFailure: true }), "LTAIFILE"],
      ["CLI profile", Alibaba.CliProfile.make({ profile: blank, configFile: blank }), "LTAIFILE"],
      [
        "credentials file",
        Alibaba.CredentialsFile.make({ profile: blank, credentialsFile: blank }),
        "LTAIINI"
      ]
    ] as const) {
      bothWays(`${what}, ${JSON.stringify(blank)}`, () =>
        Effect.map(asking(making, { files: disk }), ({ credentials, error }) =>
          assert.strictEqual(credentials?.accessKeyId, id, error?.message)
        )
      )
    }
    bothWays(`a key pair's options, ${JSON.stringify(blank)}`, () =>
      Effect.gen(function* () {
        const stated = (id: string) =>
          Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get).pipe(
            Effect.provide(
              Alibaba.Static.layer({ accessKeyId: id, accessKeySecret: secret, securityToken: blank })
            )
          )
        assert.isUndefined((yield* stated("LTAISTATED")).securityToken)
        assert.deepInclude(
          { ...(yield* Effect.flip(stated(blank))) },
          { reason: "Incomplete", key: "accessKeyId" }
        )
        const half = yield* Effect.flip(stated("STS.half"))
        assert.deepInclude({ ...half }, { reason: "Incomplete", key: "securityToken" })
      })
    )
    bothWays(`the token file, ${JSON.stringify(blank)}`, () =>
      Effect.map(
        asking(
          Alibaba.Oidc.make({
            roleArn: "acs:ram::123456789012:role/reader",
            oidcProviderArn: "acs:ram::123456789012:oidc-provider/ack",
            token: { file: blank }
          })
        ),
        ({ error }) => assert.deepInclude({ ...error }, { reason: "Incomplete", key: "token.file" })
      )
    )
    bothWays(`the ECS RAM role, ${JSON.stringify(blank)}`, () =>
      Effect.map(
        asking(Alibaba.EcsRamRole.make({ roleName: blank, endpoint: blank }), {
          answer: fault("EHOSTUNREACH")
        }),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "NotConfigured" })
          const hosts = new Set(sent.map(({ url }) => new URL(url).hostname))
          assert.deepStrictEqual(hosts, new Set(["100.100.100.200"]))
        }
      )
    )
    for (const uri of [blank, Redacted.make(blank)]) {
      bothWays(`the credentials URI, ${JSON.stringify(blank)}, ${typeof uri}`, () =>
        Effect.map(asking(Alibaba.CredentialsUri.make({ uri })), ({ error }) =>
          assert.deepInclude({ ...error }, { reason: "NotConfigured" })
        )
      )
    }
  }

  bothWays("options are trimmed", () =>
    Effect.gen(function* () {
      const issued = reply(200, {
        Code: "Success",
        AccessKeyId: "STS.uri",
        AccessKeySecret: secret,
        SecurityToken: "PLANTED-TOKEN",
        Expiration: "2100-01-01T00:00:00Z"
      })
      const setup = { files: { ...disk, "/x": disk[configFile] ?? "" }, answer: issued }
      for (const [making, id] of [
        [Alibaba.DefaultChain.make({ profile: " dev " }), "LTAIFILE"],
        [Alibaba.CliProfile.make({ profile: "dev\n", configFile: " /x" }), "LTAIFILE"],
        [Alibaba.CredentialsFile.make({ profile: " default" }), "LTAIINI"],
        [Alibaba.CredentialsUri.make({ uri: " http://127.0.0.1:1/uri " }), "STS.uri"]
      ] as const) {
        const { credentials, error } = yield* asking(making, setup)
        assert.strictEqual(credentials?.accessKeyId, id, error?.message)
      }
      const role = Effect.flatMap(Alibaba.CredentialsFile.make(), (base) =>
        Alibaba.RamRoleArn.make(base, {
          roleArn: " acs:ram::123456789012:role/reader ",
          roleSessionName: " job ",
          externalId: " ",
          policy: ""
        })
      )
      const { sent } = yield* asking(role, { files: disk, answer: assumed })
      const form = new URLSearchParams(sent[0]?.body)
      assert.strictEqual(form.get("RoleArn"), "acs:ram::123456789012:role/reader")
      assert.strictEqual(form.get("RoleSessionName"), "job")
      assert.isFalse(form.has("ExternalId") || form.has("Policy"))
    })
  )

  bothWays("the policy's endpoint and region", () =>
    Effect.gen(function* () {
      const http = scripted(identity)
      yield* Alibaba.getCallerIdentity().pipe(
        RequestPolicy.adjust({ alibaba: { endpoint: " ", region: " eu-central-1 " } }),
        Effect.provide([http.layer, Alibaba.SignerAcs3.layer, Alibaba.Environment.layer]),
        environment(keys("LTAI"))
      )
      assert.strictEqual(http.sent[0]?.url, "https://sts.eu-central-1.aliyuncs.com/")
    })
  )
})

describe("B13: layers for a profile", () => {
  it("the Node and blocking layers take a profile, as for AWS", () => {
    for (const { layer, layerWith } of [AlibabaNode, AlibabaBlocking]) {
      assert.isTrue(Layer.isLayer(layer))
      assert.isTrue(Layer.isLayer(layerWith({ profile: "prod" })))
    }
  })

  const get = Effect.flatMap(Alibaba.CredentialProvider, (provider) => provider.get)
  const gone = Effect.map(Effect.flip(get), (error) => error.message)
  const named = { ...keys("LTAIENVIRONMENT"), HOME: "/nowhere" }

  it.effect("a profile takes precedence over keys in the environment, on Node", () =>
    gone.pipe(
      Effect.provide(AlibabaNode.layerWith({ profile: "prod" })),
      environment(named),
      Effect.map((message) => assert.include(message, "prod"))
    )
  )

  it("a profile takes precedence over keys in the environment, under runSync", () => {
    const program = gone.pipe(
      Effect.provide(AlibabaBlocking.layerWith({ profile: "prod" })),
      environment(named)
    )
    assert.include(Effect.runSync(program), "prod")
  })
})

describe("B10: one table of Alibaba Cloud's settings", () => {
  const root = join(import.meta.dirname, "../../src")
  const settingTable: ReadonlyArray<SettingRow> = [
    ...alibaba,
    ...common.filter(({ variable }) => variable === "EFFECT_STS_ALLOW_HTTP")
  ]
  const tables = ["protocol/settingTable.ts", "protocol/alibaba/settingNotes.ts"]
  const code = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !tables.includes(path) && !/^(emulator|cli)\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "") }))
  const variables = settingTable.flatMap(({ variable }) => variable ?? [])
  const inFiles = settingTable.flatMap(({ iniKey, key }) =>
    [key, iniKey].filter((name) => name !== undefined)
  )

  it("has every variable named in code, and no other", () => {
    const named = new Set(
      code.flatMap(({ text }) => text.match(/(?<=")(?:ALIBABA_CLOUD|EFFECT_STS)_[A-Z0-9_]+(?=")/g) ?? [])
    )
    assert.sameMembers([...named], variables)
  })

  it("has every profile key read in code, and no other", () => {
    const readers = code.filter(({ path }) =>
      /protocol\/alibaba\/(plan|cliConfig|credentialsFile|profileEdit)\.ts$/.test(path)
    )
    const read = new Set(
      readers.flatMap(({ text }) => [
        ...(text.match(/(?<=^ {2}\w+: ")[a-z0-9_]+(?=",?$)/gm) ?? []),
        ...(text.match(/(?<=section, ")[a-z0-9_]+(?=")/g) ?? []),
        ...(text.match(/(?<=(?:must\(|key = |section, )"?)\b(?:[a-z0-9]+_)+[a-z0-9]+(?=")/g) ?? []),
        ...[...text.matchAll(/written\(section, "(\w+)", "(\w+)"\)/g)].flatMap(([, a, b]) => [
          a ?? "",
          b ?? ""
        ])
      ])
    )
    assert.sameMembers([...read], [...new Set(inFiles)])
  })

  it("has each setting once", () => {
    for (const field of ["variable", "key", "iniKey"] as const) {
      const all = settingTable.flatMap((row) => row[field] ?? [])
      assert.strictEqual(new Set(all).size, all.length)
    }
  })

  it.effect.each(variables)("%s is not reported as misspelt, but one letter off is", (variable) =>
    Effect.gen(function* () {
      const { notes } = yield* explaining({ variables: { [variable]: "1" } })
      assert.deepStrictEqual(
        notes.filter(({ detail }) => detail.includes("nobody")),
        []
      )
      const slip = `${variable.slice(0, -2)}${variable.slice(-1)}`
      const { notes: told } = yield* explaining({ variables: { [slip]: "1" } })
      assert.include(told.map(({ detail }) => detail).join(), "did you mean")
    })
  )
})
