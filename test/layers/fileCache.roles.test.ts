import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  Alibaba,
  Aws,
  type CredentialSource,
  FileCache,
  MfaTokenCode,
  RequestPolicy,
  type StsConfigError
} from "../../src/index.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { ConfiguredAt } from "../../src/services/SourceRequest.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { newFolder } from "../support/folders.js"

let directory: string
beforeEach(() => {
  directory = newFolder()
})

const services = Layer.mergeAll(
  Emulator.layer,
  Aws.SignerV4.layer,
  Alibaba.SignerAcs3.layer,
  Layer.succeed(FileSystem.FileSystem, fileSystem)
)

const inRegion = RequestPolicy.adjust({ aws: { region: AwsSeed.region } })

const awsSource = (given: Partial<ConstructorParameters<typeof Aws.Credentials>[0]> = {}) => ({
  name: "stated",
  get: Effect.succeed(new Aws.Credentials({ ...AwsSeed.keys.user, ...given }))
})

const alice: CredentialSource<Aws.Credentials> = awsSource()

const cachedRole = (base: CredentialSource<Aws.Credentials>, role: Aws.AssumedRole.Options) =>
  Effect.flatMap(Aws.AssumedRole.make(base, role), (source) =>
    FileCache.make("aws", source, { directory, key: FileCache.keyOfRole("aws", base, role) })
  )

const assumed = Effect.map(
  Effect.flatMap(Emulator.Emulator, ({ requests }) => requests),
  (requests) => requests.filter(({ operation }) => operation === "AssumeRole").length
)

describe("roles behind a cache in a file", () => {
  it.effect("ask for a code once, and keep the role's source", () =>
    Effect.gen(function* () {
      const { aws } = yield* Emulator.Emulator
      const role = { roleArn: AwsSeed.arns.mfaRole, mfaSerial: AwsSeed.mfaDevice.serialNumber }
      let asked = 0
      const typed = Effect.map(aws.mfaCode(), (code) => {
        asked++
        return Redacted.make(code)
      })
      const all = yield* Effect.provide(
        Effect.replicateEffect(cachedRole(alice, role), 5),
        MfaTokenCode.layer(() => typed)
      )
      const given = yield* Effect.forEach(all, ({ get }) => get)
      assert.strictEqual(asked, 1)
      assert.strictEqual(yield* assumed, 1)
      assert.strictEqual(new Set(given.map(({ accessKeyId }) => accessKeyId)).size, 1)
      assert.deepStrictEqual(
        new Set(given.map(({ source }) => source)),
        new Set([`role ${role.roleArn} over stated`])
      )
    }).pipe(inRegion, Effect.provide(services))
  )

  it.effect("chain, each with its own file", () =>
    Effect.gen(function* () {
      const chained = Effect.flatMap(cachedRole(alice, { roleArn: AwsSeed.arns.role }), (base) =>
        cachedRole(base, { roleArn: AwsSeed.arns.chainedRole })
      )
      const [one, other] = [yield* chained, yield* chained]
      yield* one.get
      yield* other.get
      assert.strictEqual(yield* assumed, 2)
      assert.strictEqual(readdirSync(directory).length, 2)
    }).pipe(inRegion, Effect.provide(services))
  )

  it.effect("report their base's errors", () =>
    Effect.gen(function* () {
      const { get } = yield* cachedRole(Aws.Environment.source, { roleArn: AwsSeed.arns.role })
      const error = yield* Effect.flip(get)
      assert.include(error.message, "its base environment has no credentials")
      assert.deepStrictEqual(readdirSync(directory), [])
    }).pipe(inRegion, Effect.provide(services))
  )

  it.effect("of Alibaba Cloud are shared too", () =>
    Effect.gen(function* () {
      const base = {
        name: "stated",
        get: Effect.succeed(new Alibaba.Credentials(AlibabaSeed.keys.user))
      }
      const role = { roleArn: AlibabaSeed.arns.role, durationSeconds: 900 }
      const cached = Effect.flatMap(Alibaba.RamRoleArn.make(base, role), (source) =>
        FileCache.make("alibaba", source, { directory, key: FileCache.keyOfRole("alibaba", base, role) })
      )
      const [one, other] = [yield* cached, yield* cached]
      assert.deepStrictEqual((yield* other.get).accessKeyId, (yield* one.get).accessKeyId)
      assert.strictEqual(yield* assumed, 1)
    }).pipe(Effect.provide(services))
  )

  it.effect("keep the base's secret out of their files", () =>
    Effect.gen(function* () {
      const cached = yield* cachedRole(alice, { roleArn: AwsSeed.arns.role })
      yield* cached.get
      const [name = ""] = readdirSync(directory)
      const text = readFileSync(join(directory, name), "utf8")
      assert.include(text, AwsSeed.keys.user.accessKeyId)
      assert.notInclude(text, Redacted.value(AwsSeed.keys.user.secretAccessKey))
    }).pipe(inRegion, Effect.provide(services))
  )
})

const roleArn = AwsSeed.arns.role
const sessionToken = Redacted.make("token")
const keyOf = (
  given: Parameters<typeof awsSource>[0],
  role: Partial<Aws.AssumedRole.Options> = {}
): Effect.Effect<unknown, unknown> => FileCache.keyOfRole("aws", awsSource(given), { roleArn, ...role })

const same = (
  what: string,
  one: Effect.Effect<unknown, unknown>,
  other: Effect.Effect<unknown, unknown>,
  expected: boolean
) =>
  it.effect(`${expected ? "is the same" : "is another"} for ${what}`, () =>
    Effect.gen(function* () {
      const [first, second] = [yield* one, yield* other].map((key) => JSON.stringify(key))
      assert.strictEqual(first === second, expected, `${first} and ${second}`)
    }).pipe(inRegion)
  )

describe("the key of a role", () => {
  const sso = { sessionToken, source: "SSO", accountId: "123456789012" }
  same("another long-lived key", keyOf({}), keyOf({ accessKeyId: "AKIAANOTHER" }), false)
  same("another secret of the same key", keyOf({}), keyOf({ secretAccessKey: Redacted.make("x") }), true)
  same("another of the same source and account", keyOf(sso), keyOf({ ...sso, accessKeyId: "ASIANEW" }), false)
  same("what else is told of the same key", keyOf(sso), keyOf({ ...sso, source: "login" }), true)
  same(
    "where it was configured",
    keyOf({}),
    Effect.provideService(keyOf({}), ConfiguredAt, { file: "config" }),
    true
  )
  same("a stated session name", keyOf({}), keyOf({}, { roleSessionName: "me" }), false)
  same("another duration", keyOf({}, { durationSeconds: 900 }), keyOf({}, { durationSeconds: 901 }), false)
  same(
    "another endpoint",
    keyOf({}),
    keyOf({}).pipe(RequestPolicy.adjust({ aws: { endpoint: "http://127.0.0.1:1" } })) as Effect.Effect<
      unknown,
      StsConfigError
    >,
    false
  )
})
