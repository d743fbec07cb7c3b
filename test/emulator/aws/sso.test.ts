import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { ssoRole, ssoSignIn } = AwsSeed
const accessToken = Redacted.value(ssoSignIn.accessToken)
const clientSecret = Redacted.value(ssoSignIn.clientSecret)
const refreshToken = Redacted.value(ssoSignIn.refreshToken)

const portal = (
  token: string | undefined = accessToken,
  { accountId = ssoRole.accountId, roleName = ssoRole.roleName as string } = {}
) =>
  http("GET", "/federation/credentials", {
    headers: token === "" ? {} : { "x-amz-sso_bearer_token": token },
    query: new URLSearchParams({ role_name: roleName, account_id: accountId }).toString()
  })

const renew = (more: object = {}) =>
  http("POST", "/token", {
    json: {
      clientId: ssoSignIn.clientId,
      clientSecret,
      grantType: "refresh_token",
      refreshToken,
      ...more
    }
  })

describe("GetRoleCredentials", () => {
  it.effect("gives real credentials, new ones each time, for an hour", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
      const one = (yield* portal()).part("roleCredentials")
      const another = (yield* portal()).part("roleCredentials")
      assert.strictEqual<unknown>(one["expiration"], Date.parse("2026-01-31T13:00:00Z"))
      assert.notStrictEqual(another["accessKeyId"], one["accessKeyId"])
      const key = {
        accessKeyId: one["accessKeyId"] ?? "",
        secretAccessKey: one["secretAccessKey"] ?? "",
        sessionToken: one["sessionToken"]
      }
      assert.strictEqual(
        (yield* send(whoAmI({ key }))).text("Arn"),
        `arn:aws:sts::${AwsSeed.accountId}:assumed-role/AWSReservedSSO_Reader_0000000000000001/alice`
      )
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* verdict(whoAmI({ key })), "ExpiredToken")
    }).pipe(emulator)
  )

  it.effect("refuses in the portal's own shapes", () =>
    Effect.gen(function* () {
      for (const token of ["", "made-up"]) {
        const reply = yield* portal(token)
        assert.strictEqual(reply.status, 401)
        assert.strictEqual(reply.headers["x-amzn-errortype"], "UnauthorizedException")
        assert.isString(reply.headers["x-amzn-requestid"])
        assert.deepStrictEqual(reply.json(), {
          message: "Session token not found or invalid",
          __type: "com.amazonaws.switchboard.portal#UnauthorizedException"
        })
      }
      const typeOf = (options: object) =>
        Effect.map(portal(undefined, options), ({ headers, status }) => [status, headers["x-amzn-errortype"]])
      assert.deepStrictEqual(yield* typeOf({ roleName: "Administrator" }), [403, "ForbiddenException"])
      assert.deepStrictEqual(yield* typeOf({ accountId: AwsSeed.memberAccountId }), [
        403,
        "ForbiddenException"
      ])
      assert.deepStrictEqual(yield* typeOf({ accountId: "000000000000" }), [404, "ResourceNotFoundException"])
      assert.deepStrictEqual(yield* typeOf({ roleName: "" }), [400, "InvalidRequestException"])
    }).pipe(emulator)
  )

  it.effect("refuses signed-out users, and throttles in its own format", () =>
    Effect.gen(function* () {
      const { addFault, aws } = yield* Emulator.Emulator
      yield* addFault(Fault.throttled({ status: 429 }), { operation: "GetRoleCredentials" })
      const throttled = yield* portal()
      assert.strictEqual(throttled.status, 429)
      assert.strictEqual(throttled.headers["x-amzn-errortype"], "TooManyRequestsException")
      yield* aws.updateAccounts(
        first((account) => ({ ...account, identityCenter: { ...AwsSeed.identityCenter, signIns: [] } }))
      )
      assert.strictEqual((yield* portal()).status, 401)
    }).pipe(emulator)
  )
})

describe("CreateToken", () => {
  it.effect("gives a new pair of tokens for a refresh token, once", () =>
    Effect.gen(function* () {
      const reply = yield* renew()
      assert.deepInclude<object>(reply.json(), { tokenType: "Bearer", expiresIn: 3600 })
      const { accessToken = "", refreshToken = "" } = reply.json()
      assert.strictEqual((yield* portal(accessToken)).status, 200)
      assert.deepInclude((yield* renew()).json(), { error: "invalid_grant" })
      yield* TestClock.adjust("1 hour")
      assert.strictEqual((yield* portal(accessToken)).status, 401)
      const next = yield* renew({ refreshToken })
      assert.strictEqual((yield* portal(next.json()["accessToken"])).status, 200)
    }).pipe(emulator)
  )

  it.effect("refuses in OAuth's words and in AWS's", () =>
    Effect.gen(function* () {
      const refused = (more: object) =>
        Effect.map(renew(more), ({ headers, json, status }) => [
          status,
          headers["x-amzn-errortype"],
          json()["error"]
        ])
      assert.deepStrictEqual(yield* refused({ refreshToken: "made-up" }), [
        400,
        "InvalidGrantException",
        "invalid_grant"
      ])
      assert.deepStrictEqual(yield* refused({ clientSecret: "made-up" }), [
        401,
        "InvalidClientException",
        "invalid_client"
      ])
      assert.deepStrictEqual(yield* refused({ grantType: "password" }), [
        400,
        "UnsupportedGrantTypeException",
        "unsupported_grant_type"
      ])
      for (const name of ["clientId", "clientSecret", "grantType", "refreshToken"]) {
        assert.deepStrictEqual(yield* refused({ [name]: undefined }), [
          400,
          "InvalidRequestException",
          "invalid_request"
        ])
      }
    }).pipe(emulator)
  )

  it.effect("is recorded without a token", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator.Emulator
      yield* renew()
      yield* portal()
      const seen = yield* requests
      assert.deepStrictEqual(
        seen.map(({ form, operation }) => [operation, form]),
        [
          ["CreateToken", "anonymous"],
          ["GetRoleCredentials", "token"]
        ]
      )
      assert.strictEqual(seen[0]?.parameter("refreshToken"), refreshToken)
      const text = JSON.stringify(seen)
      for (const secret of [accessToken, clientSecret, refreshToken]) assert.notInclude(text, secret)
    }).pipe(emulator)
  )
})
