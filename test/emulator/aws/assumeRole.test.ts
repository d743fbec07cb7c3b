import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AwsSeed

const tag = (index: number, key: string, value: string) => ({
  [`Tags.member.${index}.Key`]: key,
  [`Tags.member.${index}.Value`]: value
})

it.effect("issues credentials for the requested duration", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.500Z"))
    const reply = yield* send(assumeRole())
    const [key, ...before] = reply.body.split("\n").slice(0, 4).reverse()
    assert.deepStrictEqual(before.reverse(), [
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
      "  <AssumeRoleResult>",
      "    <Credentials>"
    ])
    assert.match(key ?? "", /^ {6}<AccessKeyId>ASIA[A-Z2-7]{16}<\/AccessKeyId>$/)
    assert.strictEqual(reply.text("Expiration"), "2026-01-31T13:00:00Z")
    assert.isUndefined(reply.text("PackedPolicySize"))
    assert.strictEqual(
      (yield* send(assumeRole({ DurationSeconds: "900" }))).text("Expiration"),
      "2026-01-31T12:15:00Z"
    )
    const long = assumeRole({ RoleArn: arns.longRole, DurationSeconds: "43200" })
    assert.strictEqual((yield* send(long)).text("Expiration"), "2026-02-01T00:00:00Z")
    assert.strictEqual(
      yield* refusal(assumeRole({ DurationSeconds: "3601" })),
      "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
  }).pipe(emulator)
)

it.effect("asks the role's trust and the caller's policies", () =>
  Effect.gen(function* () {
    const role = (RoleArn: string, more = {}, name: keyof typeof AwsSeed.keys = "user") =>
      verdict(assumeRole({ RoleArn, ...more }, { key: keyOf(name) }))
    assert.strictEqual(
      yield* refusal(assumeRole({ RoleArn: arns.nobodysRole })),
      `403 AccessDenied: User: ${arns.user} is not authorized to perform: sts:AssumeRole on resource: ${arns.nobodysRole}`
    )
    assert.strictEqual(yield* role("arn:aws:iam::123456789012:role/none"), "AccessDenied")
    assert.strictEqual(
      yield* refusal(assumeRole({}, { key: keyOf("root") })),
      "403 AccessDenied: Roles may not be assumed by root accounts."
    )
    assert.strictEqual(yield* role(arns.role, {}, "userWithoutPermission"), "AccessDenied")
    assert.strictEqual(yield* role(arns.chainedRole), "AccessDenied")
    assert.strictEqual(yield* role(arns.memberRole), "OK")
    assert.strictEqual(yield* role(arns.memberRole, {}, "userWithoutPermission"), "AccessDenied")
    assert.strictEqual(yield* role(arns.externalIdRole), "AccessDenied")
    assert.strictEqual(yield* role(arns.externalIdRole, { ExternalId: "another" }), "AccessDenied")
    assert.strictEqual(yield* role(arns.externalIdRole, { ExternalId: AwsSeed.externalId }), "OK")
    assert.strictEqual(
      yield* refusal(assumeRole({ RoleArn: "nonsense-nonsense-nonsense" })),
      "400 ValidationError: nonsense-nonsense-nonsense is invalid"
    )
  }).pipe(emulator)
)

it.effect("a role that trusts a user needs no policy of the user", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const trusting = (principal: string) =>
      aws.updateAccounts((accounts) =>
        accounts.map((account) => ({
          ...account,
          roles: account.roles.map((role) => ({
            ...role,
            trustPolicy: {
              Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: principal } }
            }
          }))
        }))
      )
    const bob = { key: keyOf("userWithoutPermission") }
    yield* trusting(arns.userWithoutPermission)
    assert.strictEqual(yield* verdict(assumeRole({}, bob)), "OK")
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn: arns.memberRole }, bob)), "AccessDenied")
    assert.strictEqual(yield* verdict(assumeRole(tag(1, "team", "a"), bob)), "AccessDenied")
    yield* trusting("*")
    assert.strictEqual(yield* verdict(assumeRole({}, bob)), "OK")
    yield* trusting(AwsSeed.accountId)
    assert.strictEqual(yield* verdict(assumeRole({}, bob)), "AccessDenied")
    assert.strictEqual(yield* verdict(assumeRole()), "OK")
  }).pipe(emulator)
)

