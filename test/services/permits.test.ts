import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import { RequestPolicy } from "../../src/index.js"
import { busy, identity, refusal, reply, runOver, scripted } from "../support/scripted.js"

const calls = (count: number) =>
  Effect.all(
    Array.from({ length: count }, () => Alibaba.getCallerIdentity()),
    { concurrency: "unbounded" }
  )

describe("permits", () => {
  it.effect("let ten requests through at once", () => {
    const { http, seen } = busy()
    return Effect.gen(function* () {
      const all = yield* Effect.forkChild(calls(25))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(all)).length, 25)
      assert.strictEqual(seen.most, 10)
    }).pipe(runOver(http))
  })

  it.effect("follow the policy's limit", () => {
    const { http, seen } = busy()
    return Effect.gen(function* () {
      const all = yield* Effect.forkChild(calls(6).pipe(RequestPolicy.adjust({ maxConcurrentRequests: 2 })))
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(all)
      assert.strictEqual(seen.most, 2)
    }).pipe(runOver(http))
  })

  it.effect("are released when a waiting call is interrupted", () => {
    const { http } = busy()
    return Effect.gen(function* () {
      const limited = Alibaba.getCallerIdentity().pipe(RequestPolicy.adjust({ maxConcurrentRequests: 1 }))
      const first = yield* Effect.forkChild(limited)
      const waiting = yield* Effect.forkChild(limited)
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(waiting)
      yield* TestClock.adjust("500 millis")
      yield* Fiber.join(first)
      const last = yield* Effect.forkChild(limited)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(last)
      assert.strictEqual(http.sent.length, 2)
    }).pipe(runOver(http))
  })

  it.effect("are released when a sending call is interrupted", () => {
    const { http, seen } = busy()
    return Effect.gen(function* () {
      const limited = Alibaba.getCallerIdentity().pipe(RequestPolicy.adjust({ maxConcurrentRequests: 1 }))
      const first = yield* Effect.forkChild(limited)
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(first)
      assert.strictEqual(seen.now, 0)
      const second = yield* Effect.forkChild(limited)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(second)
    }).pipe(runOver(http))
  })

  it.effect("are released during backoff", () => {
    const http = scripted(reply(500, "{}"), identity, identity)
    return Effect.gen(function* () {
      const limited = Alibaba.getCallerIdentity().pipe(
        RequestPolicy.adjust({ maxConcurrentRequests: 1, backoff: "10 seconds", jitter: false })
      )
      const failing = yield* Effect.forkChild(limited)
      yield* TestClock.adjust("1 second")
      yield* limited
      assert.strictEqual(http.sent.length, 2)
      yield* TestClock.adjust("9 seconds")
      yield* Fiber.join(failing)
    }).pipe(runOver(http))
  })

  it.effect("are not held while a source calls the service", () => {
    const http = scripted(identity)
    return Effect.gen(function* () {
      const { get } = yield* Alibaba.CredentialProvider
      const context = yield* Effect.context<
        Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient
      >()
      const asking = Alibaba.getCallerIdentity().pipe(
        Effect.orDie,
        Effect.andThen(get),
        Effect.provide(context)
      )
      yield* Alibaba.getCallerIdentity().pipe(
        Effect.provideService(Alibaba.CredentialProvider, { name: "asking", get: asking }),
        RequestPolicy.adjust({ maxConcurrentRequests: 1 })
      )
      assert.strictEqual(http.sent.length, 2)
    }).pipe(RequestPolicy.adjust({ maxConcurrentRequests: 1 }), runOver(http))
  })

  for (const limit of [0, -1, 1.5, Number.NaN]) {
    it.effect(`refuse a limit of ${limit}`, () => {
      const http = scripted(refusal(500, "InternalError"))
      return Effect.gen(function* () {
        const error = yield* Alibaba.getCallerIdentity().pipe(
          RequestPolicy.adjust({ maxConcurrentRequests: limit }),
          Effect.flip
        )
        assert.strictEqual(error._tag, "StsConfigError")
        assert.include(error.message, "maxConcurrentRequests")
        assert.strictEqual(http.sent.length, 0)
      }).pipe(runOver(http))
    })
  }
})
