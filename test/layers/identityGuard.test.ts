/**
 * Guards against acting as somebody else, in both clouds.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Aws } from "../../src/index.js"
import { AwsSeed } from "../../src/testing.js"
import { credentialError } from "../support/refusals.js"
import { alibaba, asked, aws, emulated, type Given, type RoleCloud } from "../support/roleClouds.js"

const suite = <C extends Given>(cloud: RoleCloud<C>) => {
  const { arns, expectAccount, expectArn, role, user } = cloud
  const reader = { roleArn: arns.role, roleSessionName: "report" }

  it.effect("the expected account passes, checked once per key", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const source = yield* expectAccount(cloud.account)(user)
        assert.strictEqual(source.name, user.name)
        assert.deepStrictEqual(yield* asked(emulator), [])
        const given = yield* Effect.all(
          Array.from({ length: 100 }, () => source.get),
          { concurrency: "unbounded" }
        )
        assert.strictEqual(given.length, 100)
        assert.deepStrictEqual(yield* asked(emulator), ["GetCallerIdentity"])
      })
    )
  )

  it.effect("another account fails, and the error names both", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const { get } = yield* expectAccount("999999999999")(user)
        const error = yield* credentialError(get)
        assert.strictEqual(error.reason, "UnexpectedIdentity")
        assert.strictEqual(error.source, user.name)
        assert.include(error.message, "999999999999")
        assert.include(error.message, cloud.account)
        assert.strictEqual((yield* credentialError(get)).reason, "UnexpectedIdentity")
        assert.strictEqual((yield* asked(emulator)).length, 1)
      })
    )
  )

  it.effect("an identity matches by ARN, pattern or role", () =>
    emulated(() =>
      Effect.gen(function* () {
        const assumed = yield* role(user, reader)
        for (const wanted of [cloud.sessionArn("report"), cloud.sessionArn("*"), arns.role]) {
          yield* (yield* expectArn(wanted)(assumed)).get
        }
        for (const wanted of [arns.user, `${arns.role}s`, arns.nobodysRole, cloud.sessionArn("other")]) {
          const error = yield* credentialError((yield* expectArn(wanted)(assumed)).get)
          assert.strictEqual(error.reason, "UnexpectedIdentity")
          assert.include(error.message, wanted)
          assert.include(error.message, cloud.sessionArn("report"))
        }
      })
    )
  )

  it.effect("nothing passes unchecked while the service is down", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const { get } = yield* expectAccount(cloud.account)(user)
        yield* emulator.addFault({ _tag: "BadGateway" }, { times: 3 })
        const error = yield* credentialError(get)
        assert.strictEqual(error.reason, "Unavailable")
        assert.include(error.source, "identity check")
        assert.isNotEmpty((yield* get).accessKeyId)
      })
    )
  )

  it.effect("each new key is checked", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        let one = user
        const changing = { name: "changing", get: Effect.suspend(() => one.get) }
        const { get } = yield* expectArn(arns.user)(changing)
        yield* get
        one = cloud.userWithoutPermission
        assert.strictEqual((yield* credentialError(get)).reason, "UnexpectedIdentity")
        one = user
        yield* get
        assert.strictEqual((yield* asked(emulator)).length, 2)
      })
    )
  )

  it.effect("a refused key is replaced before it is checked again", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const refused: Array<string> = []
        const base = {
          name: "stale",
          get: Effect.suspend(() => (refused.length === 0 ? stale : user.get)),
          invalidate: (id: string) => Effect.sync(() => void refused.push(id))
        }
        const stale = Effect.map(user.get, (credentials) =>
          Object.assign(Object.create(Object.getPrototypeOf(credentials)) as C, credentials, {
            accessKeyId: "LTAIGONEGONEGONE0000"
          })
        )
        const { get } = yield* expectArn(arns.user)(base)
        const { accessKeyId } = yield* get
        assert.deepStrictEqual(refused, ["LTAIGONEGONEGONE0000"])
        assert.notStrictEqual(accessKeyId, refused[0])
        assert.strictEqual((yield* asked(emulator)).length, 2)
      })
    )
  )

  it.effect("a failing base's error is passed on", () =>
    emulated(() =>
      Effect.gen(function* () {
        const error = yield* credentialError((yield* expectAccount("1")(cloud.environment)).get)
        assert.strictEqual(error.reason, "NotConfigured")
      })
    )
  )
}

describe("guards on AWS", () => {
  suite(aws)

  it.effect("the account in the credentials is not trusted", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const stated = new Aws.Credentials({ ...AwsSeed.keys.user, accountId: "999999999999" })
        const source = { name: "environment", get: Effect.succeed(stated) }
        const error = yield* credentialError((yield* aws.expectAccount("999999999999")(source)).get)
        assert.strictEqual(error.reason, "UnexpectedIdentity")
        assert.include(error.message, aws.account)
        yield* (yield* aws.expectAccount(aws.account)(source)).get
        assert.strictEqual((yield* asked(emulator)).length, 2)
      })
    )
  )

  it.effect("a provider's layer can be guarded, and operations fail with its error", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const guarded = (arn: string) =>
          Aws.Static.layer(AwsSeed.keys.user).pipe(Aws.expectArn(arn), Layer.provideMerge(Aws.SignerV4.layer))
        const { arn } = yield* Effect.provide(Aws.getCallerIdentity(), guarded("arn:aws:iam::*:user/al?ce"))
        assert.strictEqual(arn, AwsSeed.arns.user)
        yield* emulator.clearRequests
        const error = yield* Effect.flip(
          Effect.provide(Aws.assumeRole({ roleArn: AwsSeed.arns.role, roleSessionName: "x1" }), guarded("no"))
        )
        assert.strictEqual(error._tag === "StsCredentialError" && error.reason, "UnexpectedIdentity")
        assert.deepStrictEqual(yield* asked(emulator), ["GetCallerIdentity"])
      })
    )
  )
})

describe("guards on Alibaba Cloud", () => suite(alibaba))