it.effect("checks the caller's MFA device and code", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { aws } = yield* Emulator.Emulator
    const { serialNumber: SerialNumber } = AwsSeed.mfaDevice
    const RoleArn = arns.mfaRole
    const TokenCode = yield* aws.mfaCode()
    assert.match(TokenCode, /^\d{6}$/)
    const wrong = TokenCode === "000000" ? "000001" : "000000"
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn, SerialNumber, TokenCode })), "OK")
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn })), "AccessDenied")
    assert.include(
      yield* refusal(assumeRole({ RoleArn, SerialNumber, TokenCode: wrong })),
      "invalid MFA one time"
    )
    assert.include(yield* refusal(assumeRole({ RoleArn, SerialNumber })), "must provide both")
    const bob = { key: keyOf("userWithoutPermission") }
    assert.include(
      yield* refusal(assumeRole({ RoleArn, SerialNumber, TokenCode }, bob)),
      "unable to validate"
    )
    yield* TestClock.adjust("2 minutes")
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn, SerialNumber, TokenCode })), "AccessDenied")

    const fresh = { SerialNumber, TokenCode: yield* aws.mfaCode() }
    const key = issuedKey(yield* send({ action: "GetSessionToken", parameters: fresh }))
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn }, { key })), "OK")
    const plain = issuedKey(yield* send({ action: "GetSessionToken" }))
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn }, { key: plain })), "AccessDenied")
  }).pipe(emulator)
)

it.effect("keeps source identity and transitive tags through role chaining, for up to an hour", () =>
  Effect.gen(function* () {
    const first = {
      SourceIdentity: "alice",
      ...tag(1, "Team", "blue"),
      ...tag(2, "own", "x"),
      "TransitiveTagKeys.member.1": "Team"
    }
    const key = issuedKey(yield* send(assumeRole(first)))
    const chained = (more = {}) => assumeRole({ RoleArn: arns.chainedRole, ...more }, { key })
    const next = yield* send(chained({ ...tag(1, "own", "y") }))
    assert.strictEqual(next.text("SourceIdentity"), "alice")
    assert.strictEqual(yield* verdict(chained({ SourceIdentity: "bob" })), "AccessDenied")
    assert.strictEqual(yield* verdict(chained(tag(1, "team", "red"))), "InvalidParameterValue")
    assert.strictEqual(yield* verdict(chained({ "TransitiveTagKeys.member.1": "team" })), "OK")
    assert.strictEqual(yield* verdict(chained({ "TransitiveTagKeys.member.1": "none" })), "ValidationError")
    assert.strictEqual(yield* verdict(chained({ DurationSeconds: "3600" })), "OK")
    assert.strictEqual(
      yield* refusal(chained({ DurationSeconds: "3601" })),
      "400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    )
    assert.strictEqual(
      yield* verdict(assumeRole({ ...tag(1, "a", ""), ...tag(2, "A", "") })),
      "InvalidParameterValue"
    )
    assert.include(
      (yield* send(whoAmI({ key: issuedKey(next) }))).text("Arn"),
      ":assumed-role/chained/session"
    )
  }).pipe(emulator)
)

it.effect("asks conditions about the session's tags", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    yield* aws.updateAccounts((accounts) =>
      accounts.map((account) => ({
        ...account,
        roles: account.roles.map((role) => ({
          ...role,
          trustPolicy: {
            Statement: {
              Effect: "Allow" as const,
              Action: ["sts:AssumeRole", "sts:TagSession"],
              Principal: { AWS: [arns.root] },
              Condition: {
                StringLike: { "AWS:requestTag/team": "b*" },
                "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] }
              }
            }
          }
        }))
      }))
    )
    assert.strictEqual(yield* verdict(assumeRole(tag(1, "team", "blue"))), "OK")
    assert.strictEqual(yield* verdict(assumeRole(tag(1, "team", "red"))), "AccessDenied")
    assert.strictEqual(
      yield* verdict(assumeRole({ ...tag(1, "team", "blue"), ...tag(2, "x", "y") })),
      "AccessDenied"
    )
  }).pipe(emulator)
)

