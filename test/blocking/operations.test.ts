/**
 * The operations under `Effect.runSync`: waits, permits, retries, handles and a worker that dies.
 */

import type { Worker } from "node:worker_threads"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Semaphore from "effect/Semaphore"
import * as Alibaba from "../../src/alibaba.js"
import { Blocking } from "../../src/blocking.js"
import { type RequestPolicyOptions, StsTransportError } from "../../src/index.js"
import { AlibabaSeed, Fault } from "../../src/testing.js"
import { type Remote, type Servers, startServers } from "../support/emulators.js"
import { calling, signedWith } from "../support/runners.js"

describe("operations under runSync", () => {
  let servers: Servers
  let emulator: Remote
  beforeAll(async () => {
    servers = await startServers()
    emulator = servers.emulator()
    run(call())
  })
  afterAll(() => servers.close())

  const run = <A, E>(effect: Effect.Effect<A, E, Blocking.Services>): A =>
    Effect.runSync(Effect.provide(effect, Blocking.layerWith({ proxy: false })))

  const call = (options?: RequestPolicyOptions) =>
    Alibaba.getCallerIdentity().pipe(signedWith("acs3"), calling(emulator.endpoint, options))

  const assume = (roleSessionName: string) =>
    Alibaba.assumeRole({ roleArn: AlibabaSeed.arns.role, roleSessionName }).pipe(
      signedWith("rpc"),
      calling(emulator.endpoint)
    )

  const timed = <A>(program: () => A) => {
    const begun = performance.now()
    const result = program()
    return { result, millis: performance.now() - begun }
  }

  const fresh = (fault?: Fault.Fault, times = 1): void => {
    emulator = servers.emulator()
    if (fault !== undefined) Effect.runSync(emulator.addFault(fault, { times }))
  }

  const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

  it("time out without waiting for the reply", () => {
    fresh(Fault.latency("1 minute"))
    const { millis, result } = timed(() => run(Effect.flip(call({ timeout: 200 }))))
    assert.instanceOf(result, StsTransportError)
    assert.isAtLeast(millis, 195)
    assert.isBelow(millis, 60_000)
  })

  it("wait for four replies at once", () => {
    fresh(Fault.latency(600), 4)
    const names = ["one", "two", "three", "four"]
    const { millis, result } = timed(() => run(Effect.forEach(names, assume, { concurrency: "unbounded" })))
    assert.deepStrictEqual(
      result.map(({ assumedRoleUser }) => assumedRoleUser?.arn?.split("/").at(-1)),
      names
    )
    assert.isAtLeast(millis, 595)
    assert.strictEqual(emulator.connections().mostUnderWay, 4)
  })

  it("respect a semaphore of two", () => {
    fresh(Fault.latency(60), 6)
    run(
      Effect.flatMap(Semaphore.make(2), (semaphore) =>
        Effect.replicateEffect(semaphore.withPermits(1)(call()), 6, { concurrency: "unbounded" })
      )
    )
    assert.strictEqual(emulator.connections().mostUnderWay, 2)
  })

  it("respect the policy's limit", () => {
    fresh(Fault.latency(60), 6)
    run(
      Effect.replicateEffect(call({ maxConcurrentRequests: 3 }), 6, {
        concurrency: "unbounded",
        discard: true
      })
    )
    assert.strictEqual(emulator.connections().mostUnderWay, 3)
  })

  it("back off between attempts", () => {
    fresh(Fault.serverError(), 2)
    const { millis, result } = timed(() => run(call({ backoff: 100 })))
    assert.strictEqual(result.arn, AlibabaSeed.arns.user)
    assert.strictEqual(emulator.connections().requests.length, 3)
    assert.isAtLeast(millis, 295)
  })

  it("leave no handles and start no workers in 200 calls", async () => {
    fresh()
    run(call())
    await settle()
    const before = process.getActiveResourcesInfo().length
    const started: Array<Worker> = []
    process.on("worker", (worker) => started.push(worker))
    for (let made = 0; made < 200; made++) run(call())
    await settle()
    assert.isAtMost(process.getActiveResourcesInfo().length, before)
    assert.lengthOf(started, 0)
    assert.strictEqual(emulator.connections().requests.length, 201)
  })

  it("report a killed worker and start another", async () => {
    fresh()
    const started: Array<Worker> = []
    process.once("worker", (worker) => started.push(worker))
    const runtime = ManagedRuntime.make(Blocking.layerWith({ proxy: false, ownWorker: true }))
    runtime.runSync(Effect.void)
    runtime.runSync(call())
    await settle()
    Effect.runSync(emulator.addFault(Fault.latency("1 minute")))
    const { error, next } = runtime.runSync(
      Blocking.cooperative(
        Effect.gen(function* () {
          const waiting = yield* Effect.forkChild(Effect.flip(call()))
          yield* Effect.sleep(100)
          void started[0]?.terminate()
          return { error: yield* Fiber.join(waiting), next: yield* call() }
        })
      )
    )
    await runtime.dispose()
    assert.deepInclude(error, { _tag: "StsTransportError", reason: "Worker", retryable: false })
    assert.strictEqual(next.arn, AlibabaSeed.arns.user)
  })
})
