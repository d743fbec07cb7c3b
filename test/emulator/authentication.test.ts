import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../../src/testing.js"
import { assumeRole, issuedKey, keyOf, requestOf, send, sendRequest, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer())

const whoAmI = { action: "GetCallerIdentity" } as const

it.effect("knows the account, a user and a session", () =>
  Effect.gen(function* () {
    const identity = (key: ReturnType<typeof keyOf>) =>
      Effect.map(send({ ...whoAmI, key }), ({ json: { RequestId, ...rest } }) => rest)
    expect(yield* identity(keyOf("root"))).toEqual({
      IdentityType: "Account",
      AccountId: "1234567890123456",
      PrincipalId: "1234567890123456",
      UserId: "1234567890123456",
      Arn: "acs:ram::1234567890123456:root"
    })
    expect(yield* identity(keyOf("user"))).toEqual({
      IdentityType: "RAMUser",
      AccountId: "1234567890123456",
      PrincipalId: "290000000000000001",
      UserId: "290000000000000001",
      Arn: "acs:ram::1234567890123456:user/alice"
    })
    const session = issuedKey(yield* send(assumeRole()))
    expect(yield* identity(session)).toEqual({
      IdentityType: "AssumedRoleUser",
      AccountId: "1234567890123456",
      RoleId: "390000000000000001",
      PrincipalId: "390000000000000001:session",
      Arn: "acs:ram::1234567890123456:assumed-role/reader/session"
    })
  }).pipe(emulator)
)

it.effect("refuses keys that are unknown, disabled or absent", () =>
  Effect.gen(function* () {
    const key = keyOf("user")
    expect(yield* verdict({ ...whoAmI, key: { ...key, accessKeyId: "unknown" } })).toBe(
      "InvalidAccessKeyId.NotFound"
    )
    expect(yield* verdict({ ...whoAmI, key: { ...key, accessKeySecret: "wrong" } })).toBe(
      "SignatureDoesNotMatch"
    )
    expect(yield* verdict({ ...whoAmI, key: keyOf("inactive") })).toBe("InvalidAccessKeyId.Inactive")
    expect(yield* verdict({ ...whoAmI, key: null })).toBe("MissingAccessKeyId")
  }).pipe(emulator)
)

it.effect("refuses security tokens that are made up, of another key, missing or expired", () =>
  Effect.gen(function* () {
    const one = issuedKey(yield* send(assumeRole()))
    const two = issuedKey(yield* send(assumeRole()))
    const with_ = (securityToken: string | undefined, key = one) =>
      verdict({ ...whoAmI, key: { ...key, securityToken } })
    expect(yield* with_(one.securityToken)).toBe("OK")
    expect(yield* with_("made-up")).toBe("InvalidSecurityToken.Malformed")
    expect(yield* with_(two.securityToken)).toBe("InvalidSecurityToken.MismatchWithAccessKey")
    expect(yield* with_(one.securityToken, keyOf("user"))).toBe("InvalidSecurityToken.MismatchWithAccessKey")
    expect(yield* with_(undefined)).toBe("MissingSecurityToken")
    yield* TestClock.adjust("3599 seconds")
    expect(yield* with_(one.securityToken)).toBe("OK")
    yield* TestClock.adjust("1 second")
    expect(yield* with_(one.securityToken)).toBe("InvalidSecurityToken.Expired")
  }).pipe(emulator)
)

it.effect("takes times up to 15 minutes off, and no other spelling", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const at = (timestamp: string) => verdict({ ...whoAmI, timestamp })
    expect(yield* at("2026-01-31T11:45:00Z")).toBe("OK")
    expect(yield* at("2026-01-31T12:15:00Z")).toBe("OK")
    expect(yield* at("2026-01-31T11:44:59Z")).toBe("InvalidTimeStamp.Expired")
    expect(yield* at("2026-01-31T12:15:01Z")).toBe("InvalidTimeStamp.Expired")
    expect(yield* at("2026-01-31T12:00:00.000Z")).toBe("InvalidTimeStamp.Format")
    expect(yield* at("2026-01-31T12:00:00+00:00")).toBe("InvalidTimeStamp.Format")
    expect(yield* at("2026-13-31T12:00:00Z")).toBe("InvalidTimeStamp.Format")
    expect(yield* at("")).toBe("InvalidTimeStamp.Format")
  }).pipe(emulator)
)

