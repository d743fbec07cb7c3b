/**
 * Clients of Alibaba Cloud's SDK with credentials of ours, and our credentials from its package.
 */
import { createRequire } from "node:module"
import { afterEach, assert, beforeEach, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Alibaba, Refreshing, RequestPolicy } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { AlibabaSeed, Emulator, EmulatorServer } from "../../src/testing.js"

// CommonJS whose default export hides in `.default`; `require` is the one way that always finds it.
const require = createRequire(import.meta.url)
const sts = require("@alicloud/sts20150401") as typeof import("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")
const { Config, default: Credential } =
  require("@alicloud/credentials") as typeof import("@alicloud/credentials")

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A role's credentials for 15 minutes at a time, kept and renewed. */
const role = Effect.gen(function* () {
  const assumed = yield* Alibaba.RamRoleArn.make(
    { name: "user", get: Effect.succeed(new Alibaba.Credentials(AlibabaSeed.keys.user)) },
    { roleArn: AlibabaSeed.arns.role, durationSeconds: 900 }
  )
  return Refreshing.make("alibaba", assumed)
})

const layer = Layer.effect(Alibaba.CredentialProvider, role).pipe(
  Layer.provideMerge(Alibaba.SignerAcs3.layer),
  Layer.provideMerge(NodeHttp.layerWith({ proxy: false })),
  Layer.provideMerge(EmulatorServer.layer)
)

const withRole = <A, E>(
  program: Effect.Effect<A, E, Layer.Success<typeof layer>>
): Effect.Effect<A, unknown> =>
  Effect.flatMap(EmulatorServer.EmulatorServer, ({ endpoint }) =>
    RequestPolicy.adjust({ alibaba: { endpoint } })(program)
  ).pipe(Effect.provide(layer))

const clientWith = (credential: object, signatureAlgorithm?: "v2") =>
  Effect.map(EmulatorServer.EmulatorServer, ({ port }) => {
    const protocol = "HTTP"
    const config = new $OpenApiUtil.Config({ credential, protocol, endpoint: `127.0.0.1:${port}` })
    if (signatureAlgorithm !== undefined) config.signatureAlgorithm = signatureAlgorithm
    return new sts.default(config)
  })

const usedKeys = Effect.map(
  Effect.flatMap(Emulator.Emulator, ({ requests }) => requests),
  (requests) =>
    new Set(
      requests
        .filter(({ operation }) => operation === "GetCallerIdentity")
        .map((request) => JSON.stringify(request).match(/STS\.[\w.-]+/)?.[0])
    )
)

describe("toAlibabaCredential", () => {
  for (const signature of [undefined, "v2"] as const) {
    it.live(`serves the STS client (${signature ?? "v3"}), which follows the refresher from key to key`, () =>
      withRole(
        Effect.gen(function* () {
          const credential = yield* Alibaba.toAlibabaCredential
          for (const given of [credential, new Credential(null, credential)]) {
            const client = yield* clientWith(given, signature)
            const me = yield* Effect.promise(() => client.getCallerIdentity())
            assert.strictEqual(me.body?.identityType, "AssumedRoleUser")
          }
          assert.strictEqual((yield* usedKeys).size, 1)
          vi.setSystemTime(Date.now() + 11 * 60_000)
          const client = yield* clientWith(credential, signature)
          yield* Effect.promise(() => client.getCallerIdentity())
          assert.strictEqual((yield* usedKeys).size, 2)
        })
      )
    )
  }

  it.live("answers each of the older questions", () =>
    withRole(
      Effect.gen(function* () {
        const credential = yield* Alibaba.toAlibabaCredential
        const ask = <A>(question: () => Promise<A>) => Effect.promise(question)
        const model = yield* ask(credential.getCredential)
        assert.strictEqual(yield* ask(credential.getAccessKeyId), model.accessKeyId)
        assert.strictEqual(yield* ask(credential.getAccessKeySecret), model.accessKeySecret)
        assert.strictEqual(yield* ask(credential.getSecurityToken), model.securityToken)
        assert.deepStrictEqual([credential.getBearerToken(), credential.getType()], ["", "default"])
        const { accessKeyId, accessKeySecret, securityToken } = model
        assert.include(model.toMap(), { accessKeyId, accessKeySecret, securityToken })
      })
    )
  )
})

describe("fromAlibabaCredential", () => {
  const config = {
    type: "sts",
    accessKeyId: "STS.x",
    accessKeySecret: "PLANTED-SECRET",
    securityToken: "PLANTED-TOKEN"
  }

  it.live("accepts the package's own object", () =>
    Effect.gen(function* () {
      const { accessKeyId, securityToken } = yield* Alibaba.fromAlibabaCredential(
        new Credential(new Config(config))
      ).get
      assert.strictEqual(accessKeyId, "STS.x")
      assert.isDefined(securityToken)
    })
  )

  it.live("refuses a bearer token", () =>
    Effect.gen(function* () {
      const bearer = new Credential(new Config({ type: "bearer", bearerToken: "PLANTED-TOKEN" }))
      const error = yield* Effect.flip(Alibaba.fromAlibabaCredential(bearer).get)
      assert.include(error, { _tag: "StsCredentialError", reason: "Unsupported" })
    })
  )

  it.live("round-trips", () =>
    withRole(
      Effect.gen(function* () {
        const ours = yield* Alibaba.toAlibabaCredential
        const { accessKeyId } = yield* Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get)
        assert.strictEqual((yield* Alibaba.fromAlibabaCredential(ours).get).accessKeyId, accessKeyId)
      })
    )
  )
})
