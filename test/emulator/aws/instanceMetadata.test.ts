import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http, type Reply, statusOf } from "../http.js"
import { type Key, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const root = "/latest/meta-data/iam/security-credentials"
const tokenHeader = "x-aws-ec2-metadata-token"
const ttlHeader = `${tokenHeader}-ttl-seconds`

const newToken = (seconds: string | undefined, more: Readonly<Record<string, string>> = {}) =>
  http("PUT", "/latest/api/token", {
    headers: seconds === undefined ? more : { [ttlHeader]: seconds, ...more }
  })

const shown = (token: string) => ({ headers: { [tokenHeader]: token } })

const keyOf = (reply: Reply): Key => {
  const { AccessKeyId = "", SecretAccessKey = "", Token } = reply.json()
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
}

const change = (instance: object | undefined) =>
  Effect.flatMap(Emulator.Emulator, ({ aws }) =>
    aws.updateAccounts(
      first((account) => ({
        ...account,
        instance: instance === undefined ? undefined : { ...AwsSeed.instance, ...instance }
      }))
    )
  )

describe("a session's token", () => {
  it.effect("lasts as long as it was asked for", () =>
    Effect.gen(function* () {
      const token = yield* newToken("60")
      assert.strictEqual(token.status, 200)
      assert.strictEqual(token.headers[ttlHeader], "60")
      assert.strictEqual(yield* statusOf("GET", `${root}/`, shown(token.body)), 200)
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(yield* statusOf("GET", `${root}/`, shown(token.body)), 200)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* statusOf("GET", `${root}/`, shown(token.body)), 401)
    }).pipe(emulator)
  )

  it.effect("is not given without a lifetime, for too long, or through a proxy", () =>
    Effect.gen(function* () {
      for (const seconds of [undefined, "", "0", "21601", "-1", "1.5", "an hour"]) {
        assert.strictEqual((yield* newToken(seconds)).status, 400, `lifetime ${seconds}`)
      }
      assert.strictEqual((yield* newToken("21600")).status, 200)
      assert.strictEqual((yield* newToken("60", { "x-forwarded-for": "10.0.0.1" })).status, 403)
      assert.strictEqual(yield* statusOf("GET", "/latest/api/token", { headers: { [ttlHeader]: "60" } }), 405)
    }).pipe(emulator)
  )

  it.effect("the token must be valid, and present when required", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* statusOf("GET", `${root}/`), 200)
      assert.strictEqual(yield* statusOf("GET", `${root}/`, shown("made-up")), 401)
      yield* change({ httpTokens: "required" })
      assert.strictEqual(yield* statusOf("GET", `${root}/`), 401)
      assert.strictEqual(yield* statusOf("GET", "/latest/meta-data/anything"), 401)
      const { body } = yield* newToken("60")
      assert.strictEqual(yield* statusOf("GET", `${root}/`, shown(body)), 200)
    }).pipe(emulator)
  )
})

describe("the role's credentials", () => {
  it.effect("are real, in both APIs", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.250Z"))
      for (const api of [root, `${root}-extended`]) {
        assert.strictEqual((yield* http("GET", api)).body, "instance")
        assert.strictEqual((yield* http("GET", `${api}/`)).body, "instance")
      }
      const plain = yield* http("GET", `${root}/instance`)
      assert.deepInclude(plain.json(), {
        Code: "Success",
        Type: "AWS-HMAC",
        LastUpdated: "2026-01-31T12:00:00Z",
        Expiration: "2026-01-31T18:00:00Z"
      })
      assert.notProperty(plain.json(), "AccountId")
      const extended = yield* http("GET", `${root}-extended/instance`)
      assert.deepStrictEqual(extended.json(), { ...plain.json(), AccountId: AwsSeed.accountId })
      const me = yield* send(whoAmI({ key: keyOf(plain) }))
      assert.strictEqual(
        me.text("Arn"),
        `arn:aws:sts::${AwsSeed.accountId}:assumed-role/instance/${AwsSeed.instance.id}`
      )
    }).pipe(emulator)
  )

  it.effect("rotate five minutes before expiry, by the emulator's clock", () =>
    Effect.gen(function* () {
      const { setClockOffset } = yield* Emulator.Emulator
      const ask = Effect.map(http("GET", `${root}/instance`), keyOf)
      const key = yield* ask
      yield* TestClock.adjust("354 minutes")
      assert.deepStrictEqual(yield* ask, key)
      yield* TestClock.adjust("1 minute")
      const next = yield* ask
      assert.notStrictEqual(next.accessKeyId, key.accessKeyId)
      assert.strictEqual(yield* verdict(whoAmI({ key })), "OK")
      yield* setClockOffset(5 * 60_000)
      assert.strictEqual(yield* verdict(whoAmI({ key })), "ExpiredToken")
      assert.strictEqual(yield* verdict(whoAmI({ key: next })), "OK")
    }).pipe(emulator)
  )

  it.effect("are not there without a role, under another name, or in an API that is not there", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* statusOf("GET", `${root}/another`), 404)
      assert.strictEqual(yield* statusOf("GET", "/latest/meta-data/another"), 404)
      assert.strictEqual(yield* statusOf("DELETE", `${root}/instance`), 405)
      yield* change({ extended: false })
      assert.strictEqual(yield* statusOf("GET", `${root}-extended/`), 404)
      assert.strictEqual(yield* statusOf("GET", `${root}/`), 200)
      yield* change({ role: undefined })
      assert.strictEqual(yield* statusOf("GET", `${root}/`), 404)
      assert.strictEqual(yield* statusOf("GET", `${root}/instance`), 404)
      yield* change({ httpEndpoint: "disabled" })
      assert.strictEqual((yield* newToken("60")).status, 403)
      assert.strictEqual(yield* statusOf("GET", `${root}/`), 403)
      yield* change(undefined)
      assert.strictEqual((yield* newToken("60")).status, 404)
    }).pipe(emulator)
  )

  it.effect("are refused with HTTP 200 when the role does not trust EC2", () =>
    Effect.gen(function* () {
      yield* change({ role: "reader" })
      const reply = yield* http("GET", `${root}/reader`)
      assert.strictEqual(reply.status, 200)
      assert.deepInclude(reply.json(), { Code: "AssumeRoleUnauthorizedAccess" })
    }).pipe(emulator)
  )
})

it.effect("has faults by operation, and records no tokens", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    yield* addFault(Fault.refused(403, "Forbidden"), { operation: "MetadataToken" })
    yield* addFault(Fault.badGateway, { operation: "MetadataCredentials" })
    assert.strictEqual((yield* newToken("60")).status, 403)
    const { body } = yield* newToken("60")
    assert.strictEqual(yield* statusOf("GET", `${root}/`, shown(body)), 200)
    assert.strictEqual(yield* statusOf("GET", `${root}/instance`, shown(body)), 502)
    const seen = yield* requests
    assert.deepStrictEqual(
      seen.map(({ fields, form, operation, verdict }) => [fields.cloud, operation, form, verdict]),
      [
        ["aws", "MetadataToken", "anonymous", "Forbidden"],
        ["aws", "MetadataToken", "anonymous", "OK"],
        ["aws", "MetadataRole", "token", "OK"],
        ["aws", "MetadataCredentials", "token", "BadGateway"]
      ]
    )
    assert.notInclude(JSON.stringify(seen), body)
  }).pipe(emulator)
)