it.effect("takes a nonce once in 15 minutes, per caller, and only from who signed", () =>
  Effect.gen(function* () {
    const use = (name: "user" | "root", secret?: string) => {
      const key = keyOf(name)
      return verdict({
        ...whoAmI,
        nonce: "one",
        key: { ...key, accessKeySecret: secret ?? key.accessKeySecret }
      })
    }
    expect(yield* use("user", "wrong")).toBe("SignatureDoesNotMatch")
    expect(yield* use("user")).toBe("OK")
    expect(yield* use("root")).toBe("OK")
    expect(yield* use("user")).toBe("SignatureNonceUsed")
    yield* TestClock.adjust(Duration.minutes(15))
    expect(yield* use("user")).toBe("SignatureNonceUsed")
    yield* TestClock.adjust("1 millis")
    expect(yield* use("user")).toBe("OK")
    expect(yield* verdict({ ...whoAmI, nonce: "" })).toBe("MissingSignatureNonce")
  }).pipe(emulator)
)

it.effect("knows its version and actions", () =>
  Effect.gen(function* () {
    expect(yield* verdict({ action: "AssumeRoll" })).toBe("InvalidAction.NotFound")
    expect(yield* verdict({ ...whoAmI, version: "2011-06-15" })).toBe("InvalidVersion")
    const request = yield* requestOf({ ...whoAmI, place: "query" })
    const without = (name: string) =>
      Effect.map(
        sendRequest({
          ...request,
          query: request.query.replace(new RegExp(`(^|&)${name}=`), "$1Elsewhere=")
        }),
        ({ json }) => json.Code
      )
    expect(yield* without("Action")).toBe("MissingAction")
    expect(yield* without("Version")).toBe("MissingVersion")
    expect(yield* without("Timestamp")).toBe("MissingTimestamp")
  }).pipe(emulator)
)

it.effect("answers in XML when asked, or when not asked", () =>
  Effect.gen(function* () {
    const success = yield* send({ ...whoAmI, format: "XML" })
    expect(success.headers["content-type"]).toBe("text/xml;charset=utf-8")
    expect(success.body).toMatch(
      /^<\?xml version='1.0' encoding='UTF-8'\?><GetCallerIdentityResponse><RequestId>[0-9A-F-]{36}<\/RequestId><IdentityType>RAMUser</
    )
    const failure = yield* send(assumeRole({ RoleArn: "<&>" }, { format: "xml" }))
    expect(failure.status).toBe(400)
    expect(failure.body).toContain("<Code>InvalidParameter.RoleArn</Code>")
    const request = yield* requestOf({ ...whoAmI, key: null, place: "query" })
    const unasked = yield* sendRequest({ ...request, query: request.query.replace("&Format=JSON", "") })
    expect(unasked.body).toContain("<Error><RequestId>")
    expect(yield* verdict({ ...whoAmI, format: "YAML" })).toBe("InvalidParameter.Format")
  }).pipe(emulator)
)

it.effect("tells the time and the request's id", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { headers, json } = yield* send(assumeRole({ RoleArn: "wrong" }))
    expect(headers["date"]).toBe("Sat, 31 Jan 2026 12:00:00 GMT")
    expect(headers["x-acs-request-id"]).toBe(json["RequestId"])
    expect(json).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      HostId: "sts.aliyuncs.com",
      Code: "InvalidParameter.RoleArn",
      Message: "The parameter RoleArn is wrongly formed.",
      Recommend: expect.stringContaining(
        "https://api.aliyun.com/troubleshoot?q=InvalidParameter.RoleArn&product=Sts"
      )
    })
  }).pipe(emulator)
)

it.effect("refuses a body that is neither a form nor JSON, and takes JSON", () =>
  Effect.gen(function* () {
    const request = yield* requestOf({ ...whoAmI, place: "query" })
    const body = new TextEncoder().encode("{}")
    const as = (type: string) =>
      Effect.map(
        sendRequest({ ...request, body, headers: { "content-type": type } }),
        ({ json }) => json.Code
      )
    expect(yield* as("text/plain")).toBe("InvalidParameter.ContentType")
    expect(yield* as("application/json; charset=utf-8")).toBe(undefined)
  }).pipe(emulator)
)
