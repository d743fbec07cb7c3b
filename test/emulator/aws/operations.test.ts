import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
const { arns } = AwsSeed
const task = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
const bob = keyOf("userWithoutPermission")

it.effect("gives root access to member accounts for one task, at regional endpoints", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, more = {}) => ({
      action: "AssumeRoot",
      parameters: { TargetPrincipal: AwsSeed.memberAccountId, "TaskPolicyArn.arn": task, ...parameters },
      ...more
    })
    const reply = yield* send(call())
    expect(reply.text("Expiration")).toBe("2026-01-31T12:15:00Z")
    const key = issuedKey(reply)
    const me = yield* send(whoAmI({ key }))
    expect([me.text("Arn"), me.text("UserId")]).toEqual([
      `arn:aws:iam::${AwsSeed.memberAccountId}:root`,
      AwsSeed.memberAccountId
    ])
    expect(yield* verdict({ action: "GetSessionToken", key })).toBe("AccessDenied")
    const chained = issuedKey(yield* send(assumeRole({ SourceIdentity: "alice" })))
    expect((yield* send(call({}, { key: chained }))).text("SourceIdentity")).toBe("alice")
    expect(yield* verdict(call({ TargetPrincipal: `arn:aws:iam::${AwsSeed.memberAccountId}:root` }))).toBe(
      "OK"
    )
    expect(yield* verdict(call({ TargetPrincipal: AwsSeed.accountId }))).toBe("AccessDenied")
    expect(yield* verdict(call({}, { key: bob }))).toBe("AccessDenied")
    expect(yield* verdict(call({ "TaskPolicyArn.arn": `${task}x` }))).toBe("ValidationError")
    expect(yield* verdict(call({ DurationSeconds: "901" }))).toBe("ValidationError")
    expect(yield* refusal({ action: "AssumeRoot" })).toContain("Value null at 'taskPolicyArn'")
    expect(yield* verdict(call({}, { host: "sts.amazonaws.com" }))).toBe("InvalidAction")
  }).pipe(emulator)
)

it.effect("decodes the messages that it encoded", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const EncodedMessage = yield* aws.mintAuthorizationMessage({ action: "s3:GetObject", resource: "*" })
    const call = (parameters = {}, more = {}) => ({
      action: "DecodeAuthorizationMessage",
      parameters: { EncodedMessage, ...parameters },
      ...more
    })
    const decoded = JSON.parse((yield* send(call())).text("DecodedMessage") ?? "")
    expect(decoded).toMatchObject({ explicitDeny: false, context: { action: "s3:GetObject", resource: "*" } })
    expect(yield* verdict(call({ EncodedMessage: "made-up" }))).toBe("InvalidAuthorizationMessageException")
    const other = yield* aws.mintAuthorizationMessage({ accountId: AwsSeed.memberAccountId })
    expect(yield* verdict(call({ EncodedMessage: other }))).toBe("InvalidAuthorizationMessageException")
    expect(yield* verdict(call({}, { key: bob }))).toBe("AccessDenied")
  }).pipe(emulator)
)

it.effect("tells whose a key is", () =>
  Effect.gen(function* () {
    const info = (AccessKeyId: string) => send({ action: "GetAccessKeyInfo", parameters: { AccessKeyId } })
    expect((yield* info(bob.accessKeyId)).text("Account")).toBe(AwsSeed.accountId)
    expect((yield* info(issuedKey(yield* send(assumeRole())).accessKeyId)).text("Account")).toBe(
      AwsSeed.accountId
    )
    // The account's number is in the id, whether anybody has the key or not.
    expect((yield* info("ASIAQNZGKIQY56JQ7WML")).text("Account")).toBe("029608264753")
    expect((yield* info("AKIAIOSFODNN7EXAMPLE")).text("Code")).toBe("ValidationError")
    expect((yield* info("short")).text("Message")).toContain("greater than or equal to 16")
  }).pipe(emulator)
)

it.effect("exchanges tokens by which a customer delegated access", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const TradeInToken = Redacted.value(yield* aws.mintTradeInToken({ expiresIn: "10 minutes" }))
    const call = (parameters = {}, more = {}) => ({
      action: "GetDelegatedAccessToken",
      parameters: { TradeInToken, ...parameters },
      ...more
    })
    const reply = yield* send(call())
    expect(reply.text("AssumedPrincipal")).toBe(arns.role)
    expect((yield* send(whoAmI({ key: issuedKey(reply) }))).text("Arn")).toContain(":assumed-role/reader/")
    expect(yield* verdict(call({ TradeInToken: "made-up" }))).toBe("AccessDenied")
    expect(yield* verdict(call({}, { key: bob }))).toBe("AccessDenied")
    yield* TestClock.adjust("10 minutes")
    expect(yield* verdict(call())).toBe("ExpiredTradeInTokenException")
  }).pipe(emulator)
)

it.effect("issues sessions of users, who can do little with them here", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, key = keyOf("user")) => ({ action: "GetSessionToken", parameters, key })
    const reply = yield* send(call())
    expect(reply.text("Expiration")).toBe("2026-02-01T00:00:00Z")
    const key = issuedKey(reply)
    expect((yield* send(whoAmI({ key }))).text("Arn")).toBe(arns.user)
    expect(yield* verdict(assumeRole({}, { key }))).toBe("OK")
    expect(yield* verdict({ action: "GetFederationToken", key, parameters: { Name: "carol" } })).toBe(
      "AccessDenied"
    )
    expect(yield* refusal(call({}, key))).toBe(
      "403 AccessDenied: Cannot call GetSessionToken with session credentials"
    )
    expect(yield* verdict(call({}, issuedKey(yield* send(assumeRole()))))).toBe("AccessDenied")
    expect(yield* verdict(call({}, bob))).toBe("OK")
    const root = yield* send(call({ DurationSeconds: "7200" }, keyOf("root")))
    expect(root.text("Expiration")).toBe("2026-01-31T13:00:00Z")
    expect(yield* verdict(call({ SerialNumber: AwsSeed.mfaDevice.serialNumber }))).toBe("AccessDenied")
  }).pipe(emulator)
)
