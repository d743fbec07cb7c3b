import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const now = Date.parse("2026-01-01T00:00:00Z")

const login = {
  name: "dev",
  mode: "CloudSSO",
  cloud_sso_sign_in_url: "https://signin-cn-shanghai.alibabacloudsso.com/acme/login?x=1",
  cloud_sso_account_id: "1234567890",
  cloud_sso_access_config: "ac-1",
  access_token: planted.securityToken,
  cloud_sso_access_token_expire: now / 1_000 + 1
}

const credential = {
  AccessKeyId: "STS.sso",
  AccessKeySecret: planted.issuedSecret,
  SecurityToken: planted.issuedToken,
  Expiration: "2026-01-01T01:00:00Z"
}

const asking = (settings: object, ...answers: ReadonlyArray<Answer>) => {
  const text = JSON.stringify({ current: "dev", profiles: [{ ...login, ...settings }] }, null, 2)
  const http = scripted(...answers)
  const get = Effect.andThen(TestClock.setTime(now), Alibaba.CliProfile.make()).pipe(
    Effect.flatMap((source) => source.get),
    Effect.provide(services(new Disk({ [configFile]: text }).layer, http.layer)),
    environment()
  )
  return { get, sent: http.sent }
}

describe("CloudSSO", () => {
  for (const [shape, body] of Object.entries({
    "in the usual shape": { CloudCredential: credential, RequestId: "R" },
    "in the older shape": credential
  })) {
    it.effect(`gives credentials: ${shape}`, () =>
      Effect.gen(function* () {
        const { get, sent } = asking({}, reply(200, body))
        const credentials = yield* get
        assert.strictEqual(credentials.accessKeyId, "STS.sso")
        assert.strictEqual(Redacted.value(credentials.accessKeySecret), planted.issuedSecret)
        assert.strictEqual(
          credentials.expiration && DateTime.formatIso(credentials.expiration),
          "2026-01-01T01:00:00.000Z"
        )
        assert.strictEqual(sent.length, 1)
        assert.strictEqual(sent[0]?.url, "https://signin-cn-shanghai.alibabacloudsso.com/cloud-credentials")
        assert.deepInclude(sent[0]?.headers, {
          authorization: `Bearer ${planted.securityToken}`,
          "content-type": "application/json"
        })
        assert.deepStrictEqual(JSON.parse(sent[0]?.body ?? ""), {
          AccountId: "1234567890",
          AccessConfigurationId: "ac-1"
        })
        hides(credentials)
      })
    )
  }

  it.effect("may use plain HTTP on this machine", () =>
    Effect.gen(function* () {
      const { get, sent } = asking(
        { cloud_sso_sign_in_url: "http://127.0.0.1:8080/login" },
        reply(200, credential)
      )
      yield* get
      assert.strictEqual(sent[0]?.url, "http://127.0.0.1:8080/cloud-credentials")
    })
  )

  const refusal = {
    ErrorCode: "NoPermission",
    ErrorMessage: `not you, ${planted.securityToken}`,
    RequestId: "R"
  }
  const wrong: Readonly<
    Record<string, readonly [object, Answer, StsCredentialError["reason"], string, number?]>
  > = {
    "a login that is over": [
      { cloud_sso_access_token_expire: now / 1_000 },
      fault("EIO"),
      "Expired",
      "aliyun configure --mode CloudSSO --profile dev",
      0
    ],
    "a token that is refused": [{}, reply(401, {}), "Expired", "aliyun configure --mode CloudSSO"],
    "a token that is said to be invalid": [
      {},
      reply(400, { ErrorCode: "InvalidAccessToken", ErrorMessage: "bad" }),
      "Expired",
      "InvalidAccessToken"
    ],
    "no permission": [{}, reply(403, refusal), "Refused", "NoPermission (not you, <redacted>)"],
    "a redirect": [{}, reply(302, "", { location: "https://example.com" }), "Refused", "redirect"],
    "something else than JSON": [{}, reply(200, "<html>"), "Unavailable", "not a JSON object"],
    "no credential": [{}, reply(200, { RequestId: "R" }), "Unavailable", "no AccessKeyId"],
    "a credential without an end": [
      {},
      reply(200, { CloudCredential: { ...credential, Expiration: undefined } }),
      "Unavailable",
      "no Expiration"
    ]
  }
  for (const [what, [settings, answer, reason, says, requests = 1]] of Object.entries(wrong)) {
    it.effect(`reports ${what}`, () =>
      Effect.gen(function* () {
        const { get, sent } = asking(settings, answer)
        const error = yield* Effect.flip(get)
        assert.deepInclude({ ...error }, { reason, file: configFile, line: 7, profile: "dev" })
        assert.include(error.message, says)
        assert.strictEqual(sent.length, requests)
        hides(error)
      })
    )
  }

  it.effect("is retried three times when busy", () =>
    Effect.gen(function* () {
      const { get, sent } = asking({}, reply(503, ""))
      const failing = yield* Effect.forkChild(Effect.flip(get))
      yield* TestClock.adjust(0)
      yield* TestClock.adjust("3 seconds")
      assert.deepInclude({ ...(yield* Fiber.join(failing)) }, { reason: "Unavailable" })
      assert.strictEqual(sent.length, 3)
    })
  )

  for (const [what, url] of Object.entries({
    "no URL": "signin",
    "plain HTTP": "http://signin.example.com"
  })) {
    it.effect(`refuses ${what} without asking`, () =>
      Effect.gen(function* () {
        const { get, sent } = asking({ cloud_sso_sign_in_url: url }, reply(200, credential))
        const error = yield* Effect.flip(get)
        assert.deepInclude(
          { ...error },
          { _tag: "StsConfigError", key: "cloud_sso_sign_in_url", file: configFile, line: 7 }
        )
        assert.deepStrictEqual(sent, [])
      })
    )
  }

  for (const key of Object.keys(login).slice(2)) {
    it.effect(`is not asked when ${key} is missing`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(asking({ [key]: undefined }).get)
        assert.deepInclude({ ...error }, { reason: "Incomplete", key })
        assert.include(error.message, "aliyun configure")
        hides(error)
      })
    )
  }
})

