import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "effect-sts/alibaba"
import { AlibabaSeed, Emulator, Fault } from "effect-sts/testing"

const cloud = Layer.mergeAll(
  Emulator.layer, // an HttpClient that answers in process, by the test's clock
  Alibaba.SignerAcs3.layer,
  Alibaba.Static.layer(AlibabaSeed.keys.user)
)

it.effect("a throttled call waits and succeeds", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    yield* emulator.addFault(Fault.throttled({ retryAfter: "2 seconds" }))
    const call = yield* Effect.forkChild(Alibaba.getCallerIdentity())
    yield* TestClock.adjust("3 seconds") // no real time passes
    const me = yield* Fiber.join(call)
    assert.strictEqual(me.arn, AlibabaSeed.arns.user)
    assert.strictEqual((yield* emulator.requests).length, 2)
  }).pipe(Effect.provide(cloud))
)

it.effect("credentials run out", () =>
  Effect.gen(function* () {
    const { credentials } = yield* Alibaba.assumeRole({
      roleArn: AlibabaSeed.arns.role,
      roleSessionName: "test",
      durationSeconds: 900
    })
    yield* TestClock.adjust("16 minutes")
    assert.isTrue(yield* credentials.isExpired)
    const error = yield* Alibaba.getCallerIdentity().pipe(
      Effect.provide(Alibaba.Static.layer(credentials)),
      Effect.flip
    )
    assert.include(error.message, "InvalidSecurityToken.Expired")
  }).pipe(Effect.provide(cloud))
)
