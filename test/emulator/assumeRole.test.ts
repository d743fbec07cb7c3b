import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { assumeRole, issuedKey, keyOf, send, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer())
const { arns } = AlibabaSeed

it.effect("issues credentials in the service's shape", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00.500Z"))
    const { json, status } = yield* send(assumeRole({ DurationSeconds: "900", SourceIdentity: "alice" }))
    expect(status).toBe(200)
    expect(json).toEqual({
      RequestId: expect.any(String),
      Credentials: {
        AccessKeyId: expect.stringMatching(/^STS\.[A-Za-z0-9]{24}$/),
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{44}$/),
        SecurityToken: expect.stringMatching(/^CAIS[A-Za-z0-9]{196}$/),
        Expiration: "2026-01-31T12:15:00Z"
      },
      AssumedRoleUser: { Arn: `${arns.role}/session`, AssumedRoleId: "390000000000000001:session" },
      SourceIdentity: "alice"
    })
  }).pipe(emulator)
)

it.effect("issues the same from the same seed, and never the same twice", () => {
  const credentials = Effect.map(send(assumeRole()), ({ json }) => json.Credentials)
  const run = Effect.provide(Effect.all([credentials, credentials]), Emulator.layer({ randomSeed: "seed" }))
  return Effect.gen(function* () {
    const [first, second] = yield* run
    expect(first).not.toEqual(second)
    expect((yield* run)[0]).toEqual(first)
  })
})

it.effect("wants its parameters, in their forms", () =>
  Effect.gen(function* () {
    const of = (parameters: Record<string, string>) => verdict(assumeRole(parameters))
    expect(yield* verdict({ action: "AssumeRole" })).toBe("MissingParameter.RoleArn")
    expect(yield* of({ RoleSessionName: "" })).toBe("MissingParameter.RoleSessionName")
    expect(yield* of({ RoleSessionName: "a" })).toBe("InvalidParameter.RoleSessionName")
    expect(yield* of({ RoleSessionName: "with space" })).toBe("InvalidParameter.RoleSessionName")
    expect(yield* of({ RoleSessionName: "x".repeat(65) })).toBe("InvalidParameter.RoleSessionName")
    expect(yield* of({ RoleArn: "arn:aws:iam::1:role/x" })).toBe("InvalidParameter.RoleArn")
    expect(yield* of({ ExternalId: "?" })).toBe("InvalidParameter.ExternalId")
    expect(yield* of({ SourceIdentity: "acs:alice" })).toBe("InvalidParameter.SourceIdentity")
    expect(yield* of({ DurationSeconds: "899" })).toBe("InvalidParameter.DurationSeconds")
    expect(yield* of({ DurationSeconds: "3601" })).toBe("InvalidParameter.DurationSeconds")
    expect(yield* of({ DurationSeconds: "1e3" })).toBe("InvalidParameter.DurationSeconds")
    expect(yield* of({ DurationSeconds: "3600" })).toBe("OK")
    expect(yield* of({ RoleArn: arns.longRole, DurationSeconds: "43200" })).toBe("OK")
    expect(yield* of({ RoleArn: arns.longRole, DurationSeconds: "43201" })).toBe(
      "InvalidParameter.DurationSeconds"
    )
  }).pipe(emulator)
)

