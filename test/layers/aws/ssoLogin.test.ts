import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { AwsSsoLogin, NodeSignIn, SignIn } from "../../../src/login.js"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { http } from "../../emulator/http.js"
import { Disk } from "../../support/files.js"
import { credentialError } from "../../support/refusals.js"
import { answer, begun, browser, join, on, seconds, told } from "../../support/signIn.js"

const options = { startUrl: AwsSeed.identityCenter.startUrl, region: AwsSeed.region, sessionName: "my-sso" }
const legacy = { startUrl: options.startUrl, region: options.region }
const cache = "/home/.aws/sso/cache"
const pathOf = (key: string): string => `${cache}/${createHash("sha1").update(key).digest("hex")}.json`
const file = pathOf(options.sessionName)
const start = Date.parse("2026-01-01T00:00:00Z")

const role = { ...options, accountId: AwsSeed.ssoRole.accountId, roleName: AwsSeed.ssoRole.roleName }
const roleCredentials = Effect.flatMap(Aws.Sso.make(role), (source) => source.get)

const operations = Effect.gen(function* () {
  const emulator = yield* Emulator.Emulator
  return (yield* emulator.requests).map(({ operation, verdict }) => `${operation} ${verdict}`)
})

describe("signing in to Identity Center with a browser", () => {
  const alice = () => ({ user: "alice" })
  const loginBy = (layer: ReturnType<typeof browser>["layer"]) =>
    AwsSsoLogin.login(options).pipe(Effect.provide([NodeSignIn.layerWithoutBrowser, layer]))

  it.effect("writes the token that the sources read, and ignores stray answers", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const strays: Array<number> = []
      const { layer, pages } = browser(alice, async (location) => {
        for (const stray of [
          "/",
          "/oauth/callback?code=1&state=other",
          "/oauth/callback?error=access_denied"
        ]) {
          strays.push((await fetch(new URL(stray, location))).status)
        }
      })
      const signedIn = yield* loginBy(layer)
      assert.deepStrictEqual(strays, [404, 400, 400])
      assert.strictEqual(signedIn.file, file)
      assert.match((yield* roleCredentials).accessKeyId, /^ASIA/)
      const [page = ""] = pages
      assert.match(page, /^https:\/\/oidc\.us-east-1\.amazonaws\.com\/authorize\?/)
      const { clientSecret } = JSON.parse(disk.text(file) ?? "")
      assert.notInclude(page, clientSecret)
      // The client serves again.
      yield* loginBy(layer)
      assert.lengthOf(
        (yield* operations).filter((one) => /^RegisterClient/.test(one)),
        1
      )
    }).pipe(on(disk))
  })

  it.effect("reports a denial", () =>
    Effect.gen(function* () {
      const error = yield* credentialError(loginBy(browser(() => ({ deny: "yes" })).layer))
      assert.strictEqual(error.reason, "Refused")
      assert.strictEqual(
        error.message,
        "No AWS credentials from SSO: the sign-in was denied (The person denied access). Sign in again, and allow it."
      )
    }).pipe(on(new Disk()))
  )

  it.effect("times out, and mentions answers for another sign-in", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const person = SignIn.Browser.layer((url) =>
        Effect.gen(function* () {
          const target = new URL(new URL(url).searchParams.get("redirect_uri") ?? "")
          target.search = "?code=1&state=other"
          yield* Effect.promise(async () => (await fetch(target)).text())
          yield* Deferred.succeed(asked, undefined)
          return true
        })
      )
      const login = yield* Effect.forkChild(credentialError(loginBy(person)))
      yield* Deferred.await(asked)
      yield* TestClock.adjust("10 minutes")
      const error = yield* join(login)
      assert.strictEqual(error.reason, "Expired")
      assert.include(error.message, "nobody signed in within 600 s; 1 answer came from another sign-in")
    }).pipe(on(new Disk()))
  )

  it.effect("reports a port in use", () => {
    const disk = new Disk()
    return Effect.scoped(
      Effect.gen(function* () {
        const { listen } = yield* SignIn.LoopbackListener
        const { redirectUri } = yield* listen({ ports: [0], path: "/", state: Redacted.make("") })
        const port = Number(new URL(redirectUri).port)
        const error = yield* Effect.flip(AwsSsoLogin.login({ ...options, port }))
        assert.strictEqual(error._tag, "StsConfigError")
        assert.include(error.message, `${port} is taken`)
      })
    ).pipe(Effect.provide(NodeSignIn.layerWithoutBrowser), on(disk))
  })
})

