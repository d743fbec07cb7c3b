/**
 * Credentials of many roles, in both clouds.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { Aws, MfaTokenCode, RequestPolicy } from "../../src/index.js"
import { ConfiguredAt } from "../../src/services/SourceRequest.js"
import { AwsSeed } from "../../src/testing.js"
import {
  alibaba,
  asked,
  aws,
  emulated,
  type Given,
  type Role,
  type RoleCloud
} from "../support/roleClouds.js"
import { VirtualClock } from "../support/time.js"

const every = { concurrency: "unbounded" } as const

const suite = <C extends Given>(cloud: RoleCloud<C>) => {
  const { arns, keyed, user } = cloud
  const reader: Role = { roleArn: arns.role, roleSessionName: "report" }
  const calls = (emulator: Parameters<typeof asked>[0]) => Effect.map(asked(emulator), (all) => all.length)

  it.effect("1000 concurrent requests for one role cause one call", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const given = yield* Effect.forEach(
          Array.from({ length: 1000 }),
          () => roles.get(user, { ...reader }),
          every
        )
        assert.strictEqual(new Set(given.map(({ accessKeyId }) => accessKeyId)).size, 1)
        assert.strictEqual(yield* calls(emulator), 1)
      })
    )
  )

  it.effect("any difference in the session makes another call", () =>
    emulated(() =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const different: ReadonlyArray<Role> = [
          reader,
          { ...reader, roleSessionName: "other" },
          { ...reader, durationSeconds: 900 },
          { ...reader, externalId: "tenant" },
          { ...reader, policy: `{"Version":"1","Statement":[]}` },
          { roleArn: arns.externalIdRole, roleSessionName: "report" }
        ]
        yield* Effect.forEach([...different, ...different], (role) => Effect.result(roles.get(user, role)))
        assert.strictEqual(roles.size(), different.length)
        yield* roles.get(cloud.environment, reader).pipe(Effect.result)
        assert.strictEqual(roles.size(), different.length + 1)
      })
    )
  )

  it.effect("field order and configuration place make no difference", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        yield* roles.get(user, { roleArn: arns.role, roleSessionName: "report", durationSeconds: 900 })
        const same = roles.get(user, { durationSeconds: 900, roleSessionName: "report", roleArn: arns.role })
        yield* Effect.provideService(same, ConfiguredAt, { file: "/config", line: 1, profile: "reader" })
        assert.strictEqual(yield* calls(emulator), 1)
      })
    )
  )

  it.effect("another endpoint, region or configuration makes another session", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const one = roles.get(user, reader)
        yield* one
        const elsewhere = { aws: { region: "eu-west-3" }, alibaba: { region: "eu-central-1" } }
        yield* RequestPolicy.adjust(elsewhere)(one)
        assert.strictEqual(yield* calls(emulator), 2)
        yield* Effect.provideService(
          one,
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ AWS_REGION: AwsSeed.region })
        )
        assert.strictEqual(yield* calls(emulator), 3)
      })
    )
  )

  it.effect("any difference in settings of both clouds makes another session", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const asked = (allowed: string) =>
          Effect.provideService(
            roles.get(user, reader),
            ConfigProvider.ConfigProvider,
            ConfigProvider.fromUnknown({ AWS_REGION: AwsSeed.region, EFFECT_STS_ALLOW_HTTP: allowed })
          )
        yield* Effect.all([asked("true"), asked("true"), asked("false")])
        assert.strictEqual(yield* calls(emulator), 2)
      })
    )
  )

  it.effect("two tenants in one program never share sessions", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const asTenant = (id: string, secret: string) =>
          roles
            .get(cloud.environment, reader)
            .pipe(
              Effect.result,
              Effect.provideService(
                ConfigProvider.ConfigProvider,
                ConfigProvider.fromUnknown(cloud.environmentKeys(id, secret))
              )
            )
        const first = yield* asTenant("LTAI1", "one")
        const second = yield* asTenant("LTAI2", "two")
        assert.strictEqual(first._tag, "Failure")
        assert.strictEqual(second._tag, "Failure")
        const ids = (yield* emulator.requests).map((request) => request.header("authorization"))
        assert.strictEqual(ids.length, 2)
        assert.isTrue(ids[0]?.includes("LTAI1") && !ids[0]?.includes("LTAI2"))
        assert.isTrue(ids[1]?.includes("LTAI2") && !ids[1]?.includes("LTAI1"))
      })
    )
  )

  it.effect("900-second credentials cost a few calls an hour", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const clock = new VirtualClock()
        const roles = yield* keyed()
        const read = Effect.provideService(
          roles.get(user, { ...reader, durationSeconds: 900 }),
          Clock.Clock,
          clock
        )
        for (let second = 0; second < 3600; second++) {
          const { expiration } = yield* read
          assert.isAbove(expiration ? DateTime.toEpochMillis(expiration) : 0, second * 1000)
          clock.jump(1000)
        }
        const made = yield* calls(emulator)
        assert.isAtLeast(made, 4)
        assert.isAtMost(made, 7)
      })
    )
  )

  it.effect("the least recently used session is evicted", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed(2)
        const named = (roleSessionName: string) => roles.get(user, { ...reader, roleSessionName })
        yield* named("one")
        yield* named("two")
        yield* named("one")
        yield* named("three")
        assert.strictEqual(roles.size(), 2)
        yield* named("one")
        assert.strictEqual(yield* calls(emulator), 3)
        yield* named("two")
        assert.strictEqual(yield* calls(emulator), 4)
      })
    )
  )

  it.effect("an interrupted caller does not affect others", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        yield* emulator.addFault({ _tag: "Latency", duration: "5 seconds" as never })
        const first = yield* Effect.forkChild(roles.get(user, reader))
        const second = yield* Effect.forkChild(roles.get(user, reader))
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("10 seconds")
        assert.isNotEmpty((yield* Fiber.join(second)).accessKeyId)
        assert.strictEqual(yield* calls(emulator), 1)
      })
    )
  )

  it.effect("expired credentials are renewed within the call", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        const refusal = { _tag: "Refused", status: 403, code: cloud.expired, message: "ended" } as const
        yield* emulator.addFault(refusal, { operation: "GetCallerIdentity" })
        assert.strictEqual(yield* roles.as(user, reader), cloud.sessionArn("report"))
        const once = ["AssumeRole", "GetCallerIdentity"]
        assert.deepStrictEqual(yield* asked(emulator), [...once, ...once])
        assert.strictEqual(yield* roles.as(user, reader), cloud.sessionArn("report"))
        assert.strictEqual(yield* calls(emulator), 5)
      })
    )
  )

  it.effect("an effect runs as a role, and as a role over it", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* keyed()
        assert.strictEqual(yield* roles.as(user, reader), cloud.sessionArn("report"))
        assert.strictEqual(yield* calls(emulator), 2)
        const chained = { roleArn: arns.chainedRole, roleSessionName: "second" }
        assert.include(yield* roles.as(user, reader, chained), "chained/second")
        assert.include(yield* roles.as(user, reader, chained), "chained/second")
        const operations = yield* asked(emulator)
        assert.strictEqual(operations.filter((operation) => operation === "AssumeRole").length, 2)
      })
    )
  )
}

describe("roles by key on AWS", () => {
  suite(aws)

  const over = (roles: Aws.RoleCredentialsCache["Service"], role: Aws.AssumedRole.Options) =>
    Aws.roleCredentials(role).pipe(
      Effect.provideService(Aws.CredentialProvider, aws.user),
      Effect.provideService(Aws.RoleCredentialsCache, roles),
      Effect.provide(Aws.SignerV4.layer)
    )

  it.effect("order of tags and policies does not matter", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* Effect.provide(Aws.RoleCredentialsCache, Aws.RoleCredentialsCache.layer)
        const tags = [
          { key: "team", value: "blue" },
          { key: "stage", value: "test" }
        ]
        const role = { roleArn: AwsSeed.arns.role }
        yield* over(roles, { ...role, tags })
        yield* over(roles, { ...role, tags: tags.map(({ key, value }) => ({ value, key })).reverse() })
        assert.strictEqual((yield* emulator.requests).length, 1)
        yield* over(roles, { ...role, tags: tags.slice(1) })
        yield* over(roles, { ...role, tags, sourceIdentity: "alice" })
        assert.strictEqual((yield* emulator.requests).length, 3)
      })
    )
  )

  it.effect("an MFA session is not shared between users", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const roles = yield* Effect.provide(Aws.RoleCredentialsCache, Aws.RoleCredentialsCache.layer)
        const mfaSerial = AwsSeed.mfaDevice.serialNumber
        const role = over(roles, { roleArn: AwsSeed.arns.mfaRole, mfaSerial })
        const asking = (asked: Array<string>, name: string) =>
          MfaTokenCode.layer((serial) =>
            Effect.andThen(
              Effect.sync(() => asked.push(name)),
              Effect.die(new Error(serial))
            )
          )
        const who: Array<string> = []
        yield* Effect.exit(Effect.provide(role, asking(who, "alice")))
        yield* Effect.exit(Effect.provide(role, asking(who, "bob")))
        assert.deepStrictEqual(who, ["alice", "bob"])
        assert.deepStrictEqual(yield* asked(emulator), [])
      })
    )
  )
})

describe("roles by key on Alibaba Cloud", () => suite(alibaba))
