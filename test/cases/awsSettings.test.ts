/**
 * AWS's settings: what is read, what stands in the table of settings, and what explanations say of both.
 */

import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { aws, common, type SettingRow } from "../../src/protocol/settingTable.js"
import { noCommand } from "../support/commands.js"
import { type Entry, files } from "../support/files.js"
import { keptLogs } from "../support/logs.js"
import { readFrom } from "../support/majors.js"
import { reply, scripted } from "../support/scripted.js"

const root = join(import.meta.dirname, "../../src")

const settingTable: ReadonlyArray<SettingRow> = [
  ...aws,
  ...common.filter(({ variable }) => variable === "EFFECT_STS_ALLOW_HTTP")
]
const tables = ["protocol/settingTable.ts", "protocol/aws/settingNotes.ts"]

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")

/** The code that reads settings of AWS: all but the emulator's, the command line's and the other cloud's. */
const code = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && !tables.includes(file))
  .filter((file) => !/^(emulator|cli)\/|\/alibaba\//.test(file))
  .map((file) => withoutComments(readFileSync(join(root, file), "utf8")))
  .join("\n")

const all = (pattern: RegExp): ReadonlyArray<string> => [
  ...new Set(Array.from(code.matchAll(pattern), ([, name = ""]) => name))
]

const variables = settingTable.flatMap(({ variable }) => variable ?? [])
const keys = settingTable.flatMap(({ key }) => key ?? [])

const home = "/home/me"
const startUrl = "https://example.awsapps.com/start"
const loginSession = "arn:aws:sts::123456789012:assumed-role/a/b"

const hashed = (hash: "sha1" | "sha256", text: string) => createHash(hash).update(text).digest("hex")

/** Over soon, so that who reads it asks for another one. */
const endingToken = {
  accessToken: "token",
  expiresAt: "1970-01-01T00:01:00Z",
  refreshToken: "refresh",
  clientId: "client",
  clientSecret: "secret",
  registrationExpiresAt: "2100-01-01T00:00:00Z"
}

const endingLogin = {
  accessToken: {
    accessKeyId: "ASIAEXAMPLE",
    secretAccessKey: "secret",
    sessionToken: "token",
    accountId: "123456789012",
    expiresAt: "1970-01-01T00:01:00Z"
  },
  clientId: "client",
  refreshToken: "refresh",
  dpopKey: "key"
}

const on = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  env: Readonly<Record<string, string>>,
  config = "",
  mode = 0o600
) => {
  const read = new Set<string>()
  const provider = ConfigProvider.fromUnknown({ HOME: home, ...env })
  const recording = readFrom(provider, (path) => read.add(path.join("_")))
  const entries: Record<string, Entry> = {
    [`${home}/.aws/config`]: { text: config, mode },
    [`${home}/token`]: { text: "a-token" },
    [`${home}/.aws/sso/cache/${hashed("sha1", startUrl)}.json`]: {
      text: JSON.stringify({ accessToken: "token", expiresAt: "2100-01-01T00:00:00Z" })
    },
    [`${home}/.aws/sso/cache/${hashed("sha1", "ending")}.json`]: { text: JSON.stringify(endingToken) },
    [`${home}/.aws/login/cache/${hashed("sha256", loginSession)}.json`]: {
      text: JSON.stringify(endingLogin)
    }
  }
  return effect.pipe(
    Effect.provide([scripted(reply(404, "")).layer, files(entries).layer, Aws.SignerV4.layer, noCommand]),
    Effect.provideService(ConfigProvider.ConfigProvider, recording),
    Effect.map((value) => ({ value, read }))
  )
}

const everySource = Effect.gen(function* () {
  const chain = yield* Aws.DefaultChain.sources()
  const role = { startUrl, region: "us-east-1", accountId: "1", roleName: "r" }
  const sso = yield* Aws.Sso.make(role)
  const ending = yield* Aws.Sso.make({ ...role, sessionName: "ending" })
  const login = yield* Aws.Login.make({ loginSession })
  const sources = [...chain, sso, ending, login]
  yield* Effect.forEach(sources, ({ get }) => Effect.result(get))
  yield* Effect.result(Aws.getCallerIdentity())
}).pipe(Effect.provide(Aws.Environment.layer))

const full = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/credentials",
  AWS_WEB_IDENTITY_TOKEN_FILE: `${home}/token`,
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pod"
}