describe("the settings of a sign-in", () => {
  const config = [
    "[sso-session my-sso]",
    `sso_start_url = ${options.startUrl}`,
    "sso_region = us-east-1",
    "sso_registration_scopes = sso:account:access, other:scope",
    "[profile dev]",
    "sso_session = my-sso",
    "[profile old]",
    "sso_start_url = https://old.awsapps.com/start",
    "sso_region = eu-central-1",
    "[profile keys]",
    "aws_access_key_id = a"
  ].join("\n")
  const disk = new Disk({ "/home/.aws/config": config })

  it.effect("come from a profile or a session of the config file", () =>
    Effect.gen(function* () {
      const dev = yield* AwsSsoLogin.fromProfile({ profile: "dev" })
      assert.deepInclude(dev, {
        startUrl: options.startUrl,
        region: "us-east-1",
        sessionName: "my-sso",
        scopes: ["sso:account:access", "other:scope"]
      })
      assert.deepStrictEqual(dev?.where, { file: "/home/.aws/config", line: 6, profile: "dev" })
      const session = yield* AwsSsoLogin.fromProfile({ session: "my-sso" })
      assert.strictEqual(session?.startUrl, options.startUrl)
      const old = yield* AwsSsoLogin.fromProfile({ profile: "old" })
      assert.strictEqual(old?.sessionName, undefined)
      assert.strictEqual(old?.region, "eu-central-1")
      for (const profile of ["keys", "none"]) {
        assert.isUndefined(yield* AwsSsoLogin.fromProfile({ profile }))
      }
      const error = yield* credentialError(AwsSsoLogin.fromProfile({ session: "none" }))
      assert.strictEqual(error.reason, "UnknownProfile")
    }).pipe(on(disk))
  )
})

describe("signing out of Identity Center", () => {
  it.effect("revokes the tokens, and deletes them and their credentials, and nothing else", () => {
    const other = `${cache}/kiro-auth-token.json`
    const credentials = "/home/.aws/cli/cache/1.json"
    const assumed = "/home/.aws/cli/cache/2.json"
    const disk = new Disk({
      [other]: '{"accessToken":"of another tool"}',
      [credentials]: '{"ProviderType":"sso","Credentials":{}}',
      [assumed]: '{"ProviderType":"assume-role","Credentials":{}}'
    })
    return Effect.gen(function* () {
      const { layer, pages } = told()
      const login = yield* begun(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      yield* answer(pages[0]?.code, { user: "alice" })
      yield* seconds(1)
      yield* join(login)
      const bearer = yield* Effect.flatMap(Aws.SsoToken.make(options), (source) => source.get)
      assert.deepStrictEqual(yield* AwsSsoLogin.logout(), { files: [file], unrevoked: [] })
      assert.isFalse(disk.files.has(file))
      assert.isFalse(disk.files.has(credentials))
      assert.isTrue(disk.files.has(assumed))
      assert.isTrue(disk.files.has(other))
      assert.include(yield* operations, "Logout OK")
      const reply = yield* http("GET", "/federation/credentials", {
        headers: { "x-amz-sso_bearer_token": Redacted.value(bearer.token) },
        query: "account_id=123456789012&role_name=Reader"
      })
      assert.strictEqual(reply.status, 401)
      assert.deepStrictEqual(yield* AwsSsoLogin.logout(), { files: [], unrevoked: [] })
    }).pipe(on(disk))
  })

  it.effect("deletes tokens that could not be revoked, and reports them", () => {
    const disk = new Disk({
      [file]: '{"accessToken":"a","region":"us-east-1","startUrl":"https://emulator.awsapps.com/start"}'
    })
    return Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      yield* emulator.addFault(Fault.resetBeforeReply, { operation: "Logout" })
      assert.deepStrictEqual(yield* AwsSsoLogin.logout(), { files: [file], unrevoked: [file] })
      assert.strictEqual(disk.files.size, 0)
    }).pipe(on(disk))
  })
})

