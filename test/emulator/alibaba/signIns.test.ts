import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { type Key, send, verdict } from "../support.js"

const emulator = Effect.provide(Emulator.layer())

const arnOf = (key: Key) => Effect.map(send({ action: "GetCallerIdentity", key }), ({ json }) => json.Arn)

const keyIn = (document: Readonly<Record<string, string>>): Key => ({
  accessKeyId: document["AccessKeyId"] ?? "",
  accessKeySecret: document["AccessKeySecret"] ?? "",
  securityToken: document["SecurityToken"]
})

describe("the credentials URI", () => {
  const token = Redacted.value(AlibabaSeed.credentialsUriToken)
  const ask = (query = `token=${token}`) => http("GET", AlibabaSeed.credentialsUri.path, { query })

  it.effect("gives real credentials to who knows it", () =>
    Effect.gen(function* () {
      const reply = yield* ask()
      expect(reply.json()).toMatchObject({ Code: "Success", Expiration: "1970-01-01T01:00:00Z" })
      expect(yield* arnOf(keyIn(reply.json()))).toContain("assumed-role/reader/uri")
      expect((yield* ask()).body).toBe(reply.body)
      yield* TestClock.adjust("45 minutes")
      expect((yield* ask()).body).not.toBe(reply.body)
    }).pipe(emulator)
  )

  it.effect("gives nobody else any, and stays out of records", () =>
    Effect.gen(function* () {
      const { alibaba, requests } = yield* Emulator.Emulator
      yield* ask()
      expect((yield* ask("token=made-up")).json()).toMatchObject({ Code: "Forbidden" })
      expect((yield* ask("")).status).toBe(403)
      expect(JSON.stringify(yield* requests)).not.toContain(token)
      const credentialsUri = { path: "/mine", role: "nobody-has-it", roleSessionName: "uri" }
      yield* alibaba.updateAccounts(first((account) => ({ ...account, credentialsUri })))
      expect((yield* http("GET", "/mine")).json()).toMatchObject({ Code: "EntityNotExist.Role" })
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
      expect(reply.json()["RequestId"]).toEqual(expect.any(String))
      const one = reply.part("CloudCredential")
      const another = (yield* ask()).part("CloudCredential")
      expect(another["AccessKeyId"]).not.toBe(one["AccessKeyId"])
      expect(yield* arnOf(keyIn(one))).toContain("assumed-role/AliyunReservedSSO-Reader/alice")
      yield* TestClock.adjust("1 hour")
      expect(yield* verdict({ action: "GetCallerIdentity", key: keyIn(one) })).toBe(
        "InvalidSecurityToken.Expired"
      )
    }).pipe(emulator)
  )

  it.effect("refuses in its own shape", () =>
    Effect.gen(function* () {
      const refusal = (json?: object, authorization?: string) =>
        Effect.map(ask(json, authorization), (reply) => [reply.status, reply.json()["ErrorCode"]])
      expect(yield* refusal(wanted, "Bearer made-up")).toEqual([401, "InvalidAccessToken"])
      expect(yield* refusal(wanted, token)).toEqual([401, "InvalidAccessToken"])
      expect(yield* refusal({})).toEqual([400, "MissingParameter"])
      expect(yield* refusal({ AccountId: accountId })).toEqual([400, "MissingParameter"])
      expect(yield* refusal({ ...wanted, AccessConfigurationId: "ac-x" })).toEqual([403, "Forbidden"])
      expect(yield* refusal({ ...wanted, AccountId: "1" })).toEqual([403, "Forbidden"])
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
      expect(reply["expiration"]).toBe("1970-01-01T01:00:00Z")
      const key = {
        accessKeyId: reply["accessKeyId"] ?? "",
        accessKeySecret: reply["accessKeySecret"] ?? "",
        securityToken: reply["securityToken"]
      }
      expect(yield* arnOf(key)).toContain("assumed-role/reader/alice")
      expect((yield* exchange("made-up")).json()).toMatchObject({ error: "invalid_token" })
    }).pipe(emulator)
  )

  it.effect("renews tokens, each once", () =>
    Effect.gen(function* () {
      const { access_token = "", expires_in, refresh_token = "" } = (yield* renew()).json()
      expect(expires_in).toBe(3600)
      expect((yield* exchange(access_token)).status).toBe(200)
      expect((yield* renew()).json()).toMatchObject({ error: "invalid_grant" })
      yield* TestClock.adjust("1 hour")
      expect((yield* exchange(access_token)).status).toBe(401)
      expect((yield* renew({ refresh_token })).status).toBe(200)
    }).pipe(emulator)
  )

  it.effect("refuses in OAuth's shape, meets faults, and stays out of records", () =>
    Effect.gen(function* () {
      const { addFault, requests } = yield* Emulator.Emulator
      const refusal = (more: Readonly<Record<string, string>>) =>
        Effect.map(renew(more), (reply) => [reply.status, reply.json()["error"]])
      expect(yield* refusal({ grant_type: "" })).toEqual([400, "invalid_request"])
      expect(yield* refusal({ grant_type: "password" })).toEqual([400, "unsupported_grant_type"])
      expect(yield* refusal({ client_id: "" })).toEqual([400, "invalid_request"])
      expect(yield* refusal({ client_id: AlibabaSeed.oauth.intl.clientId })).toEqual([401, "invalid_client"])
      expect(yield* refusal({ refresh_token: "made-up" })).toEqual([400, "invalid_grant"])
      yield* addFault(Fault.refused(400, "invalid_grant"), { operation: "OAuthToken" })
      yield* addFault(Fault.serverError(), { operation: "OAuthExchange" })
      expect(yield* refusal({})).toEqual([400, "invalid_grant"])
      expect((yield* exchange()).status).toBe(503)
      const text = JSON.stringify(yield* requests)
      for (const secret of [accessToken, refreshToken]) expect(text).not.toContain(secret)
    }).pipe(emulator)
  )
})
