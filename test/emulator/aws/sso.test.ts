import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { first, http } from "../http.js"
import { send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
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
      expect(one["expiration"]).toBe(Date.parse("2026-01-31T13:00:00Z"))
      expect(another["accessKeyId"]).not.toBe(one["accessKeyId"])
      const key = {
        accessKeyId: one["accessKeyId"] ?? "",
        secretAccessKey: one["secretAccessKey"] ?? "",
        sessionToken: one["sessionToken"]
      }
      expect((yield* send(whoAmI({ key }))).text("Arn")).toBe(
        `arn:aws:sts::${AwsSeed.accountId}:assumed-role/AWSReservedSSO_Reader_0000000000000001/alice`
      )
      yield* TestClock.adjust("1 hour")
      expect(yield* verdict(whoAmI({ key }))).toBe("ExpiredToken")
    }).pipe(emulator)
  )

  it.effect("refuses in the portal's own shapes", () =>
    Effect.gen(function* () {
      for (const token of ["", "made-up"]) {
        const reply = yield* portal(token)
        expect(reply).toMatchObject({
          status: 401,
          headers: { "x-amzn-errortype": "UnauthorizedException", "x-amzn-requestid": expect.any(String) }
        })
        expect(reply.json()).toEqual({
          message: "Session token not found or invalid",
          __type: "com.amazonaws.switchboard.portal#UnauthorizedException"
        })
      }
      const typeOf = (options: object) =>
        Effect.map(portal(undefined, options), ({ headers, status }) => [status, headers["x-amzn-errortype"]])
      expect(yield* typeOf({ roleName: "Administrator" })).toEqual([403, "ForbiddenException"])
      expect(yield* typeOf({ accountId: AwsSeed.memberAccountId })).toEqual([403, "ForbiddenException"])
      expect(yield* typeOf({ accountId: "000000000000" })).toEqual([404, "ResourceNotFoundException"])
      expect(yield* typeOf({ roleName: "" })).toEqual([400, "InvalidRequestException"])
    }).pipe(emulator)
  )

  it.effect("forgets who is signed out, and throttles in its own words", () =>
    Effect.gen(function* () {
      const { addFault, aws } = yield* Emulator.Emulator
      yield* addFault(Fault.throttled({ status: 429 }), { operation: "GetRoleCredentials" })
      expect(yield* portal()).toMatchObject({
        status: 429,
        headers: { "x-amzn-errortype": "TooManyRequestsException" }
      })
      yield* aws.updateAccounts(
        first((account) => ({ ...account, identityCenter: { ...AwsSeed.identityCenter, signIns: [] } }))
      )
      expect((yield* portal()).status).toBe(401)
    }).pipe(emulator)
  )
})

describe("CreateToken", () => {
  it.effect("gives a new pair of tokens for a refresh token, once", () =>
    Effect.gen(function* () {
      const reply = yield* renew()
      expect(reply.json()).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 })
      const { accessToken = "", refreshToken = "" } = reply.json()
      expect((yield* portal(accessToken)).status).toBe(200)
      expect((yield* renew()).json()).toMatchObject({ error: "invalid_grant" })
      yield* TestClock.adjust("1 hour")
      expect((yield* portal(accessToken)).status).toBe(401)
      const next = yield* renew({ refreshToken })
      expect((yield* portal(next.json()["accessToken"])).status).toBe(200)
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
      expect(yield* refused({ refreshToken: "made-up" })).toEqual([
        400,
        "InvalidGrantException",
        "invalid_grant"
      ])
      expect(yield* refused({ clientSecret: "made-up" })).toEqual([
        401,
        "InvalidClientException",
        "invalid_client"
      ])
      expect(yield* refused({ grantType: "authorization_code" })).toEqual([
        400,
        "UnsupportedGrantTypeException",
        "unsupported_grant_type"
      ])
      for (const name of ["clientId", "clientSecret", "grantType", "refreshToken"]) {
        expect(yield* refused({ [name]: undefined })).toEqual([
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
      expect(seen.map(({ form, operation }) => [operation, form])).toEqual([
        ["CreateToken", "anonymous"],
        ["GetRoleCredentials", "token"]
      ])
      expect(seen[0]?.parameter("refreshToken")).toBe(refreshToken)
      const text = JSON.stringify(seen)
      for (const secret of [accessToken, clientSecret, refreshToken]) expect(text).not.toContain(secret)
    }).pipe(emulator)
  )
})
