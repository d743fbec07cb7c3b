import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import * as Blocking from "../../../src/layers/blocking/Blocking.js"
import type { BufferedResponse } from "../../../src/services/HttpReply.js"
import { contract } from "../http/contract.js"
import { type Stub, startStub } from "../http/stub.js"

contract({
  name: "under runSync",
  layer: Blocking.layerWith,
  run: async (effect) => Effect.runSync(effect)
})

contract({
  name: "the blocking layer under an event loop",
  layer: Blocking.layerWith,
  run: Effect.runPromise
})

describe("fibers under runSync", () => {
  let stub: Stub
  const layer = Blocking.layerWith({ proxy: false })
  beforeAll(async () => {
    stub = await startStub()
    run(get("/echo"))
  })
  afterAll(() => stub.close())

  const run = <A, E>(effect: Effect.Effect<A, E, Blocking.Services>) =>
    Effect.runSync(Effect.provide(effect, layer))

  const timed = <A, E>(effect: Effect.Effect<A, E, Blocking.Services>) => {
    const begun = performance.now()
    const result = run(effect)
    return { result, millis: performance.now() - begun }
  }

  const get = (path: string) =>
    Effect.flatMap(HttpClient.HttpClient, (client) =>
      Effect.map(client.get(stub.url + path), (reply) => (reply as BufferedResponse).status)
    )

  const slow = (millis: number) => get(`/slow?ms=${millis}`)

  it("respect a timeout, and abort the request", () => {
    stub.reset()
    const { millis, result } = timed(Effect.timeoutOption(slow(60_000), 200))
    assert.strictEqual(result._tag, "None")
    assert.isAtLeast(millis, 195)
    assert.isBelow(millis, 60_000)
    assert.isTrue(stub.waitForCut(1))
  })

  it("do not wait for an unused timeout", () => {
    const { millis } = timed(Effect.timeout(get("/echo"), "1 minute"))
    assert.isBelow(millis, 60_000)
  })

  it("respect a timeout next to a longer wait", () => {
    const ended: Array<string> = []
    const ends = <A, E>(name: string, effect: Effect.Effect<A, E, HttpClient.HttpClient>) =>
      Effect.tap(effect, () => Effect.sync(() => ended.push(name)))
    run(
      Effect.all([ends("long", slow(2_000)), ends("short", Effect.timeoutOption(slow(60_000), 200))], {
        concurrency: "unbounded"
      })
    )
    assert.deepStrictEqual(ended, ["short", "long"])
  })

  it("send requests concurrently", () => {
    stub.reset()
    assert.deepStrictEqual(
      run(Effect.replicateEffect(slow(500), 4, { concurrency: "unbounded" })),
      [200, 200, 200, 200]
    )
    assert.strictEqual(stub.counts().mostUnderWay, 4)
  })

  it("respect a semaphore", () => {
    stub.reset()
    run(
      Effect.flatMap(Semaphore.make(2), (semaphore) =>
        Effect.replicateEffect(semaphore.withPermits(1)(slow(500)), 6, { concurrency: "unbounded" })
      )
    )
    assert.strictEqual(stub.counts().mostUnderWay, 2)
  })

  it("race, retry and join", () => {
    assert.strictEqual(run(Effect.race(Effect.as(Effect.sleep(2_000), 0), slow(50))), 200)
    const retried = Effect.retry(get("/reset"), { times: 2, schedule: Schedule.spaced(20) })
    const { millis, result } = timed(Effect.exit(retried))
    assert.isTrue(Exit.isFailure(result))
    assert.isAtLeast(millis, 39)
    assert.strictEqual(run(Effect.flatMap(Effect.forkChild(slow(20)), Fiber.join)), 200)
  })

  it("take turns with a busy fiber", () => {
    let count = 0
    const busy = Effect.whileLoop({
      while: () => count < 20_000,
      body: () => Effect.succeed(count + 1),
      step: (next) => {
        count = next
      }
    }).pipe(Effect.map(() => count))
    assert.deepStrictEqual(
      run(Effect.all([slow(50), busy, get("/echo")], { concurrency: 3 })),
      [200, 20_000, 200]
    )
  })

  it("are not blocked by an outer runSync", () => {
    const inner = Effect.sync(() => run(slow(300)))
    const result = run(Effect.all([Effect.sleep(50), inner, slow(100)], { concurrency: 3 }))
    assert.deepStrictEqual(result.slice(1), [200, 200])
  })

  it("interrupt one of several waiting fibers", () => {
    const { millis } = timed(
      Effect.gen(function* () {
        const waiting = yield* Effect.forkChild(slow(60_000))
        const other = yield* Effect.forkChild(slow(300))
        yield* Effect.sleep(50)
        yield* Fiber.interrupt(waiting)
        return yield* Fiber.join(other)
      })
    )
    assert.isBelow(millis, 60_000)
  })

  it("use a ManagedRuntime", () => {
    const runtime = ManagedRuntime.make(layer)
    runtime.runSync(Effect.void)
    assert.deepStrictEqual(
      Array.from({ length: 3 }, () => runtime.runSync(get("/echo"))),
      [200, 200, 200]
    )
  })

  it("leave no handles and start no further worker in 200 calls", async () => {
    run(get("/echo"))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const before = process.getActiveResourcesInfo().length
    stub.reset()
    for (let call = 0; call < 200; call++) run(get("/echo"))
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.isAtMost(process.getActiveResourcesInfo().length, before)
    assert.strictEqual(stub.counts().connections, 0)
  })

  it("may sleep on under an event loop when their runSync has returned", async () => {
    const exit = Effect.runSyncExit(
      Effect.andThen(
        Effect.promise(() => Promise.resolve()),
        slow(10)
      ).pipe(Effect.provide(layer))
    )
    assert.isTrue(Exit.isFailure(exit))
    if (!Exit.isFailure(exit)) return assert.fail("expected a defect")
    const { fiber } = Cause.squash(exit.cause) as { readonly fiber: Fiber.Fiber<number> }
    assert.strictEqual(await Effect.runPromise(Fiber.join(fiber)), 200)
  })
})
