import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import { AlibabaCloudSsoLogin, AlibabaOAuthLogin, NodeSignIn } from "../../../src/login.js"
import { parse } from "../../../src/protocol/alibaba/cliConfig.js"
import { choicesIn, deviceIn, grantedIn, lists, tokenIn } from "../../../src/protocol/alibaba/login.js"
import { withProfile } from "../../../src/protocol/alibaba/profileEdit.js"
import { AlibabaSeed, Emulator } from "../../../src/testing.js"
import { http } from "../../emulator/http.js"
import { Disk } from "../../support/files.js"
import { credentialError } from "../../support/refusals.js"
import { begun, browser, join, on, seconds, told } from "../../support/signIn.js"

const file = "/home/.aliyun/config.json"
const { signInUrl } = AlibabaSeed.cloudSso
const start = Date.parse("2026-01-01T00:00:00Z")

const credentials = (profile: string) =>
  Effect.flatMap(Alibaba.CliProfile.make({ profile }), (source) => source.get).pipe(
    Effect.provide([Alibaba.SignerAcs3.layer, SyncCommand.layer()])
  )

const confirm = (userCode: string | undefined, decision: { user: string } | { deny: string }) =>
  http("POST", "/device-code", { form: { user_code: userCode ?? "", ...decision } })

const signedIn = (options: Partial<AlibabaCloudSsoLogin.Options> = {}) =>
  Effect.gen(function* () {
    const { layer, pages } = told()
    const run = AlibabaCloudSsoLogin.loginWithDeviceCode({ signInUrl, ...options })
    const login = yield* begun(Effect.provide(run, layer))
    yield* seconds(2)
    assert.lengthOf(pages, 1)
    yield* confirm(pages[0]?.code, { user: "alice" })
    yield* seconds(1)
    return yield* join(login)
  })

describe("signing in to CloudSSO", () => {
  it.effect("writes a profile that the vendor's tool and this package's sources read", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const result = yield* signedIn({ profile: "sso" })
      assert.strictEqual(DateTime.formatIso(result.expiration), "2026-01-01T01:00:03.000Z")
      const { profiles, current } = JSON.parse(disk.text(file) ?? "")
      assert.strictEqual(current, "sso")
      const [{ access_token: token, ...rest }] = profiles
      assert.isString(token)
      assert.deepStrictEqual(rest, {
        name: "sso",
        mode: "CloudSSO",
        cloud_sso_sign_in_url: signInUrl,
        cloud_sso_account_id: AlibabaSeed.accountId,
        cloud_sso_access_config: AlibabaSeed.cloudSsoAccess.accessConfigurationId,
        cloud_sso_access_token_expire: start / 1_000 + 3_603,
        sts_expiration: 0,
        output_format: "json",
        language: "en"
      })
      assert.strictEqual(disk.files.get(file)?.mode, 0o600)
      assert.deepStrictEqual([...disk.files.keys()], [file])
      assert.match((yield* credentials("sso")).accessKeyId, /^STS\./)
      assert.isTrue(yield* AlibabaCloudSsoLogin.logout({ profile: "sso" }))
      assert.isFalse(yield* AlibabaCloudSsoLogin.logout({ profile: "sso" }))
      assert.notInclude(disk.text(file) ?? "", token)
    }).pipe(on(disk))
  })

  it.effect("lists the accounts and access configurations when the named one does not exist", () =>
    Effect.gen(function* () {
      const error = yield* credentialError(signedIn({ accountId: "1" }))
      assert.strictEqual(error.reason, "Incomplete")
      assert.include(error.message, "does not have the account that was named")
      assert.include(error.message, `Name one of ${AlibabaSeed.accountId}`)
    }).pipe(on(new Disk()))
  )

  it.effect("reports a denial and a timeout", () =>
    Effect.gen(function* () {
      const { layer, pages } = told()
      const run = credentialError(
        Effect.provide(AlibabaCloudSsoLogin.loginWithDeviceCode({ signInUrl }), layer)
      )
      const one = yield* begun(run)
      yield* confirm(pages[0]?.code, { deny: "yes" })
      yield* seconds(1)
      assert.include((yield* join(one)).message, "the sign-in was denied")
      const other = yield* begun(run)
      yield* seconds(600)
      const error = yield* join(other)
      assert.strictEqual(error.reason, "Expired")
      assert.include(error.message, "nobody signed in within 600 s")
    }).pipe(on(new Disk()))
  )

  it.effect("keeps a profile of another kind", () => {
    const disk = new Disk({
      [file]: '{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"id"}]}'
    })
    return Effect.gen(function* () {
      const error = yield* credentialError(AlibabaCloudSsoLogin.loginWithDeviceCode({ signInUrl }))
      assert.include(error.message, "profile default is for credentials of another kind (mode AK)")
      assert.include(error.message, "Name another profile; it is created if it does not exist.")
      yield* signedIn({ profile: "new" })
      assert.strictEqual(JSON.parse(disk.text(file) ?? "").current, "default")
    }).pipe(on(disk))
  })
})

