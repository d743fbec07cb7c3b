import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const { arns } = AlibabaSeed

it.effect("issues credentials in the service's shape", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.500Z"))
    const { json, status } = yield* send(assumeRole({ DurationSeconds: "900", SourceIdentity: "alice" }))
    assert.strictEqual(status, 200)
    const { Credentials, RequestId, ...others } = json
    assert.isString(RequestId)
    assert.hasAllKeys(Credentials, ["AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"])
    assert.match(Credentials?.AccessKeyId ?? "", /^STS\.[A-Za-z0-9]{24}$/)
    assert.match(Credentials?.AccessKeySecret ?? "", /^[A-Za-z0-9]{44}$/)
    assert.match(Credentials?.SecurityToken ?? "", /^CAIS[A-Za-z0-9]{196}$/)
    assert.strictEqual(Credentials?.Expiration, "2026-01-31T12:15:00Z")
    assert.deepStrictEqual(others, {
      AssumedRoleUser: { Arn: `${arns.role}/session`, AssumedRoleId: "390000000000000001:session" },
      SourceIdentity: "alice"
    })
  }).pipe(emulator)
)

it.effect("issues the same from the same seed, and never the same twice", () => {
  const credentials = Effect.map(send(assumeRole()), ({ json }) => json.Credentials)
  const run = Effect.provide(
    Effect.all([credentials, credentials]),
    Emulator.layerWith({ randomSeed: "seed" })
  )
  return Effect.gen(function* () {
    const [first, second] = yield* run
    assert.notDeepEqual(first, second)
    assert.deepStrictEqual((yield* run)[0], first)
  })
})

it.effect("checks required parameters and their format", () =>
  Effect.gen(function* () {
    const of = (parameters: Record<string, string>) => verdict(assumeRole(parameters))
    assert.strictEqual(yield* verdict({ action: "AssumeRole" }), "MissingParameter.RoleArn")
    assert.strictEqual(yield* of({ RoleSessionName: "" }), "MissingParameter.RoleSessionName")
    assert.strictEqual(yield* of({ RoleSessionName: "a" }), "InvalidParameter.RoleSessionName")
    assert.strictEqual(yield* of({ RoleSessionName: "with space" }), "InvalidParameter.RoleSessionName")
    assert.strictEqual(yield* of({ RoleSessionName: "x".repeat(65) }), "InvalidParameter.RoleSessionName")
    assert.strictEqual(yield* of({ RoleArn: "arn:aws:iam::1:role/x" }), "InvalidParameter.RoleArn")
    assert.strictEqual(yield* of({ ExternalId: "?" }), "InvalidParameter.ExternalId")
    assert.strictEqual(yield* of({ SourceIdentity: "acs:alice" }), "InvalidParameter.SourceIdentity")
    assert.strictEqual(yield* of({ DurationSeconds: "899" }), "InvalidParameter.DurationSeconds")
    assert.strictEqual(yield* of({ DurationSeconds: "3601" }), "InvalidParameter.DurationSeconds")
    assert.strictEqual(yield* of({ DurationSeconds: "1e3" }), "InvalidParameter.DurationSeconds")
    assert.strictEqual(yield* of({ DurationSeconds: "3600" }), "OK")
    assert.strictEqual(yield* of({ RoleArn: arns.longRole, DurationSeconds: "43200" }), "OK")
    assert.strictEqual(
      yield* of({ RoleArn: arns.longRole, DurationSeconds: "43201" }),
      "InvalidParameter.DurationSeconds"
    )
  }).pipe(emulator)
)

