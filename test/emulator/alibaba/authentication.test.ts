import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, requestOf, send, sendRequest, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)

const whoAmI = { action: "GetCallerIdentity" } as const

it.effect("recognises the account, a user and a session", () =>
  Effect.gen(function* () {
    const identity = (key: ReturnType<typeof keyOf>) =>
      Effect.map(send({ ...whoAmI, key }), ({ json: { RequestId, ...rest } }) => rest)
    assert.deepStrictEqual(yield* identity(keyOf("root")), {
      IdentityType: "Account",
      AccountId: "1234567890123456",
      PrincipalId: "1234567890123456",
      UserId: "1234567890123456",
      Arn: "acs:ram::1234567890123456:root"
    })
    assert.deepStrictEqual(yield* identity(keyOf("user")), {
      IdentityType: "RAMUser",
      AccountId: "1234567890123456",
      PrincipalId: "290000000000000001",
      UserId: "290000000000000001",
      Arn: "acs:ram::1234567890123456:user/alice"
    })
    const session = issuedKey(yield* send(assumeRole()))
    assert.deepStrictEqual(yield* identity(session), {
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
    assert.strictEqual(
      yield* verdict({ ...whoAmI, key: { ...key, accessKeyId: "unknown" } }),
      "InvalidAccessKeyId.NotFound"
    )
    assert.strictEqual(
      yield* verdict({ ...whoAmI, key: { ...key, accessKeySecret: "wrong" } }),
      "SignatureDoesNotMatch"
    )
    assert.strictEqual(yield* verdict({ ...whoAmI, key: keyOf("inactive") }), "InvalidAccessKeyId.Inactive")
    assert.strictEqual(yield* verdict({ ...whoAmI, key: null }), "MissingAccessKeyId")
  }).pipe(emulator)
)

it.effect("refuses invented, mismatched, missing and expired security tokens", () =>
  Effect.gen(function* () {
    const one = issuedKey(yield* send(assumeRole()))
    const two = issuedKey(yield* send(assumeRole()))
    const with_ = (securityToken: string | undefined, key = one) =>
      verdict({ ...whoAmI, key: { ...key, securityToken } })
    assert.strictEqual(yield* with_(one.securityToken), "OK")
    assert.strictEqual(yield* with_("made-up"), "InvalidSecurityToken.Malformed")
    assert.strictEqual(yield* with_(two.securityToken), "InvalidSecurityToken.MismatchWithAccessKey")
    assert.strictEqual(
      yield* with_(one.securityToken, keyOf("user")),
      "InvalidSecurityToken.MismatchWithAccessKey"
    )
    assert.strictEqual(yield* with_(undefined), "MissingSecurityToken")
    yield* TestClock.adjust("3599 seconds")
    assert.strictEqual(yield* with_(one.securityToken), "OK")
    yield* TestClock.adjust("1 second")
    assert.strictEqual(yield* with_(one.securityToken), "InvalidSecurityToken.Expired")
  }).pipe(emulator)
)

it.effect("accepts timestamps up to 15 minutes off, in one format only", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const at = (timestamp: string) => verdict({ ...whoAmI, timestamp })
    assert.strictEqual(yield* at("2026-01-31T11:45:00Z"), "OK")
    assert.strictEqual(yield* at("2026-01-31T12:15:00Z"), "OK")
    assert.strictEqual(yield* at("2026-01-31T11:44:59Z"), "InvalidTimeStamp.Expired")
    assert.strictEqual(yield* at("2026-01-31T12:15:01Z"), "InvalidTimeStamp.Expired")
    assert.strictEqual(yield* at("2026-01-31T12:00:00.000Z"), "InvalidTimeStamp.Format")
    assert.strictEqual(yield* at("2026-01-31T12:00:00+00:00"), "InvalidTimeStamp.Format")
    assert.strictEqual(yield* at("2026-13-31T12:00:00Z"), "InvalidTimeStamp.Format")
    assert.strictEqual(yield* at(""), "InvalidTimeStamp.Format")
  }).pipe(emulator)
)

