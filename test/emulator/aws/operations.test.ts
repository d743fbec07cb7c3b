import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AwsSeed
const task = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
const bob = keyOf("userWithoutPermission")

it.effect("AssumeRoot gives access to member accounts for one task, at regional endpoints", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, more = {}) => ({
      action: "AssumeRoot",
      parameters: { TargetPrincipal: AwsSeed.memberAccountId, "TaskPolicyArn.arn": task, ...parameters },
      ...more
    })
    const reply = yield* send(call())
    assert.strictEqual(reply.text("Expiration"), "2026-01-31T12:15:00Z")
    const key = issuedKey(reply)
    const me = yield* send(whoAmI({ key }))
    assert.deepStrictEqual(
      [me.text("Arn"), me.text("UserId")],
      [`arn:aws:iam::${AwsSeed.memberAccountId}:root`, AwsSeed.memberAccountId]
    )
    assert.strictEqual(yield* verdict({ action: "GetSessionToken", key }), "AccessDenied")
    const chained = issuedKey(yield* send(assumeRole({ SourceIdentity: "alice" })))
    assert.strictEqual((yield* send(call({}, { key: chained }))).text("SourceIdentity"), "alice")
    assert.strictEqual(
      yield* verdict(call({ TargetPrincipal: `arn:aws:iam::${AwsSeed.memberAccountId}:root` })),
      "OK"
    )
    assert.strictEqual(yield* verdict(call({ TargetPrincipal: AwsSeed.accountId })), "AccessDenied")
    assert.strictEqual(yield* verdict(call({}, { key: bob })), "AccessDenied")
    assert.strictEqual(yield* verdict(call({ "TaskPolicyArn.arn": `${task}x` })), "ValidationError")
    assert.strictEqual(yield* verdict(call({ DurationSeconds: "901" })), "ValidationError")
    assert.include(yield* refusal({ action: "AssumeRoot" }), "Value null at 'taskPolicyArn'")
    assert.strictEqual(yield* verdict(call({}, { host: "sts.amazonaws.com" })), "InvalidAction")
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
    assert.strictEqual(decoded.explicitDeny, false)
    assert.deepInclude(decoded.context, { action: "s3:GetObject", resource: "*" })
    assert.strictEqual(
      yield* verdict(call({ EncodedMessage: "made-up" })),
      "InvalidAuthorizationMessageException"
    )
    const other = yield* aws.mintAuthorizationMessage({ accountId: AwsSeed.memberAccountId })
    assert.strictEqual(
      yield* verdict(call({ EncodedMessage: other })),
      "InvalidAuthorizationMessageException"
    )
    assert.strictEqual(yield* verdict(call({}, { key: bob })), "AccessDenied")
  }).pipe(emulator)
)

it.effect("GetAccessKeyInfo finds the account of a key", () =>
  Effect.gen(function* () {
    const info = (AccessKeyId: string) => send({ action: "GetAccessKeyInfo", parameters: { AccessKeyId } })
    assert.strictEqual((yield* info(bob.accessKeyId)).text("Account"), AwsSeed.accountId)
    assert.strictEqual(
      (yield* info(issuedKey(yield* send(assumeRole())).accessKeyId)).text("Account"),
      AwsSeed.accountId
    )
    // The account's number is in the id, whether anybody has the key or not.
    assert.strictEqual((yield* info("ASIAQNZGKIQY56JQ7WML")).text("Account"), "029608264753")
    assert.strictEqual((yield* info("AKIAIOSFODNN7EXAMPLE")).text("Code"), "ValidationError")
    assert.include((yield* info("short")).text("Message"), "greater than or equal to 16")
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
    assert.strictEqual(reply.text("AssumedPrincipal"), arns.role)
    assert.include((yield* send(whoAmI({ key: issuedKey(reply) }))).text("Arn"), ":assumed-role/reader/")
    assert.strictEqual(yield* verdict(call({ TradeInToken: "made-up" })), "AccessDenied")
    assert.strictEqual(yield* verdict(call({}, { key: bob })), "AccessDenied")
    yield* TestClock.adjust("10 minutes")
    assert.strictEqual(yield* verdict(call()), "ExpiredTradeInTokenException")
  }).pipe(emulator)
)

it.effect("GetSessionToken sessions can call little of STS", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const call = (parameters = {}, key = keyOf("user")) => ({ action: "GetSessionToken", parameters, key })
    const reply = yield* send(call())
    assert.strictEqual(reply.text("Expiration"), "2026-02-01T00:00:00Z")
    const key = issuedKey(reply)
    assert.strictEqual((yield* send(whoAmI({ key }))).text("Arn"), arns.user)
    assert.strictEqual(yield* verdict(assumeRole({}, { key })), "OK")
    assert.strictEqual(
      yield* verdict({ action: "GetFederationToken", key, parameters: { Name: "carol" } }),
      "AccessDenied"
    )
    assert.strictEqual(
      yield* refusal(call({}, key)),
      "403 AccessDenied: Cannot call GetSessionToken with session credentials"
    )
    assert.strictEqual(yield* verdict(call({}, issuedKey(yield* send(assumeRole())))), "AccessDenied")
    assert.strictEqual(yield* verdict(call({}, bob)), "OK")
    const root = yield* send(call({ DurationSeconds: "7200" }, keyOf("root")))
    assert.strictEqual(root.text("Expiration"), "2026-01-31T13:00:00Z")
    assert.strictEqual(yield* verdict(call({ SerialNumber: AwsSeed.mfaDevice.serialNumber })), "AccessDenied")
  }).pipe(emulator)
)