it.effect("checks a policy's size and grammar, and lets it narrow the session", () =>
  Effect.gen(function* () {
    const statement = (more: object) =>
      JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...more }] })
    const of = (Policy: string) => verdict(assumeRole({ Policy }))
    assert.strictEqual(yield* of(statement({})), "OK")
    assert.strictEqual(yield* of(`${statement({})}${" ".repeat(2048)}`), "InvalidParameter.PolicySize")
    assert.strictEqual(yield* of(statement({ Resource: "ü".repeat(1000) })), "InvalidParameter.PolicySize")
    assert.strictEqual(yield* of("{"), "InvalidParameter.PolicyGrammar")
    assert.strictEqual(yield* of("{}"), "InvalidParameter.PolicyGrammar")
    assert.strictEqual(yield* of(statement({ Effect: "Perhaps" })), "InvalidParameter.PolicyGrammar")
    assert.strictEqual(yield* of(statement({ Principal: { RAM: "*" } })), "InvalidParameter.PolicyGrammar")
    assert.strictEqual(yield* of(statement({ Unknown: 1 })), "InvalidParameter.PolicyGrammar")

    const chainedWith = (policy: string) =>
      Effect.flatMap(send(assumeRole({ Policy: policy })), (reply) =>
        verdict(assumeRole({ RoleArn: arns.chainedRole }, { key: issuedKey(reply) }))
      )
    assert.strictEqual(yield* chainedWith(statement({ Action: "sts:Assume*" })), "OK")
    assert.strictEqual(yield* chainedWith(statement({ Action: "oss:*" })), "NoPermission")
    assert.strictEqual(yield* chainedWith(statement({ Resource: arns.role })), "NoPermission")
  }).pipe(emulator)
)

it.effect("checks the caller's permission and the role's trust policy", () =>
  Effect.gen(function* () {
    const as = (name: "user" | "root" | "userWithoutPermission", RoleArn: string, more = {}) =>
      verdict(assumeRole({ RoleArn, ...more }, { key: keyOf(name) }))
    assert.strictEqual(yield* as("user", arns.role), "OK")
    assert.strictEqual(yield* as("userWithoutPermission", arns.role), "NoPermission")
    assert.strictEqual(yield* as("root", arns.role), "NoPermission")
    assert.strictEqual(yield* as("user", arns.nobodysRole), "NoPermission")
    assert.strictEqual(yield* as("user", arns.oidcRole), "NoPermission")
    assert.strictEqual(yield* as("user", "acs:ram::1234567890123456:role/none"), "EntityNotExist.Role")
    assert.strictEqual(yield* as("user", arns.externalIdRole), "NoPermission")
    assert.strictEqual(yield* as("user", arns.externalIdRole, { ExternalId: "another" }), "NoPermission")
    assert.strictEqual(yield* as("user", arns.externalIdRole, { ExternalId: AlibabaSeed.externalId }), "OK")
  }).pipe(emulator)
)

it.effect("chains roles, up to the chained role's own duration", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn: arns.chainedRole })), "NoPermission")
    const key = issuedKey(yield* send(assumeRole()))
    const chained = (DurationSeconds: string) =>
      verdict(assumeRole({ RoleArn: arns.chainedRole, DurationSeconds }, { key }))
    assert.strictEqual(yield* chained("7200"), "OK")
    assert.strictEqual(yield* chained("7201"), "InvalidParameter.DurationSeconds")
  }).pipe(emulator)
)

it.effect("keeps the source identity through a role chain", () =>
  Effect.gen(function* () {
    const key = issuedKey(yield* send(assumeRole({ SourceIdentity: "alice" })))
    const chained = (more = {}) => send(assumeRole({ RoleArn: arns.chainedRole, ...more }, { key }))
    assert.strictEqual((yield* chained()).json.SourceIdentity, "alice")
    assert.strictEqual((yield* chained({ SourceIdentity: "alice" })).json.SourceIdentity, "alice")
    assert.strictEqual((yield* chained({ SourceIdentity: "mallory" })).json.Code, "NoPermission")
  }).pipe(emulator)
)

it.effect("accepts other accounts, at the start and later", () =>
  Effect.gen(function* () {
    const { alibaba } = yield* Emulator.Emulator
    const partner = "acs:ram::6543210987654321:role/partner"
    assert.strictEqual(yield* verdict(assumeRole({ RoleArn: partner })), "EntityNotExist.Role")
    yield* alibaba.updateAccounts((accounts) => [
      ...accounts,
      {
        id: "6543210987654321",
        accessKeys: [],
        users: [],
        oidcProviders: [],
        samlProviders: [],
        roles: [
          {
            id: "1",
            name: "partner",
            maxSessionDuration: 3600,
            policies: [],
            trustPolicy: {
              Version: "1",
              Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: [arns.user] } }]
            }
          }
        ]
      }
    ])
    assert.strictEqual(
      (yield* send(assumeRole({ RoleArn: partner }))).json.AssumedRoleUser?.Arn,
      `${partner}/session`
    )
    assert.lengthOf(yield* alibaba.accounts, 2)
  }).pipe(emulator)
)
