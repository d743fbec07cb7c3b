import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Blocking } from "../../src/blocking.js"
import { Alibaba, Aws } from "../../src/index.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { startServers } from "../support/emulators.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { identity, identityDocument, refusal, reply, runOver, scripted, secret } from "../support/scripted.js"

describe("the reply behind a response", () => {
  it.effect("is available for both clouds, signed and anonymous", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const aws = yield* Aws.withReply(Aws.getCallerIdentity()).pipe(signedForAws())
      assert.strictEqual(aws.response.arn, AwsSeed.arns.user)
      assert.strictEqual(aws.reply.status, 200)
      assert.strictEqual(aws.reply.requestId, aws.response.requestId)
      assert.isNotEmpty(aws.reply.requestId ?? "")
      assert.match(aws.reply.headers["content-type"] ?? "", /xml/)
      const alibaba = yield* Alibaba.getCallerIdentity().pipe(Alibaba.withReply, signedWith("acs3"))
      assert.strictEqual(alibaba.response.arn, AlibabaSeed.arns.user)
      assert.strictEqual(alibaba.reply.requestId, alibaba.response.requestId)
      assert.match(alibaba.reply.headers["content-type"] ?? "", /json/)
      const webIdentityToken = yield* emulator.aws.mintOidcToken()
      const anonymous = yield* Aws.withReply(
        Aws.assumeRoleWithWebIdentity({
          roleArn: AwsSeed.arns.oidcRole,
          roleSessionName: "report",
          webIdentityToken
        })
      )
      assert.strictEqual(anonymous.reply.status, 200)
      assert.strictEqual(anonymous.reply.attempts, 1)
    }).pipe(calling("http://127.0.0.1"), Effect.provide(Emulator.layer))
  )

  it("is available under runSync", async () => {
    const servers = await startServers()
    const { endpoint } = servers.emulator()
    const { reply: found } = Effect.runSync(
      Aws.withReply(Aws.getCallerIdentity()).pipe(
        signedForAws(),
        calling(endpoint),
        Effect.provide(Blocking.layerWith({ proxy: false }))
      )
    )
    await servers.close()
    assert.strictEqual(found.status, 200)
    assert.isDefined(found.headers["date"])
  })

  it.effect("is that of the last attempt, with the number of attempts", () => {
    const http = scripted(refusal(500, "InternalError"), identity)
    return Effect.gen(function* () {
      const { reply: found } = yield* Alibaba.withReply(Alibaba.getCallerIdentity())
      assert.deepStrictEqual([found.status, found.attempts, found.requestId], [200, 2, "REQ-OK"])
    }).pipe(
      runOver(http),
      calling("http://127.0.0.1"),
      Effect.provideService(Clock.Clock, Effect.runSync(Clock.Clock))
    )
  })

  it.effect("belongs to its cloud, and is absent without a call", () =>
    Effect.gen(function* () {
      const mine = yield* Alibaba.withReply(Aws.withReply(Alibaba.getCallerIdentity()))
      assert.strictEqual(mine.reply.status, 200)
      assert.deepStrictEqual(
        [mine.response.reply.status, mine.response.reply.attempts, mine.response.reply.requestId],
        [0, 0, undefined]
      )
    }).pipe(runOver(scripted(identity)))
  )

  it.effect("shows no secret in its headers", () => {
    const headers = { "set-cookie": "sid=PLANTED-COOKIE", "x-echo": `key=${secret}`, "x-trace": "visible" }
    return Effect.gen(function* () {
      const { reply: found } = yield* Alibaba.withReply(Alibaba.getCallerIdentity())
      assert.strictEqual(found.headers["x-trace"], "visible")
      assert.include(found.headers["set-cookie"], "PLANTED-COOKIE")
      for (const text of [inspect(found, { depth: null }), JSON.stringify(found), String(found.headers)]) {
        assert.notInclude(text, "PLANTED")
        assert.include(text, "visible")
      }
      assert.notInclude(found.headers["x-echo"], secret)
    }).pipe(runOver(scripted(reply(200, identityDocument, headers))))
  })
})
