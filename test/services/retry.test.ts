import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import { RequestPolicy } from "../../src/index.js"
import {
  type Answer,
  fault,
  identity,
  never,
  refusal,
  reply,
  scripted,
  signing
} from "../support/scripted.js"

const start = (answers: ReadonlyArray<Answer>, options: Parameters<typeof RequestPolicy.adjust>[0] = {}) => {
  const http = scripted(...answers)
  const call = Alibaba.getCallerIdentity().pipe(
    RequestPolicy.adjust({ jitter: false, ...options }),
    Effect.provide(Layer.merge(http.layer, signing))
  )
  return Effect.map(Effect.forkChild(call), (fiber) => ({ fiber, sent: http.sent }))
}

const failure = <A, E>(exit: Exit.Exit<A, E>): E =>
  Exit.isFailure(exit) ? (Cause.squash(exit.cause) as E) : assert.fail("the call succeeded")

describe("retry", () => {
  it.effect("waits 50 ms, then 100 ms, and signs each attempt again", () =>
    Effect.gen(function* () {
      const { fiber, sent } = yield* start([reply(500, "{}"), refusal(503, "ServiceUnavailable"), identity])
      yield* TestClock.adjust("49 millis")
      assert.strictEqual(sent.length, 1)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(sent.length, 2)
      yield* TestClock.adjust("99 millis")
      assert.strictEqual(sent.length, 2)
      yield* TestClock.adjust("1 millis")
      const me = yield* Fiber.join(fiber)
      assert.strictEqual(me.arn, "acs:ram::123456789012:user/alice")
      const nonces = new Set(sent.map(({ headers }) => headers["x-acs-signature-nonce"]))
      const signatures = new Set(sent.map(({ headers }) => headers["authorization"]))
      assert.strictEqual(nonces.size, 3)
      assert.strictEqual(signatures.size, 3)
    })
  )

  it.effect("ends after the policy's attempts with the last error", () =>
    Effect.gen(function* () {
      const { fiber, sent } = yield* start([refusal(500, "InternalError")], { maxAttempts: 2 })
      yield* TestClock.adjust("1 minute")
      const error = failure(yield* Fiber.await(fiber))
      assert.strictEqual(error._tag, "StsApiError")
      assert.strictEqual(sent.length, 2)
    })
  )

  it.effect("honours the wait of a throttling service", () =>
    Effect.gen(function* () {
      const throttled = refusal(400, "Throttling.User", "slow down", { "x-acs-retry-after": "1500" })
      const { fiber, sent } = yield* start([throttled, identity])
      yield* TestClock.adjust("1499 millis")
      assert.strictEqual(sent.length, 1)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      assert.strictEqual(sent.length, 2)
    })
  )

  it.effect("adds jitter to the wait", () =>
    Effect.gen(function* () {
      const { fiber, sent } = yield* start([reply(500, "{}"), identity], {
        jitter: true,
        backoff: "10 seconds"
      })
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
      assert.strictEqual(sent.length, 2)
    })
  )

  for (const code of ["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ETIMEDOUT"]) {
    it.effect(`repeats after ${code}`, () =>
      Effect.gen(function* () {
        const { fiber, sent } = yield* start([fault(code), identity])
        yield* TestClock.adjust("50 millis")
        yield* Fiber.join(fiber)
        assert.strictEqual(sent.length, 2)
      })
    )
  }

  for (const [status, code] of [
    [403, "NoPermission"],
    [400, "SignatureNonceUsed"],
    [404, "EntityNotExist.Role"],
    [400, "InvalidSecurityToken.Expired"]
  ] as const) {
    it.effect(`does not repeat after ${code}`, () =>
      Effect.gen(function* () {
        const { fiber, sent } = yield* start([refusal(status, code)])
        const error = failure(yield* Fiber.await(fiber))
        assert.strictEqual(error._tag === "StsApiError" ? error.code : error._tag, code)
        assert.strictEqual(sent.length, 1)
      })
    )
  }

  it.effect("stops when the client's budget is spent", () =>
    Effect.gen(function* () {
      const http = scripted(refusal(500, "InternalError"))
      const call = Alibaba.getCallerIdentity().pipe(RequestPolicy.adjust({ jitter: false }), Effect.exit)
      yield* Effect.gen(function* () {
        const calls = yield* Effect.forkChild(Effect.replicateEffect(call, 30))
        yield* TestClock.adjust("10 minutes")
        yield* Fiber.join(calls)
        // 500 tokens pay for 35 retries of 14; every call makes one attempt of its own.
        assert.strictEqual(http.sent.length, 30 + 35)
      }).pipe(Effect.provide(Layer.merge(http.layer, signing)))
    })
  )
})

describe("timeout", () => {
  it.effect("ends a call without an answer after 30 seconds", () =>
    Effect.gen(function* () {
      const { fiber, sent } = yield* start([never])
      yield* TestClock.adjust("29999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const error = failure(yield* Fiber.await(fiber))
      assert.strictEqual(error._tag, "StsTransportError")
      assert.strictEqual(error._tag === "StsTransportError" ? error.reason : "", "Timeout")
      assert.strictEqual(sent.length, 1)
    })
  )

  it.effect("repeats an attempt that takes too long", () =>
    Effect.gen(function* () {
      const { fiber, sent } = yield* start([never, identity], { attemptTimeout: "2 seconds" })
      yield* TestClock.adjust("2 seconds")
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(fiber)
      assert.strictEqual(sent.length, 2)
    })
  )
})