const statement = (Action: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] })

it.effect("narrows sessions, and has so much room for it", () =>
  Effect.gen(function* () {
    const narrowed = (more: object) =>
      Effect.gen(function* () {
        const key = issuedKey(yield* send(assumeRole({ ...more })))
        return yield* verdict({
          action: "GetAccessKeyInfo",
          key,
          parameters: { AccessKeyId: AwsSeed.keys.user.accessKeyId }
        })
      })
    const managed = (name: string) => ({ "PolicyArns.member.1.arn": `arn:aws:iam::aws:policy/${name}` })
    assert.strictEqual(yield* narrowed({}), "OK")
    assert.strictEqual(yield* narrowed({ Policy: statement("sts:*") }), "OK")
    assert.strictEqual(yield* narrowed({ Policy: statement("s3:*") }), "AccessDenied")
    assert.strictEqual(yield* narrowed(managed("AdministratorAccess")), "OK")
    assert.strictEqual(yield* narrowed(managed("ReadOnlyAccess")), "AccessDenied")
    assert.strictEqual(
      yield* verdict(assumeRole({ "PolicyArns.member.1.arn": "arn:aws:iam::aws:role/x" })),
      "ValidationError"
    )
    assert.strictEqual(
      yield* refusal(assumeRole({ Policy: "{" })),
      "400 MalformedPolicyDocument: This policy contains invalid Json"
    )
    for (const policy of ["{}", '{"Statement":[]}', statement("sts:*").replace("Resource", "Principal")]) {
      assert.strictEqual(
        yield* refusal(assumeRole({ Policy: policy })),
        "400 MalformedPolicyDocument: Syntax errors in policy."
      )
    }
    const reply = yield* send(assumeRole({ Policy: statement("sts:*").padEnd(5000) }))
    assert.isBelow(Number(reply.text("PackedPolicySize")), 10)
    const random = Array.from({ length: 1200 }, (_, index) => Math.sin(index).toString(36).slice(3, 8)).join(
      ""
    )
    assert.match(
      yield* refusal(assumeRole({ Policy: statement(`sts:${random}`) })),
      /^400 PackedPolicyTooLarge: Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/
    )
  }).pipe(emulator)
)

it.effect("reports all invalid parameters at once", () =>
  Effect.gen(function* () {
    assert.strictEqual(
      yield* refusal({ action: "AssumeRole" }),
      "400 ValidationError: 2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null"
    )
    assert.strictEqual(
      yield* refusal(assumeRole({ RoleSessionName: "a/" })),
      "400 ValidationError: 1 validation error detected: Value 'a/' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )
    const message = (more: object) =>
      Effect.map(refusal(assumeRole({ ...more })), (text) => text.split(": ").at(-1))
    assert.strictEqual(
      yield* message({ DurationSeconds: "899" }),
      "Member must have value greater than or equal to 900"
    )
    assert.strictEqual(
      yield* message({ DurationSeconds: "43201" }),
      "Member must have value less than or equal to 43200"
    )
    assert.strictEqual(yield* message({ DurationSeconds: "soon" }), "Member must be a whole number")
    assert.strictEqual(
      yield* message({ RoleSessionName: "a" }),
      "Member must have length greater than or equal to 2"
    )
    assert.strictEqual(
      yield* message({ RoleSessionName: "a".repeat(65) }),
      "Member must have length less than or equal to 64"
    )
    const code = yield* refusal(
      assumeRole({ TokenCode: "12345x", SerialNumber: AwsSeed.mfaDevice.serialNumber })
    )
    assert.include(code, "Value at 'tokenCode' failed")
    assert.notInclude(code, "12345x")
    assert.include(yield* refusal(assumeRole(tag(1, "", "v"))), "at 'tags.1.member.key'")
    assert.include(
      yield* refusal(assumeRole({ "Tags.member.1.Key": "k" })),
      "Value null at 'tags.1.member.value'"
    )
  }).pipe(emulator)
)
