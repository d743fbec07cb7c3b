import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
const { arns } = AwsSeed

const tag = (index: number, key: string, value: string) => ({
  [`Tags.member.${index}.Key`]: key,
  [`Tags.member.${index}.Value`]: value
})

it.effect("issues credentials for as long as is asked", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.500Z"))
    const reply = yield* send(assumeRole())
    expect(reply.body.split("\n").slice(0, 4)).toEqual([
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
      "  <AssumeRoleResult>",
      "    <Credentials>",
      expect.stringMatching(/^ {6}<AccessKeyId>ASIA[A-Z2-7]{16}<\/AccessKeyId>$/)
    ])
    expect(reply.text("Expiration")).toBe("2026-01-31T13:00:00Z")
    expect(reply.text("PackedPolicySize")).toBe(undefined)
    expect((yield* send(assumeRole({ DurationSeconds: "900" }))).text("Expiration")).toBe(
      "2026-01-31T12:15:00Z"
    )
    const long = assumeRole({ RoleArn: arns.longRole, DurationSeconds: "43200" })
    expect((yield* send(long)).text("Expiration")).toBe("2026-02-01T00:00:00Z")
    expect(yield* refusal(assumeRole({ DurationSeconds: "3601" }))).toBe(
      "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
  }).pipe(emulator)
)

it.effect("asks the role's trust and the caller's policies", () =>
  Effect.gen(function* () {
    const role = (RoleArn: string, more = {}, name: keyof typeof AwsSeed.keys = "user") =>
      verdict(assumeRole({ RoleArn, ...more }, { key: keyOf(name) }))
    expect(yield* refusal(assumeRole({ RoleArn: arns.nobodysRole }))).toBe(
      `403 AccessDenied: User: ${arns.user} is not authorized to perform: sts:AssumeRole on resource: ${arns.nobodysRole}`
    )
    expect(yield* role("arn:aws:iam::123456789012:role/none")).toBe("AccessDenied")
    expect(yield* refusal(assumeRole({}, { key: keyOf("root") }))).toBe(
      "403 AccessDenied: Roles may not be assumed by root accounts."
    )
    expect(yield* role(arns.role, {}, "userWithoutPermission")).toBe("AccessDenied")
    expect(yield* role(arns.chainedRole)).toBe("AccessDenied")
    expect(yield* role(arns.memberRole)).toBe("OK")
    expect(yield* role(arns.memberRole, {}, "userWithoutPermission")).toBe("AccessDenied")
    expect(yield* role(arns.externalIdRole)).toBe("AccessDenied")
    expect(yield* role(arns.externalIdRole, { ExternalId: "another" })).toBe("AccessDenied")
    expect(yield* role(arns.externalIdRole, { ExternalId: AwsSeed.externalId })).toBe("OK")
    expect(yield* refusal(assumeRole({ RoleArn: "nonsense-nonsense-nonsense" }))).toBe(
      "400 ValidationError: nonsense-nonsense-nonsense is invalid"
    )
  }).pipe(emulator)
)

it.effect("takes a role that names its user without a policy of the user", () =>
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
    expect(yield* verdict(assumeRole({}, bob))).toBe("OK")
    expect(yield* verdict(assumeRole({ RoleArn: arns.memberRole }, bob))).toBe("AccessDenied")
    expect(yield* verdict(assumeRole(tag(1, "team", "a"), bob))).toBe("AccessDenied")
    yield* trusting("*")
    expect(yield* verdict(assumeRole({}, bob))).toBe("OK")
    yield* trusting(AwsSeed.accountId)
    expect(yield* verdict(assumeRole({}, bob))).toBe("AccessDenied")
    expect(yield* verdict(assumeRole())).toBe("OK")
  }).pipe(emulator)
)

it.effect("asks for the caller's own device and what it shows", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    const { aws } = yield* Emulator.Emulator
    const { serialNumber: SerialNumber } = AwsSeed.mfaDevice
    const RoleArn = arns.mfaRole
    const TokenCode = yield* aws.mfaCode()
    expect(TokenCode).toMatch(/^\d{6}$/)
    const wrong = TokenCode === "000000" ? "000001" : "000000"
    expect(yield* verdict(assumeRole({ RoleArn, SerialNumber, TokenCode }))).toBe("OK")
    expect(yield* verdict(assumeRole({ RoleArn }))).toBe("AccessDenied")
    expect(yield* refusal(assumeRole({ RoleArn, SerialNumber, TokenCode: wrong }))).toContain(
      "invalid MFA one time"
    )
    expect(yield* refusal(assumeRole({ RoleArn, SerialNumber }))).toContain("must provide both")
    const bob = { key: keyOf("userWithoutPermission") }
    expect(yield* refusal(assumeRole({ RoleArn, SerialNumber, TokenCode }, bob))).toContain(
      "unable to validate"
    )
    yield* TestClock.adjust("2 minutes")
    expect(yield* verdict(assumeRole({ RoleArn, SerialNumber, TokenCode }))).toBe("AccessDenied")

    const fresh = { SerialNumber, TokenCode: yield* aws.mfaCode() }
    const key = issuedKey(yield* send({ action: "GetSessionToken", parameters: fresh }))
    expect(yield* verdict(assumeRole({ RoleArn }, { key }))).toBe("OK")
    const plain = issuedKey(yield* send({ action: "GetSessionToken" }))
    expect(yield* verdict(assumeRole({ RoleArn }, { key: plain }))).toBe("AccessDenied")
  }).pipe(emulator)
)