const explained = (env: Readonly<Record<string, string>>, config = "", mode = 0o600) =>
  Effect.map(on(Aws.explain(), env, config, mode), ({ value }) =>
    value.notes.map(({ detail, key, kind, line }) => ({ kind, key, line, detail }))
  )

describe("A13: one table of settings", () => {
  it("has every variable named in code", () => {
    const named = all(/"((?:AWS|EFFECT_STS)_[A-Z0-9_]+)"/g)
    assert.isAbove(named.length, 30)
    assert.deepStrictEqual(
      named.filter((name) => !variables.includes(name)),
      []
    )
  })

  it("has every profile key read in code", () => {
    const read = all(
      /(?:valueOf|required|whereIs|stated|(?<![.\w])has|settings\.(?:get|has)|shared\.of|keyAt)\((?:[\w.]+, )?"([a-z0-9_]+)"/g
    )
    assert.isAbove(read.length, 15)
    assert.deepStrictEqual(
      read.filter((name) => !keys.includes(name)),
      []
    )
  })

  it("has no profile key that no code reads", () => {
    const byVariable = all(/(?:find|flag|flagOf)\("(AWS_\w+)"/g).concat(all(/^ {2}\w+: "(AWS_\w+)",?$/gm))
    assert.deepStrictEqual(
      settingTable.flatMap(({ key, variable = "" }) =>
        key === undefined || code.includes(`"${key}"`) || byVariable.includes(variable) ? [] : [key]
      ),
      []
    )
  })

  it.effect("has exactly the variables that are read at run time", () =>
    Effect.gen(function* () {
      const machines = [
        on(everySource, full),
        on(everySource, { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" }),
        on(everySource, full, `[default]\nlogin_session = someone\n`)
      ]
      const read = new Set((yield* Effect.all(machines)).flatMap((machine) => [...machine.read]))
      const ours = [...read].filter((name) => /^(AWS|EFFECT_STS)_/.test(name))
      assert.sameMembers(ours, variables)
    })
  )

  it("has each setting once", () => {
    assert.strictEqual(new Set(variables).size, variables.length)
    assert.strictEqual(new Set(keys).size, keys.length)
    const overruling = settingTable.flatMap(({ after }) => after ?? [])
    assert.includeMembers(variables, overruling)
  })
})

describe("A13: explanations come from the table", () => {
  it.effect.each(keys)("the profile key %s is not reported as unread", (key) =>
    Effect.map(explained({}, `[default]\n${key} = 1\n`), (notes) =>
      assert.deepStrictEqual(
        notes.filter(({ kind }) => kind === "unknown"),
        []
      )
    )
  )

  it.effect.each(keys.filter((key) => key.length > 5))("one letter away from %s is meant", (key) =>
    Effect.map(
      explained({}, `[default]\ncolour = red\n${key.slice(0, -2)}${key.slice(-1)} = 1\n`),
      (notes) => {
        const [colour, slip] = notes.filter(({ kind }) => kind === "unknown")
        assert.strictEqual(colour?.detail, "nothing reads it here")
        assert.strictEqual(slip?.line, 3)
        assert.include(slip?.detail, "did you mean")
      }
    )
  )

  it.effect.each(variables)("%s alone is neither unknown nor overridden", (variable) =>
    Effect.map(explained({ [variable]: "1" }), (notes) =>
      assert.deepStrictEqual(
        notes.filter(({ kind }) => kind !== "elsewhere"),
        []
      )
    )
  )

  it.effect.each(settingTable.filter(({ after }) => after !== undefined))(
    "$variable is shadowed by $after",
    ({ after = "", variable = "" }) =>
      Effect.map(explained({ [variable]: "1", [after]: "1" }), (notes) =>
        assert.deepInclude(notes, {
          kind: "shadowed",
          key: variable,
          line: undefined,
          detail: `${after} is set too, and takes precedence`
        })
      )
  )

  it.effect("settings of other tools are not reported as misspelt", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* explained({}, "[default]\nca_bundle = x\noutput = json\nretry_mode = x\n"),
        []
      )
      assert.deepStrictEqual(yield* explained({ AWS_ENDPOINT_URL_SQS: "x", AWS_MAX_ATTEMPTS: "5" }), [])
    })
  )
})

describe("A13: file readable by others", () => {
  it.effect("is warned about once, however many sources read it", () =>
    Effect.gen(function* () {
      const { layer: logs, warnings } = keptLogs()
      const config = "[profile other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = secret\n"
      yield* Effect.provide(explained({}, config, 0o644), logs)
      assert.strictEqual(warnings.filter((text) => text.includes("0644")).length, 1)
    })
  )
})