it.effect("checks a policy's size and grammar, and lets it narrow the session", () =>
  Effect.gen(function* () {
    const statement = (more: object) =>
      JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...more }] })
    const of = (Policy: string) => verdict(assumeRole({ Policy }))
    expect(yield* of(statement({}))).toBe("OK")
    expect(yield* of(`${statement({})}${" ".repeat(2048)}`)).toBe("InvalidParameter.PolicySize")
    expect(yield* of(statement({ Resource: "ü".repeat(1000) }))).toBe("InvalidParameter.PolicySize")
    expect(yield* of("{")).toBe("InvalidParameter.PolicyGrammar")
    expect(yield* of("{}")).toBe("InvalidParameter.PolicyGrammar")
    expect(yield* of(statement({ Effect: "Perhaps" }))).toBe("InvalidParameter.PolicyGrammar")
    expect(yield* of(statement({ Principal: { RAM: "*" } }))).toBe("InvalidParameter.PolicyGrammar")
    expect(yield* of(statement({ Unknown: 1 }))).toBe("InvalidParameter.PolicyGrammar")

    const chainedWith = (policy: string) =>
      Effect.flatMap(send(assumeRole({ Policy: policy })), (reply) =>
        verdict(assumeRole({ RoleArn: arns.chainedRole }, { key: issuedKey(reply) }))
      )
    expect(yield* chainedWith(statement({ Action: "sts:Assume*" }))).toBe("OK")
    expect(yield* chainedWith(statement({ Action: "oss:*" }))).toBe("NoPermission")
    expect(yield* chainedWith(statement({ Resource: arns.role }))).toBe("NoPermission")
  }).pipe(emulator)
)

it.effect("asks the caller's permission and the role's trust", () =>
  Effect.gen(function* () {
    const as = (name: "user" | "root" | "userWithoutPermission", RoleArn: string, more = {}) =>
      verdict(assumeRole({ RoleArn, ...more }, { key: keyOf(name) }))
    expect(yield* as("user", arns.role)).toBe("OK")
    expect(yield* as("userWithoutPermission", arns.role)).toBe("NoPermission")
    expect(yield* as("root", arns.role)).toBe("NoPermission")
    expect(yield* as("user", arns.nobodysRole)).toBe("NoPermission")
    expect(yield* as("user", arns.oidcRole)).toBe("NoPermission")
    expect(yield* as("user", "acs:ram::1234567890123456:role/none")).toBe("EntityNotExist.Role")
    expect(yield* as("user", arns.externalIdRole)).toBe("NoPermission")
    expect(yield* as("user", arns.externalIdRole, { ExternalId: "another" })).toBe("NoPermission")
    expect(yield* as("user", arns.externalIdRole, { ExternalId: AlibabaSeed.externalId })).toBe("OK")
  }).pipe(emulator)
)

it.effect("chains roles, up to the chained role's own duration", () =>
  Effect.gen(function* () {
    expect(yield* verdict(assumeRole({ RoleArn: arns.chainedRole }))).toBe("NoPermission")
    const key = issuedKey(yield* send(assumeRole()))
    const chained = (DurationSeconds: string) =>
      verdict(assumeRole({ RoleArn: arns.chainedRole, DurationSeconds }, { key }))
    expect(yield* chained("7200")).toBe("OK")
    expect(yield* chained("7201")).toBe("InvalidParameter.DurationSeconds")
  }).pipe(emulator)
)

it.effect("keeps the source identity through a chain, and lets nobody change it", () =>
  Effect.gen(function* () {
    const key = issuedKey(yield* send(assumeRole({ SourceIdentity: "alice" })))
    const chained = (more = {}) => send(assumeRole({ RoleArn: arns.chainedRole, ...more }, { key }))
    expect((yield* chained()).json.SourceIdentity).toBe("alice")
    expect((yield* chained({ SourceIdentity: "alice" })).json.SourceIdentity).toBe("alice")
    expect((yield* chained({ SourceIdentity: "mallory" })).json.Code).toBe("NoPermission")
  }).pipe(emulator)
)

it.effect("takes other accounts, at the start and later", () =>
  Effect.gen(function* () {
    const { alibaba } = yield* Emulator.Emulator
    const partner = "acs:ram::6543210987654321:role/partner"
    expect(yield* verdict(assumeRole({ RoleArn: partner }))).toBe("EntityNotExist.Role")
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
    expect((yield* send(assumeRole({ RoleArn: partner }))).json.AssumedRoleUser?.Arn).toBe(
      `${partner}/session`
    )
    expect(yield* alibaba.accounts).toHaveLength(2)
  }).pipe(emulator)
)
