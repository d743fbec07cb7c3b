import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../../src/alibaba.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import { AlibabaCliProfile, AlibabaCloudSsoLogin, AlibabaOAuthLogin } from "../../../src/login.js"
import { Disk } from "../../support/files.js"
import { credentialError } from "../../support/refusals.js"
import { on } from "../../support/signIn.js"

const file = "/home/.aliyun/config.json"

const issued = new Alibaba.Credentials({
  accessKeyId: "STS.id",
  accessKeySecret: Redacted.make("PLANTED-SECRET"),
  securityToken: Redacted.make("PLANTED-TOKEN"),
  expiration: DateTime.makeUnsafe("2026-01-31T12:00:00.900Z")
})

const written = {
  mode: "StsToken",
  access_key_id: "STS.id",
  access_key_secret: "PLANTED-SECRET",
  sts_token: "PLANTED-TOKEN",
  sts_expiration: Date.parse("2026-01-31T12:00:00Z") / 1_000
}

const read = (profile: string) =>
  Effect.flatMap(Alibaba.CliProfile.make({ profile }), (source) => source.get).pipe(
    Effect.provide([Alibaba.SignerAcs3.layer, SyncCommand.layer()])
  )

describe("a profile of the vendor's command line tool that is written", () => {
  it.effect("is one that the tool and this package read, in a file of its own where there is none", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const options = { profile: "role", region: "eu-central-1" }
      assert.strictEqual(yield* AlibabaCliProfile.write(issued, options), file)
      const { current, profiles } = JSON.parse(disk.text(file) ?? "")
      assert.strictEqual(current, "role")
      assert.deepStrictEqual(profiles, [
        { name: "role", ...written, output_format: "json", language: "en", region_id: "eu-central-1" }
      ])
      assert.strictEqual(disk.files.get(file)?.mode, 0o600)
      const found = yield* read("role")
      assert.strictEqual(found.accessKeyId, "STS.id")
      assert.strictEqual(Redacted.value(found.securityToken ?? Redacted.make("")), "PLANTED-TOKEN")
    }).pipe(on(disk))
  })

  it.effect("leaves every other profile and setting as it is, to the letter", () => {
    const base =
      '{"name": "base", "mode": "AK", "access_key_id": "LTAI", "access_key_secret": "s", "region_id": "cn-beijing", "plugin": {"a": [1.50, null]}}'
    const disk = new Disk({ [file]: `{ "current":"base",\n  "profiles": [ ${base} ], "unknown": 1e3 }\n` })
    return Effect.gen(function* () {
      yield* AlibabaCliProfile.write(issued, { profile: "role" })
      yield* AlibabaCliProfile.write(new Alibaba.Credentials({ ...issued, accessKeyId: "STS.next" }), {
        profile: "role"
      })
      const text = disk.text(file) ?? ""
      assert.isTrue(text.startsWith(`{ "current":"base",\n  "profiles": [ ${base},`))
      assert.isTrue(text.endsWith(' ], "unknown": 1e3 }\n'))
      const [, role, ...others] = JSON.parse(text).profiles
      assert.isEmpty(others)
      assert.deepInclude(role, {
        ...written,
        access_key_id: "STS.next",
        // that of the current one, without which the tool does nothing
        region_id: "cn-beijing"
      })
    }).pipe(on(disk))
  })

  it.effect("replaces no credentials of another kind, and no file that cannot be read", () => {
    const text = '{"profiles":[{"name":"own","mode":"AK","access_key_id":"LTAI","access_key_secret":"kept"}]}'
    const disk = new Disk({ [file]: text })
    return Effect.gen(function* () {
      const error = yield* credentialError(AlibabaCliProfile.write(issued, { profile: "own" }))
      assert.include(error.message, "profile own is for credentials of another kind (mode AK)")
      disk.readable = false
      const unread = yield* credentialError(AlibabaCliProfile.write(issued, { profile: "new" }))
      assert.strictEqual(unread.reason, "Unreadable")
      assert.include(unread.message, "what it holds would be lost")
      assert.strictEqual(disk.text(file), text)
      for (const one of [error, unread]) assert.notInclude(JSON.stringify(one), "PLANTED")
    }).pipe(on(disk))
  })

  it.effect("may be another one than the environment names, in another file", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const place = yield* AlibabaCliProfile.write(issued, {
        profile: "role",
        configFile: "~/other.json"
      }).pipe(
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ HOME: "/home", ALIBABA_CLOUD_PROFILE: "none" })
        )
      )
      assert.strictEqual(place, "/home/other.json")
      assert.strictEqual(JSON.parse(disk.text(place) ?? "").profiles[0].name, "role")
    }).pipe(on(disk))
  })
})

describe("where a profile signs in", () => {
  const profiles = [
    {
      name: "sso",
      mode: "cloudsso",
      cloud_sso_sign_in_url: "https://signin.example/login",
      cloud_sso_account_id: "1"
    },
    { name: "oauth", mode: "OAuth", oauth_site_type: "intl" },
    { name: "bare", mode: "OAuth" }
  ]
  const disk = new Disk({ [file]: JSON.stringify({ current: "sso", profiles }) })

  it.effect("is read from it, by its kind", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* AlibabaCloudSsoLogin.fromProfile({ profile: "sso" }), {
        profile: "sso",
        signInUrl: "https://signin.example/login",
        accountId: "1",
        accessConfiguration: undefined
      })
      assert.deepStrictEqual(yield* AlibabaOAuthLogin.fromProfile({ profile: "oauth" }), {
        profile: "oauth",
        site: "INTL"
      })
      for (const profile of ["oauth", "bare", "missing"])
        assert.isUndefined(yield* AlibabaCloudSsoLogin.fromProfile({ profile }))
      for (const profile of ["sso", "bare", "missing"])
        assert.isUndefined(yield* AlibabaOAuthLogin.fromProfile({ profile }))
    }).pipe(on(disk))
  )
})
