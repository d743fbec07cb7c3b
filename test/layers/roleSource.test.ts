/**
 * Roles over other sources, in both clouds.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Chain, type CredentialSource, StsCredentialError, StsTransportError } from "../../src/index.js"
import { ConfiguredAt } from "../../src/services/SourceRequest.js"
import { credentialError } from "../support/refusals.js"
import { alibaba, asked, aws, emulated, type Given, noon, type RoleCloud } from "../support/roleClouds.js"

const where = { file: "/home/alice/config", line: 7, profile: "auditor" }

const suite = <C extends Given>(cloud: RoleCloud<C>) => {
  const { arns, role, user, whoIs } = cloud
  const reader = { roleArn: arns.role, roleSessionName: "report" }

  it.effect("gives the role's credentials with their source", () =>
    emulated(() =>
      Effect.gen(function* () {
        const source = yield* role(user, reader)
        const credentials = yield* source.get
        assert.strictEqual(source.name, `role ${arns.role} over a key`)
        assert.strictEqual(credentials.source, source.name)
        assert.strictEqual(yield* whoIs(source), cloud.sessionArn("report"))
        const { expiration } = credentials
        assert.strictEqual(expiration && DateTime.toEpochMillis(expiration), noon + 3_600_000)
      })
    )
  )

  it.effect("nothing is requested before credentials are needed", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        yield* role({ name: "a base", get: Effect.die(new Error("asked")) }, reader)
        assert.deepStrictEqual(yield* asked(emulator), [])
      })
    )
  )

  it.effect("sessions without a name share one valid name", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const source = yield* role(user, { roleArn: arns.role })
        yield* source.get
        yield* source.get
        yield* (yield* role(user, { roleArn: arns.role })).get
        const names = (yield* emulator.requests).map((one) => one.parameter("RoleSessionName"))
        assert.match(names[0] ?? "", /^effect-sts-[A-Za-z0-9]{16}$/)
        assert.strictEqual(names[1], names[0])
        assert.notStrictEqual(names[2], names[0])
      })
    )
  )

  it.effect("roles chain by nesting", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const inner = yield* role(user, reader)
        const outer = yield* role(inner, { roleArn: arns.chainedRole, roleSessionName: "second" })
        const credentials = yield* outer.get
        assert.strictEqual(credentials.source, `role ${arns.chainedRole} over role ${arns.role} over a key`)
        assert.deepStrictEqual(yield* asked(emulator), ["AssumeRole", "AssumeRole"])
      })
    )
  )

  it.effect("the base is asked once per call", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        let times = 0
        const base = {
          ...user,
          get: Effect.andThen(
            Effect.sync(() => times++),
            user.get
          )
        }
        yield* emulator.addFault({ _tag: "BadGateway" }, { times: 2 })
        const source = yield* role(base, reader)
        yield* source.get
        assert.strictEqual((yield* emulator.requests).length, 3)
        assert.strictEqual(times, 1)
      })
    )
  )

  it.effect("a base without credentials fails the role and its chain", () =>
    emulated(() =>
      Effect.gen(function* () {
        const source = yield* Effect.provideService(role(cloud.environment, reader), ConfiguredAt, where)
        const error = yield* credentialError(source.get)
        assert.strictEqual(error.reason, "Incomplete")
        assert.strictEqual(error.source, `role ${arns.role} over environment`)
        assert.strictEqual(error.detail, "its base environment has no credentials")
        assert.strictEqual(error.file, where.file)
        assert.strictEqual(error.line, where.line)
        assert.strictEqual(error.profile, where.profile)
        assert.deepStrictEqual(
          error.attempts?.map(({ source, reason }) => [source, reason]),
          [["environment", "NotConfigured"]]
        )
      })
    )
  )

  it.effect("a role without a base counts as broken, not as not configured", () =>
    emulated(() =>
      Effect.gen(function* () {
        const reason = "NotConfigured"
        const empty = new StsCredentialError({
          cloud: cloud.cloud,
          source: "nothing",
          reason,
          detail: "it is"
        })
        const source = yield* role({ name: "nothing", get: Effect.fail(empty) }, reader)
        const { attempts, outcome } = yield* Chain.trace(cloud.cloud, "mine", [source, user])
        assert.deepStrictEqual(
          attempts.map((attempt) => [attempt.source, attempt.reason]),
          [[source.name, "Incomplete"]]
        )
        assert.strictEqual(outcome._tag, "Failure")
        const lenient = yield* credentialError(
          Chain.make(cloud.cloud, "mine", [source], { continueOnFailure: true }).get
        )
        assert.strictEqual(lenient.reason, "Incomplete")
        const nested = Chain.make(cloud.cloud, "inner", [{ name: "nothing", get: Effect.fail(empty) }])
        const told = yield* Chain.trace(cloud.cloud, "outer", [nested])
        assert.deepStrictEqual(
          told.attempts.map((attempt) => attempt.source),
          ["nothing"]
        )
      })
    )
  )

  it.effect("an unavailable base is retryable", () =>
    emulated(() =>
      Effect.gen(function* () {
        const { cloud: name } = cloud
        const where = { cloud: name, operation: "metadata", host: "169.254.169.254" }
        const silent = new StsTransportError({ ...where, reason: "Timeout", retryable: true })
        const absent = new StsCredentialError({
          cloud: name,
          source: "metadata",
          reason: "NotConfigured",
          detail: "nothing answers",
          cause: silent
        })
        const source = yield* role({ name: "metadata", get: Effect.fail(absent) }, reader)
        const error = yield* credentialError(source.get)
        assert.strictEqual(error.reason, "Unavailable")
        assert.isTrue(error.retryable)
      })
    )
  )

  it.effect("a broken base is not retryable", () =>
    emulated(() =>
      Effect.gen(function* () {
        const { cloud: name } = cloud
        const broken = new StsCredentialError({
          cloud: name,
          source: "vault",
          reason: "Expired",
          detail: "log in"
        })
        const source = yield* role({ name: "vault", get: Effect.fail(broken) }, reader)
        assert.strictEqual(yield* credentialError(source.get), broken)
      })
    )
  )

  it.effect("a refusal shows the service's code, the role and its place", () =>
    emulated(() =>
      Effect.gen(function* () {
        const source = yield* Effect.provideService(
          role(cloud.userWithoutPermission, reader),
          ConfiguredAt,
          where
        )
        const error = yield* credentialError(source.get)
        assert.strictEqual(error.reason, "Refused")
        assert.strictEqual(error.cause?._tag === "StsApiError" && error.cause.code, cloud.denied)
        assert.include(error.message, cloud.denied)
        assert.include(error.message, arns.role)
        assert.include(error.message, "/home/alice/config:7")
        assert.isFalse(error.retryable)
      })
    )
  )

  it.effect("an unavailable service is retryable", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        yield* emulator.addFault({ _tag: "BadGateway" }, { times: 3 })
        const error = yield* credentialError((yield* role(user, reader)).get)
        assert.strictEqual(error.reason, "Unavailable")
      })
    )
  )

  it.effect("an invalid field is named, and nothing is sent", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const source = yield* Effect.provideService(
          role(user, { ...reader, durationSeconds: 60 }),
          ConfiguredAt,
          where
        )
        const error = yield* credentialError(source.get)
        assert.strictEqual(error.reason, "Malformed")
        assert.strictEqual(error.key, "durationSeconds")
        assert.strictEqual(error.line, 7)
        assert.deepStrictEqual(yield* asked(emulator), [])
      })
    )
  )

  it.effect("all options of the role are sent", () =>
    emulated(() =>
      Effect.gen(function* () {
        const third = { roleArn: arns.externalIdRole, roleSessionName: "report" }
        const refused = yield* credentialError((yield* role(user, third)).get)
        assert.strictEqual(refused.reason, "Refused")
        const source = yield* role(user, {
          ...third,
          externalId: "effect-sts-external-id",
          durationSeconds: 900
        })
        const { expiration } = yield* source.get
        assert.strictEqual(expiration && DateTime.toEpochMillis(expiration), noon + 900_000)
      })
    )
  )

  it.effect("an expired base is renewed within the role's call", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const { get } = yield* role(user, { ...reader, durationSeconds: 900 })
        // Credentials that do not say when they end, and that their owner keeps until somebody refuses them.
        const endless = Effect.map(
          get,
          (credentials) =>
            Object.assign(Object.create(Object.getPrototypeOf(credentials)), credentials, {
              expiration: undefined
            }) as C
        )
        let kept: C | undefined
        const base: CredentialSource<C> = {
          name: "reader",
          get: Effect.suspend(() =>
            kept === undefined
              ? Effect.tap(endless, (credentials) =>
                  Effect.sync(() => {
                    kept = credentials
                  })
                )
              : Effect.succeed(kept)
          ),
          invalidate: () =>
            Effect.sync(() => {
              kept = undefined
            })
        }
        const middle: CredentialSource<C> = yield* role(base, {
          roleArn: arns.chainedRole,
          roleSessionName: "middle"
        })
        yield* middle.get
        yield* emulator.clearRequests
        yield* TestClock.adjust("16 minutes")
        const credentials = yield* middle.get
        assert.isDefined(credentials.expiration)
        const verdicts = (yield* emulator.requests).map(({ verdict }) => verdict)
        assert.strictEqual(verdicts.length, 3)
        assert.strictEqual(verdicts[0], cloud.expired)
      })
    )
  )

  it.effect("errors contain no secret", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        yield* emulator.addFault({ _tag: "Refused", status: 403, code: cloud.denied, message: "no" })
        const error = yield* credentialError((yield* role(user, reader)).get)
        assert.notInclude(JSON.stringify(error) + error.message, "emulator-secret")
      })
    )
  )
}

describe("roles on AWS", () => suite(aws))
describe("roles on Alibaba Cloud", () => suite(alibaba))