describe("signing in with OAuth", () => {
  const login = (decide: Parameters<typeof browser>[0], options: Partial<AlibabaOAuthLogin.Options> = {}) => {
    const { layer, pages } = browser(decide)
    const run = AlibabaOAuthLogin.login({ site: "INTL", ...options }).pipe(
      Effect.provide([NodeSignIn.layerWithoutBrowser, layer])
    )
    return { pages, run }
  }

  it.effect("writes a profile that the vendor's tool and this package's sources read and renew", () => {
    const text =
      '{\n\t"current": "a",\n\t"profiles": [\n\t\t{"name": "a", "mode": "AK", "access_key_id": "id"}\n\t]\n}\n'
    const disk = new Disk({ [file]: text })
    return Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const { pages, run } = login(() => ({ user: "alice" }), { profile: "oauth" })
      yield* run
      assert.match(pages[0] ?? "", /^https:\/\/signin\.alibabacloud\.com\/oauth2\/v1\/auth\?/)
      assert.match(
        new URL(pages[0] ?? "").searchParams.get("redirect_uri") ?? "",
        /:1234[5-9]\/cli\/callback$/
      )
      const written = disk.text(file) ?? ""
      assert.isTrue(written.startsWith(text.slice(0, text.indexOf("\n\t]"))))
      const [, profile] = JSON.parse(written).profiles
      assert.strictEqual(profile.mode, "OAuth")
      assert.strictEqual(profile.oauth_site_type, "INTL")
      assert.strictEqual(profile.oauth_access_token_expire, start / 1_000 + 3_600)
      assert.match((yield* credentials("oauth")).accessKeyId, /^STS\./)
      yield* TestClock.adjust("50 minutes")
      assert.match((yield* credentials("oauth")).accessKeyId, /^STS\./)
      assert.isTrue(yield* AlibabaOAuthLogin.logout({ profile: "oauth" }))
      const emulator = yield* Emulator.Emulator
      assert.isNotEmpty(yield* emulator.requests)
    }).pipe(on(disk))
  })

  it.effect("reports a denial, and keeps nothing", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const error = yield* credentialError(login(() => ({ deny: "yes" })).run)
      assert.strictEqual(error.reason, "Refused")
      assert.include(error.message, "the sign-in was denied")
      assert.strictEqual(disk.files.size, 0)
    }).pipe(on(disk))
  })
})

describe("a config file", () => {
  it.each([
    [undefined, { current: "p", profiles: [{ name: "p", a: 1, b: "x" }], meta_path: "" }],
    ["  ", { current: "p", profiles: [{ name: "p", a: 1, b: "x" }], meta_path: "" }],
    ['{"profiles":[]}', { profiles: [{ name: "p", a: 1, b: "x" }] }],
    ['{"profiles":[{"name":"q"}],"z":1}', { profiles: [{ name: "q" }, { name: "p", a: 1, b: "x" }], z: 1 }],
    ['{"profiles":[{"name":"p","a":0,"c":2}]}', { profiles: [{ name: "p", a: 1, c: 2 }] }],
    ["{}", undefined],
    ['{"profiles":null}', undefined],
    ["[]", undefined],
    ["no", undefined]
  ])("%j gets a profile", (text, expected) => {
    const next = withProfile(text, "p", { a: 1 }, { b: "x" })
    assert.deepStrictEqual(next === undefined ? undefined : JSON.parse(next), expected)
    if (next !== undefined) assert.strictEqual(parse(next)._tag, "Success")
  })
})

describe("replies", () => {
  it("with missing members, or members of another type, are refused", () => {
    const device = { DeviceCode: "d", UserCode: "u", VerificationUri: "https://d/" }
    assert.strictEqual(deviceIn(device)._tag, "Success")
    for (const more of [{ DeviceCode: 1 }, { VerificationUri: "javascript:x" }, { Interval: "1" }]) {
      assert.strictEqual(deviceIn({ ...device, ...more })._tag, "Failure")
    }
    for (const reply of [{}, { AccessToken: "a" }, { AccessToken: 1, ExpiresIn: 1 }, { ExpiresIn: 1 }]) {
      assert.strictEqual(tokenIn(reply, 0)._tag, "Failure")
    }
    assert.strictEqual(grantedIn({ access_token: "a", expires_in: 1 }, 0)._tag, "Failure")
    assert.deepStrictEqual(choicesIn({ Accounts: [1, {}, { AccountId: "1" }] }, lists.accounts).found, [
      { id: "1", name: "1" }
    ])
    assert.deepStrictEqual(choicesIn({ Accounts: "x" }, lists.accounts), { found: [], next: undefined })
  })
})
