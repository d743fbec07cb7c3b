/**
 * Makes the calls of the fault table by one runner.
 */
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import { Fault } from "../../src/testing.js"
import { type Emulated, type Remote, type Servers, startServers } from "../support/emulators.js"
import type { Runner } from "../support/runners.js"
import { type Cloud, clouds } from "./clouds.js"
import { type Expected, type Row, rows } from "./table.js"

const always = 100

// No system hands such a low port out, so no other test comes to listen there.
const nobodyListens = "http://127.0.0.1:2"

const property = (value: object, name: string): unknown => (value as Record<string, unknown>)[name]

const outcomeOf = (result: Result.Result<unknown, object>): Omit<Expected, "requests"> =>
  Result.match(result, {
    onSuccess: () => ({ tag: "Success" }),
    onFailure: (error) => ({
      tag: String(property(error, "_tag")),
      why: String(property(error, "reason") ?? property(error, "code")),
      retryable: property(error, "retryable") === true
    })
  })

const soon = (holds: () => Effect.Effect<boolean>) =>
  Effect.repeat(Effect.andThen(Effect.sleep(5), Effect.suspend(holds)), {
    until: (held) => held
  }).pipe(Effect.timeout(5_000))

const meet = (cloud: Cloud, runner: Runner, row: Row) => (emulated: Emulated) =>
  Effect.gen(function* () {
    if (row.fault !== undefined) yield* emulated.addFault(row.fault, { times: row.times ?? always })
    const begun = performance.now()
    const endpoint = row.nobodyListens ? nobodyListens : emulated.endpoint
    const result = yield* Effect.result(cloud.whoAmI(runner, endpoint, row.policy))
    const millis = performance.now() - begun
    // A server that is late may see what was aborted after who sent it has given up.
    const counted = Effect.map(emulated.requests, ({ length }) => length)
    const seen = yield* counted
    if (seen >= row.expected.requests) return { ...outcomeOf(result), requests: seen, millis }
    yield* Effect.ignore(soon(() => Effect.map(counted, (count) => count >= row.expected.requests)))
    return { ...outcomeOf(result), requests: yield* counted, millis }
  })

/** Interrupts a call that holds the only permit, then makes another with the same client. */
const interrupt = (cloud: Cloud, runner: Runner, fault: Fault.Fault) => (emulated: Emulated | Remote) =>
  Effect.gen(function* () {
    const call = cloud.whoAmI(runner, emulated.endpoint, { maxConcurrentRequests: 1 })
    yield* emulated.addFault(fault)
    const waiting = yield* Effect.forkChild(call)
    yield* soon(() => Effect.map(emulated.requests, ({ length }) => length === 1))
    const exit = yield* Effect.andThen(Fiber.interrupt(waiting), Fiber.await(waiting))
    const next = yield* call
    if ("connections" in emulated) yield* soon(() => Effect.sync(() => emulated.connections().cutShort === 1))
    return {
      interrupted: exit._tag === "Failure",
      next: next.arn,
      requests: (yield* emulated.requests).length
    }
  })

const interruptions: ReadonlyArray<readonly [string, Fault.Fault]> = [
  ["before the reply", Fault.latency("20 seconds")],
  ["during the headers", Fault.slowHeaders("20 seconds")],
  ["during the body", Fault.slowBody("20 seconds")]
]

/** Registers the table's tests for some runners. */
export const faultsOf = (
  runners: ReadonlyArray<Runner>,
  describe: (name: string, tests: () => void) => void
): void => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
    const warm: Row = { name: "warm", expected: { tag: "Success", requests: 1 } }
    for (const runner of runners) {
      for (const cloud of clouds) await runner.run(servers, meet(cloud, runner, warm))
    }
  })
  afterAll(() => servers.close())

  const table = (cloud: Cloud, runner: Runner): void => {
    for (const row of rows(cloud.words).filter(({ socketsOnly }) => runner.sockets || socketsOnly !== true)) {
      it(row.name, async () => {
        const { millis, ...outcome } = await runner.run(servers, meet(cloud, runner, row))
        const { atLeastMillis = 0, ...expected } = row.expected
        assert.deepStrictEqual(outcome, expected)
        assert.isAtLeast(millis, atLeastMillis)
      })
    }

    for (const [when, fault] of interruptions) {
      it(`a caller interrupted ${when}: the connection closed, the permit given back`, async () => {
        const outcome = await runner.run(servers, interrupt(cloud, runner, fault))
        assert.deepStrictEqual(outcome, { interrupted: true, next: cloud.user, requests: 2 })
      })
    }
  }

  for (const runner of runners) {
    for (const cloud of clouds) describe(`${cloud.name}, ${runner.name}`, () => table(cloud, runner))
  }
}
