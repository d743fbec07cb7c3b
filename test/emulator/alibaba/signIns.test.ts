import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { type Key, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)

const arnOf = (key: Key) => Effect.map(send({ action: "GetCallerIdentity", key }), ({ json }) => json.Arn)

const keyIn = (document: Readonly<Record<string, string>>): Key => ({
  accessKeyId: document["AccessKeyId"] ?? "",
  accessKeySecret: document["AccessKeySecret"] ?? "",
  securityToken: document["SecurityToken"]
})

describe("the credentials URI", () => {
  const token = Redacted.value(AlibabaSeed.credentialsUriToken)
  const ask = (query = `token=${token}`) => http("GET", AlibabaSeed.credentialsUri.path, { query })

  it.effect("gives credentials to whoever knows the URL", () =>
    Effect.gen(function* () {
      const reply = yield* ask()
      assert.deepInclude(reply.json(), { Code: "Success", Expiration: "1970-01-01T01:00:00Z" })
      assert.include(yield* arnOf(keyIn(reply.json())), "assumed-role/reader/uri")
      assert.strictEqual((yield* ask()).body, reply.body)
      yield* TestClock.adjust("45 minutes")
      assert.notStrictEqual((yield* ask()).body, reply.body)
    }).pipe(emulator)
  )

  it.effect("refuses others, and is not recorded in plain text", () =>
    Effect.gen(function* () {
      const { alibaba, requests } = yield* Emulator.Emulator
      yield* ask()
      assert.deepInclude((yield* ask("token=made-up")).json(), { Code: "Forbidden" })
      assert.strictEqual((yield* ask("")).status, 403)
      assert.notInclude(JSON.stringify(yield* requests), token)
      const credentialsUri = { path: "/mine", role: "nobody-has-it", roleSessionName: "uri" }
      yield* alibaba.updateAccounts(first((account) => ({ ...account, credentialsUri })))
      assert.deepInclude((yield* http("GET", "/mine")).json(), { Code: "EntityNotExist.Role" })
    }).pipe(emulator)
  )
})

describe("CloudSSO", () => {
  const token = Redacted.value(AlibabaSeed.cloudSsoToken)
  const { accessConfigurationId, accountId } = AlibabaSeed.cloudSsoAccess
  const wanted = { AccountId: accountId, AccessConfigurationId: accessConfigurationId }
  const ask = (json: object = wanted, authorization = `Bearer ${token}`) =>
    http("POST", "/cloud-credentials", { json, headers: { authorization } })

  it.effect("gives real credentials, new ones each time", () =>
    Effect.gen(function* () {
      const reply = yield* ask()
      assert.isString(reply.json()["RequestId"])
      const one = reply.part("CloudCredential")
      const another = (yield* ask()).part("CloudCredential")
      assert.notStrictEqual(another["AccessKeyId"], one["AccessKeyId"])
      assert.include(yield* arnOf(keyIn(one)), "assumed-role/AliyunReservedSSO-Reader/alice")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(
        yield* verdict({ action: "GetCallerIdentity", key: keyIn(one) }),
        "InvalidSecurityToken.Expired"
      )
    }).pipe(emulator)
  )

  it.effect("refuses in its own shape", () =>
    Effect.gen(function* () {
      const refusal = (json?: object, authorization?: string) =>
        Effect.map(ask(json, authorization), (reply) => [reply.status, reply.json()["ErrorCode"]])
      assert.deepStrictEqual(yield* refusal(wanted, "Bearer made-up"), [401, "InvalidAccessToken"])
      assert.deepStrictEqual(yield* refusal(wanted, token), [401, "InvalidAccessToken"])
      assert.deepStrictEqual(yield* refusal({}), [400, "MissingParameter"])
      assert.deepStrictEqual(yield* refusal({ AccountId: accountId }), [400, "MissingParameter"])
      assert.deepStrictEqual(yield* refusal({ ...wanted, AccessConfigurationId: "ac-x" }), [403, "Forbidden"])
      assert.deepStrictEqual(yield* refusal({ ...wanted, AccountId: "1" }), [403, "Forbidden"])
    }).pipe(emulator)
  )
})

describe("OAuth", () => {
  const { clientId } = AlibabaSeed.oauth.cn
  const accessToken = Redacted.value(AlibabaSeed.oauth.cn.accessToken)
  const refreshToken = Redacted.value(AlibabaSeed.oauth.cn.refreshToken)
  const renew = (more: Readonly<Record<string, string>> = {}) =>
    http("POST", "/v1/token", {
      form: { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId, ...more }
    })
  const exchange = (token = accessToken) =>
    http("POST", "/v1/exchange", { headers: { authorization: `Bearer ${token}` } })

  it.effect("exchanges an access token for real credentials", () =>
    Effect.gen(function* () {
      const reply = (yield* exchange()).json()
      assert.strictEqual(reply["expiration"], "1970-01-01T01:00:00Z")
      const key = {
        accessKeyId: reply["accessKeyId"] ?? "",
        accessKeySecret: reply["accessKeySecret"] ?? "",
        securityToken: reply["securityToken"]
      }
      assert.include(yield* arnOf(key), "assumed-role/reader/alice")
      assert.deepInclude((yield* exchange("made-up")).json(), { error: "invalid_token" })
    }).pipe(emulator)
  )

  it.effect("renews tokens, each once", () =>
    Effect.gen(function* () {
      const { access_token = "", expires_in, refresh_token = "" } = (yield* renew()).json()
      assert.strictEqual<unknown>(expires_in, 3600)
      assert.strictEqual((yield* exchange(access_token)).status, 200)
      assert.deepInclude((yield* renew()).json(), { error: "invalid_grant" })
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* exchange(access_token)).status, 401)
      assert.strictEqual((yield* renew({ refresh_token })).status, 200)
    }).pipe(emulator)
  )

  it.effect("refuses in OAuth's shape, meets faults, and stays out of records", () =>
    Effect.gen(function* () {
      const { addFault, requests } = yield* Emulator.Emulator
      const refusal = (more: Readonly<Record<string, string>>) =>
        Effect.map(renew(more), (reply) => [reply.status, reply.json()["error"]])
      assert.deepStrictEqual(yield* refusal({ grant_type: "" }), [400, "invalid_request"])
      assert.deepStrictEqual(yield* refusal({ grant_type: "password" }), [400, "unsupported_grant_type"])
      assert.deepStrictEqual(yield* refusal({ client_id: "" }), [400, "invalid_request"])
      assert.deepStrictEqual(yield* refusal({ client_id: AlibabaSeed.oauth.intl.clientId }), [
        401,
        "invalid_client"
      ])
      assert.deepStrictEqual(yield* refusal({ refresh_token: "made-up" }), [400, "invalid_grant"])
      yield* addFault(Fault.refused(400, "invalid_grant"), { operation: "OAuthToken" })
      yield* addFault(Fault.serverError(), { operation: "OAuthExchange" })
      assert.deepStrictEqual(yield* refusal({}), [400, "invalid_grant"])
      assert.strictEqual((yield* exchange()).status, 503)
      const text = JSON.stringify(yield* requests)
      for (const secret of [accessToken, refreshToken]) assert.notInclude(text, secret)
    }).pipe(emulator)
  )
})