it.effect("accepts a nonce once in 15 minutes per caller", () =>
  Effect.gen(function* () {
    const use = (name: "user" | "root", secret?: string) => {
      const key = keyOf(name)
      return verdict({
        ...whoAmI,
        nonce: "one",
        key: { ...key, accessKeySecret: secret ?? key.accessKeySecret }
      })
    }
    assert.strictEqual(yield* use("user", "wrong"), "SignatureDoesNotMatch")
    assert.strictEqual(yield* use("user"), "OK")
    assert.strictEqual(yield* use("root"), "OK")
    assert.strictEqual(yield* use("user"), "SignatureNonceUsed")
    yield* TestClock.adjust(Duration.minutes(15))
    assert.strictEqual(yield* use("user"), "SignatureNonceUsed")
    yield* TestClock.adjust("1 millis")
    assert.strictEqual(yield* use("user"), "OK")
    assert.strictEqual(yield* verdict({ ...whoAmI, nonce: "" }), "MissingSignatureNonce")
  }).pipe(emulator)
)

it.effect("checks version and action", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* verdict({ action: "AssumeRoll" }), "InvalidAction.NotFound")
    assert.strictEqual(yield* verdict({ ...whoAmI, version: "2011-06-15" }), "InvalidVersion")
    const request = yield* requestOf({ ...whoAmI, place: "query" })
    const without = (name: string) =>
      Effect.map(
        sendRequest({
          ...request,
          query: request.query.replace(new RegExp(`(^|&)${name}=`), "$1Elsewhere=")
        }),
        ({ json }) => json.Code
      )
    assert.strictEqual(yield* without("Action"), "MissingAction")
    assert.strictEqual(yield* without("Version"), "MissingVersion")
    assert.strictEqual(yield* without("Timestamp"), "MissingTimestamp")
  }).pipe(emulator)
)

it.effect("answers in XML on request, and by default for RPC", () =>
  Effect.gen(function* () {
    const success = yield* send({ ...whoAmI, format: "XML" })
    assert.strictEqual(success.headers["content-type"], "text/xml;charset=utf-8")
    assert.match(
      success.body,
      /^<\?xml version='1.0' encoding='UTF-8'\?><GetCallerIdentityResponse><RequestId>[0-9A-F-]{36}<\/RequestId><IdentityType>RAMUser</
    )
    const failure = yield* send(assumeRole({ RoleArn: "<&>" }, { format: "xml" }))
    assert.strictEqual(failure.status, 400)
    assert.include(failure.body, "<Code>InvalidParameter.RoleArn</Code>")
    const request = yield* requestOf({ ...whoAmI, key: null, place: "query" })
    const unasked = yield* sendRequest({ ...request, query: request.query.replace("&Format=JSON", "") })
    assert.include(unasked.body, "<Error><RequestId>")
    assert.strictEqual(yield* verdict({ ...whoAmI, format: "YAML" }), "InvalidParameter.Format")
  }).pipe(emulator)
)

it.effect("replies have a date and a request id", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { headers, json } = yield* send(assumeRole({ RoleArn: "wrong" }))
    assert.strictEqual(headers["date"], "Sat, 31 Jan 2026 12:00:00 GMT")
    assert.strictEqual(headers["x-acs-request-id"], json["RequestId"])
    const { Recommend, RequestId, ...others } = json
    assert.match(String(RequestId), /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    assert.include(
      String(Recommend),
      "https://api.aliyun.com/troubleshoot?q=InvalidParameter.RoleArn&product=Sts"
    )
    assert.deepStrictEqual(others, {
      HostId: "sts.aliyuncs.com",
      Code: "InvalidParameter.RoleArn",
      Message: "The parameter RoleArn is wrongly formed."
    })
  }).pipe(emulator)
)

it.effect("accepts a form or JSON body, and no other", () =>
  Effect.gen(function* () {
    const request = yield* requestOf({ ...whoAmI, place: "query" })
    const body = new TextEncoder().encode("{}")
    const as = (type: string) =>
      Effect.map(
        sendRequest({ ...request, body, headers: { "content-type": type } }),
        ({ json }) => json.Code
      )
    assert.strictEqual(yield* as("text/plain"), "InvalidParameter.ContentType")
    assert.isUndefined(yield* as("application/json; charset=utf-8"))
  }).pipe(emulator)
)