describe("signing in to Identity Center with a code", () => {
  it.effect("writes the token that AWS's tools and this package's sources read", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const { layer, pages } = told()
      const login = yield* begun(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      assert.lengthOf(pages, 1)
      const [page] = pages
      assert.match(page?.code ?? "", /^[A-Z2-7]{4}-[A-Z2-7]{4}$/)
      assert.isFalse(page?.opened)
      assert.include(page?.url ?? "", `/device?user_code=${page?.code}`)
      yield* seconds(3)
      yield* answer(page?.code, { user: "alice" })
      yield* seconds(1)
      const signedIn = yield* join(login)
      assert.strictEqual(signedIn.file, file)
      assert.strictEqual(DateTime.formatIso(signedIn.expiration), "2026-01-01T01:00:04.000Z")
      const names = [...disk.files.keys()].sort()
      assert.lengthOf(names, 2, names.join())
      assert.include(names, file)
      for (const name of names) assert.strictEqual(disk.files.get(name)?.mode, 0o600)
      const token = JSON.parse(disk.text(file) ?? "")
      assert.deepStrictEqual(Object.keys(token), [
        "startUrl",
        "region",
        "accessToken",
        "expiresAt",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "refreshToken"
      ])
      assert.strictEqual(token.expiresAt, "2026-01-01T01:00:04Z")
      assert.match((yield* roleCredentials).accessKeyId, /^ASIA/)
      // It is renewed in time, like one of `aws sso login`.
      yield* TestClock.adjust("56 minutes")
      assert.match((yield* roleCredentials).accessKeyId, /^ASIA/)
      assert.include(yield* operations, "CreateToken OK")
    }).pipe(on(disk))
  })

  it.effect("reuses its registered client, and registers another when that is unknown", () => {
    const disk = new Disk()
    const once = Effect.gen(function* () {
      const { layer, pages } = told()
      const login = yield* begun(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      yield* answer(pages[0]?.code, { user: "alice" })
      yield* seconds(2)
      yield* join(login)
    })
    return Effect.gen(function* () {
      yield* once
      yield* once
      const registrations = (all: ReadonlyArray<string>) => all.filter((one) => /^RegisterClient/.test(one))
      assert.lengthOf(registrations(yield* operations), 1)
      const other = [...disk.files.keys()].find((name) => name !== file) ?? ""
      disk.put(other, (disk.text(other) ?? "").replace(/"clientId": "[^"]+"/, '"clientId": "gone"'))
      yield* once
      assert.lengthOf(registrations(yield* operations), 2)
      // 90 days less 10 minutes later the client would end too soon.
      yield* TestClock.adjust("2159 hours")
      yield* TestClock.adjust("50 minutes")
      yield* once
      assert.lengthOf(registrations(yield* operations), 3)
    }).pipe(on(disk))
  })

  it.effect("without a session, keeps a token that cannot be renewed, under the start URL", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const { layer, pages } = told()
      const login = yield* begun(Effect.provide(AwsSsoLogin.loginWithDeviceCode(legacy), layer))
      yield* answer(pages[0]?.code, { user: "alice" })
      yield* seconds(1)
      assert.strictEqual((yield* join(login)).file, pathOf(legacy.startUrl))
      assert.notProperty(JSON.parse(disk.text(pathOf(legacy.startUrl)) ?? ""), "refreshToken")
    }).pipe(on(disk))
  })

  it.effect("polls more slowly on request, and continues through an outage", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const { layer, pages } = told()
      const login = yield* begun(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      yield* emulator.addFault(Fault.throttled({ status: 400 }), { operation: "CreateToken" })
      yield* seconds(1)
      yield* answer(pages[0]?.code, { user: "alice" })
      yield* emulator.addFault(Fault.badGateway, { operation: "CreateToken" })
      yield* seconds(5)
      assert.lengthOf(
        (yield* operations).filter((one) => /^CreateToken/.test(one)),
        2
      )
      yield* seconds(7)
      yield* join(login)
      assert.deepStrictEqual(
        (yield* operations).filter((one) => /^CreateToken/.test(one)).map((one) => one.split(" ")[1]),
        ["AuthorizationPendingException", "SlowDownException", "BadGateway", "OK"]
      )
    }).pipe(on(disk))
  })

  it.effect("reports a denial", () =>
    Effect.gen(function* () {
      const { layer, pages } = told()
      const login = yield* begun(
        credentialError(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      )
      yield* answer(pages[0]?.code, { deny: "yes" })
      yield* seconds(1)
      const error = yield* join(login)
      assert.strictEqual(error.reason, "Refused")
      assert.strictEqual(
        error.message,
        "No AWS credentials from SSO: the sign-in was denied. Sign in again, and allow it."
      )
    }).pipe(on(new Disk()))
  )

  it.effect("times out when the code is not confirmed", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const { layer } = told()
      const login = yield* begun(
        credentialError(Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer))
      )
      yield* seconds(601)
      const error = yield* join(login)
      assert.strictEqual(error.reason, "Expired")
      assert.include(error.message, "nobody signed in within 600 s")
      assert.isUndefined(disk.text(file))
    }).pipe(on(disk))
  })

  it.effect("runs once at a time, and a waiting process takes the other's token", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const { layer, pages } = told()
      const run = Effect.provide(AwsSsoLogin.loginWithDeviceCode(options), layer)
      const one = yield* begun(run)
      const other = yield* begun(run)
      yield* seconds(2)
      assert.lengthOf(pages, 1)
      yield* answer(pages[0]?.code, { user: "alice" })
      yield* seconds(2)
      const signedIn = yield* join(one)
      assert.deepStrictEqual(yield* join(other), signedIn)
      assert.deepStrictEqual(
        [...disk.files.keys()].filter((name) => name.includes("lock")),
        []
      )
    }).pipe(on(disk))
  })

  it.effect("leaves nothing behind when it is interrupted", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const login = yield* begun(AwsSsoLogin.loginWithDeviceCode(options))
      assert.isTrue(disk.files.has(`${file}.lock`))
      login.interruptUnsafe()
      yield* seconds(1)
      assert.isFalse(disk.files.has(`${file}.lock`))
    }).pipe(on(disk))
  })

  it.effect("names the missing setting", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(AwsSsoLogin.loginWithDeviceCode({ ...options, startUrl: " " }))
      assert.include(error.message, "startUrl")
      const unknown = yield* credentialError(
        AwsSsoLogin.loginWithDeviceCode({ ...options, startUrl: "https://other.awsapps.com/start" })
      )
      assert.strictEqual(unknown.reason, "Refused")
    }).pipe(on(new Disk()))
  )
})