it.effect("keeps source identity and transitive tags through chaining, for an hour at most", () =>
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
    expect(next.text("SourceIdentity")).toBe("alice")
    expect(yield* verdict(chained({ SourceIdentity: "bob" }))).toBe("AccessDenied")
    expect(yield* verdict(chained(tag(1, "team", "red")))).toBe("InvalidParameterValue")
    expect(yield* verdict(chained({ "TransitiveTagKeys.member.1": "team" }))).toBe("OK")
    expect(yield* verdict(chained({ "TransitiveTagKeys.member.1": "none" }))).toBe("ValidationError")
    expect(yield* verdict(chained({ DurationSeconds: "3600" }))).toBe("OK")
    expect(yield* refusal(chained({ DurationSeconds: "3601" }))).toBe(
      "400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    )
    expect(yield* verdict(assumeRole({ ...tag(1, "a", ""), ...tag(2, "A", "") }))).toBe(
      "InvalidParameterValue"
    )
    expect((yield* send(whoAmI({ key: issuedKey(next) }))).text("Arn")).toContain(
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
    expect(yield* verdict(assumeRole(tag(1, "team", "blue")))).toBe("OK")
    expect(yield* verdict(assumeRole(tag(1, "team", "red")))).toBe("AccessDenied")
    expect(yield* verdict(assumeRole({ ...tag(1, "team", "blue"), ...tag(2, "x", "y") }))).toBe(
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
    expect(yield* narrowed({})).toBe("OK")
    expect(yield* narrowed({ Policy: statement("sts:*") })).toBe("OK")
    expect(yield* narrowed({ Policy: statement("s3:*") })).toBe("AccessDenied")
    expect(yield* narrowed(managed("AdministratorAccess"))).toBe("OK")
    expect(yield* narrowed(managed("ReadOnlyAccess"))).toBe("AccessDenied")
    expect(yield* verdict(assumeRole({ "PolicyArns.member.1.arn": "arn:aws:iam::aws:role/x" }))).toBe(
      "ValidationError"
    )
    expect(yield* refusal(assumeRole({ Policy: "{" }))).toBe(
      "400 MalformedPolicyDocument: This policy contains invalid Json"
    )
    for (const policy of ["{}", '{"Statement":[]}', statement("sts:*").replace("Resource", "Principal")]) {
      expect(yield* refusal(assumeRole({ Policy: policy }))).toBe(
        "400 MalformedPolicyDocument: Syntax errors in policy."
      )
    }
    const reply = yield* send(assumeRole({ Policy: statement("sts:*").padEnd(5000) }))
    expect(Number(reply.text("PackedPolicySize"))).toBeLessThan(10)
    const random = Array.from({ length: 1200 }, (_, index) => Math.sin(index).toString(36).slice(3, 8)).join(
      ""
    )
    expect(yield* refusal(assumeRole({ Policy: statement(`sts:${random}`) }))).toMatch(
      /^400 PackedPolicyTooLarge: Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/
    )
  }).pipe(emulator)
)

it.effect("says everything that is wrong with the parameters at once", () =>
  Effect.gen(function* () {
    expect(yield* refusal({ action: "AssumeRole" })).toBe(
      "400 ValidationError: 2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null"
    )
    expect(yield* refusal(assumeRole({ RoleSessionName: "a/" }))).toBe(
      "400 ValidationError: 1 validation error detected: Value 'a/' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )
    const message = (more: object) =>
      Effect.map(refusal(assumeRole({ ...more })), (text) => text.split(": ").at(-1))
    expect(yield* message({ DurationSeconds: "899" })).toBe(
      "Member must have value greater than or equal to 900"
    )
    expect(yield* message({ DurationSeconds: "43201" })).toBe(
      "Member must have value less than or equal to 43200"
    )
    expect(yield* message({ DurationSeconds: "soon" })).toBe("Member must be a whole number")
    expect(yield* message({ RoleSessionName: "a" })).toBe(
      "Member must have length greater than or equal to 2"
    )
    expect(yield* message({ RoleSessionName: "a".repeat(65) })).toBe(
      "Member must have length less than or equal to 64"
    )
    const code = yield* refusal(
      assumeRole({ TokenCode: "12345x", SerialNumber: AwsSeed.mfaDevice.serialNumber })
    )
    expect(code).toContain("Value at 'tokenCode' failed")
    expect(code).not.toContain("12345x")
    expect(yield* refusal(assumeRole(tag(1, "", "v")))).toContain("at 'tags.1.member.key'")
    expect(yield* refusal(assumeRole({ "Tags.member.1.Key": "k" }))).toContain(
      "Value null at 'tags.1.member.value'"
    )
  }).pipe(emulator)
)
