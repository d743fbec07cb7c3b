import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Aws, MfaTokenCode, Refreshing, StsCredentialError } from "../../../src/index.js"
import { ConfiguredAt } from "../../../src/services/SourceRequest.js"
import { AwsSeed } from "../../../src/testing.js"
import { credentialError } from "../../support/refusals.js"
import { asked, aws, emulated } from "../../support/roleClouds.js"

const { arns, mfaDevice } = AwsSeed
const reader = { roleArn: arns.role, roleSessionName: "report" }

const role = (options: Aws.AssumedRole.Options, base = aws.user) =>
  Effect.provide(Aws.AssumedRole.make(base, options), Aws.SignerV4.layer)

describe("a role", () => {
  it.effect("gives its account", () =>
    emulated(() =>
      Effect.gen(function* () {
        const { accountId } = yield* (yield* role({ ...reader, roleArn: arns.memberRole })).get
        assert.strictEqual(accountId, AwsSeed.memberAccountId)
      })
    )
  )

  it.effect("carries tags, policies and a source identity", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const source = yield* role({
          ...reader,
          tags: [{ key: "team", value: "blue" }],
          transitiveTagKeys: ["team"],
          policyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
          policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}`,
          sourceIdentity: "alice"
        })
        yield* source.get
        const [request] = yield* emulator.requests
        assert.strictEqual(request?.parameter("Tags.member.1.Value"), "blue")
        assert.strictEqual(request?.parameter("TransitiveTagKeys.member.1"), "team")
        assert.strictEqual(
          request?.parameter("PolicyArns.member.1.arn"),
          "arn:aws:iam::aws:policy/ReadOnlyAccess"
        )
        assert.strictEqual(request?.parameter("SourceIdentity"), "alice")
        assert.include(request?.parameter("Policy") ?? "", "2012-10-17")
      })
    )
  )

  it.effect("role chaining is limited to an hour, with a hint", () =>
    emulated(() =>
      Effect.gen(function* () {
        const chained = { roleArn: arns.chainedRole, durationSeconds: 7200 }
        const error = yield* credentialError((yield* role(chained, yield* role(reader))).get)
        assert.strictEqual(error.reason, "Refused")
        assert.include(error.message, "role chaining")
        assert.include(error.message, "at most 3600 seconds")
      })
    )
  )

  it.effect("a user's role that lasts too long gets no such hint", () =>
    emulated(() =>
      Effect.gen(function* () {
        const error = yield* credentialError((yield* role({ ...reader, durationSeconds: 7200 })).get)
        assert.notInclude(error.message, "at most 3600 seconds")
      })
    )
  )
})

describe("a role that needs MFA", () => {
  const mfa = { roleArn: arns.mfaRole, mfaSerial: mfaDevice.serialNumber }

  it.effect("asks for a code each time the role is assumed", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const serials: Array<string> = []
        const codes = MfaTokenCode.layer((serial) =>
          Effect.map(emulator.aws.mfaCode(), (code) => {
            serials.push(serial)
            return Redacted.make(code)
          })
        )
        const bare = yield* role(mfa)
        const source = Refreshing.make("aws", bare)
        yield* Effect.all(
          Array.from({ length: 100 }, () => source.get),
          { concurrency: "unbounded" }
        ).pipe(Effect.provide(codes))
        assert.deepStrictEqual(serials, [mfaDevice.serialNumber])
        yield* TestClock.adjust("61 minutes")
        yield* Effect.provide(source.get, codes)
        assert.strictEqual(serials.length, 2)
        assert.deepStrictEqual(yield* asked(emulator), ["AssumeRole", "AssumeRole"])
      })
    )
  )

  it.effect("asks the provider of its layer", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const codes = MfaTokenCode.layer(() => Effect.map(emulator.aws.mfaCode(), Redacted.make))
        const layer = Aws.AssumedRole.layer(mfa).pipe(
          Layer.provide(Layer.mergeAll(Aws.Static.layer(AwsSeed.keys.user), Aws.SignerV4.layer, codes))
        )
        const { get } = yield* Effect.provide(Aws.CredentialProvider, layer)
        assert.include((yield* get).accessKeyId, "ASIA")
      })
    )
  )

  it.effect("fails without a code provider, and sends nothing", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const where = { file: "/config", line: 3, profile: "auditor" }
        const error = yield* credentialError(
          (yield* Effect.provideService(role(mfa), ConfiguredAt, where)).get
        )
        assert.strictEqual(error.reason, "Incomplete")
        assert.include(error.message, "/config:3")
        assert.strictEqual(error.profile, "auditor")
        assert.include(error.message, mfaDevice.serialNumber)
        assert.include(error.message, "MfaTokenCode.layer")
        assert.deepStrictEqual(yield* asked(emulator), [])
      })
    )
  )

  it.effect("does not ask for a code when its base has no credentials", () =>
    emulated(() =>
      Effect.gen(function* () {
        const codes = MfaTokenCode.layer(() => Effect.die(new Error("asked")))
        const { get } = yield* role(mfa, Aws.Environment.source)
        const error = yield* credentialError(Effect.provide(get, codes))
        assert.strictEqual(error.reason, "Incomplete")
      })
    )
  )

  it.effect("refuses an invalid code without showing it", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const codes = MfaTokenCode.layer(() => Effect.succeed(Redacted.make("12 34")))
        const { get } = yield* Effect.provideService(role(mfa), ConfiguredAt, { file: "/config", line: 3 })
        const error = yield* credentialError(Effect.provide(get, codes))
        assert.strictEqual(error.reason, "Malformed")
        assert.strictEqual(error.key, "tokenCode")
        assert.strictEqual(error.line, 3)
        assert.include(error.message, "six digits")
        assert.notInclude(JSON.stringify(error) + error.message, "12 34")
        assert.deepStrictEqual(yield* asked(emulator), [])
      })
    )
  )

  it.effect("waits for as long as somebody types", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const codes = MfaTokenCode.layer(() =>
          Effect.andThen(Effect.sleep("10 minutes"), Effect.map(emulator.aws.mfaCode(), Redacted.make))
        )
        const { get } = yield* role({ roleArn: arns.memberRole }, yield* role(mfa))
        const waiting = yield* Effect.forkChild(Effect.result(Effect.provide(get, codes)))
        yield* TestClock.adjust("11 minutes")
        yield* Fiber.join(waiting)
        assert.strictEqual((yield* asked(emulator)).length, 2)
      })
    )
  )

  it.effect("passes on why no code was given", () =>
    emulated(() =>
      Effect.gen(function* () {
        const gone = new StsCredentialError({
          cloud: "aws",
          source: "MFA",
          reason: "Unavailable",
          detail: "nobody answers"
        })
        const { get } = yield* role(mfa)
        const error = yield* credentialError(
          Effect.provide(
            get,
            MfaTokenCode.layer(() => Effect.fail(gone))
          )
        )
        assert.strictEqual(error, gone)
      })
    )
  )
})