describe("CloudSSO with options in code", () => {
  const options = {
    signInUrl: login.cloud_sso_sign_in_url,
    accountId: "1234567890",
    accessConfiguration: "ac-1",
    accessToken: planted.securityToken,
    accessTokenExpiration: DateTime.makeUnsafe(now + 1_000)
  }

  for (const accessToken of [planted.securityToken, Redacted.make(planted.securityToken)]) {
    it.effect(`accepts a ${typeof accessToken} token`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const http = scripted(reply(200, { CloudCredential: credential }))
        const source = yield* Effect.provide(Alibaba.CloudSso.make({ ...options, accessToken }), http.layer)
        const credentials = yield* source.get
        assert.strictEqual(credentials.accessKeyId, "STS.sso")
        assert.strictEqual(credentials.source, "CloudSSO")
        assert.strictEqual(http.sent[0]?.headers["authorization"], `Bearer ${planted.securityToken}`)
        hides(credentials)
      })
    )
  }

  it.effect("names no profile when the login has expired", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now + 1_000)
      const source = yield* Effect.provide(Alibaba.CloudSso.make(options), scripted().layer)
      const error = yield* Effect.flip(source.get)
      if (error._tag !== "StsCredentialError") return assert.fail(error.message)
      assert.strictEqual(error.reason, "Expired")
      assert.isUndefined(error.profile)
      assert.strictEqual(error.hint, "Run aliyun configure --mode CloudSSO")
    })
  )

  for (const [name, given] of Object.entries({
    accountId: { accountId: " " },
    accessToken: { accessToken: "" },
    signInUrl: { signInUrl: "nowhere" }
  })) {
    it.effect(`names the option ${name}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const source = yield* Effect.provide(
          Alibaba.CloudSso.make({ ...options, ...given }),
          scripted().layer
        )
        const error = yield* Effect.flip(source.get)
        if (error._tag !== "StsConfigError") return assert.fail(error.message)
        assert.strictEqual(error.key, name)
      })
    )
  }

  it.effect("is cached as a layer", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const http = scripted(reply(200, credential))
      const provider = yield* Effect.provide(
        Alibaba.CredentialProvider,
        Layer.provide(Alibaba.CloudSso.layer(options), http.layer)
      )
      yield* provider.get
      assert.strictEqual((yield* provider.get).accessKeyId, "STS.sso")
      assert.strictEqual(http.sent.length, 1)
    })
  )
})
