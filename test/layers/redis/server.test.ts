/** Machines of a fleet over a real Redis that is well, or not: how many calls of the source each condition costs. */
import { readFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { assert, describe } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createClient } from "redis"
import { stepsOf } from "../../../src/layers/redis/steps.js"
import { namesOf } from "../../../src/protocol/redisEntry.js"
import { Redis } from "../../../src/redis.js"
import { cacheOf, FleetSts, fleetKey, OffClock, purpose } from "../../support/fleetNodes.js"
import { freePort, hasRedis, RedisServer } from "../../support/redisServer.js"
import { certificate, certificateKey } from "../../support/tlsFront.js"
import {
  emptyRedis,
  engineOf,
  machinesOf,
  many,
  options,
  patient,
  read,
  size,
  start,
  test
} from "./machines.js"

describe.skipIf(!hasRedis)("machines over a Redis", { timeout: 180_000 }, () => {
  const { command, connections, redis, server } = emptyRedis()

  describe("is reached", () => {
    test("by a pool of no more connections than are stated", () =>
      Effect.gen(function* () {
        const open = Redis.make({ url: `${redis().url}/1`, connections: 2, ...patient })
        assert.deepStrictEqual(yield* start(open), [1, 1])
        const engine = yield* open
        const others = yield* connections
        const step = stepsOf(namesOf("aws", purpose)).invalidate("nobody")
        yield* Effect.all(
          Array.from({ length: 40 }, () => engine.run(step)),
          { concurrency: "unbounded" }
        )
        assert.strictEqual((yield* connections) - others, 2)
      }))

    test("by a URL from the configuration", () =>
      Effect.gen(function* () {
        const provider = ConfigProvider.fromUnknown({ REDIS_URL: redis().url })
        const layer = Redis.layerConfig({ url: Config.Redacted("REDIS_URL"), timeout: 60_000 }).pipe(
          Layer.provide(ConfigProvider.layer(provider))
        )
        assert.deepStrictEqual(yield* start(engineOf(layer)), [1, 1])
      }))

    test("by TLS, with a certificate that is told of and with none", () =>
      Effect.gen(function* () {
        const port = yield* Effect.promise(freePort)
        const files = ["--tls-cert-file", certificate, "--tls-key-file", certificateKey]
        yield* server(
          "--tls-port",
          `${port}`,
          ...files,
          "--tls-ca-cert-file",
          certificate,
          "--tls-auth-clients",
          "no"
        )
        const url = `rediss://localhost:${port}`
        const ca = readFileSync(certificate, "utf8")
        assert.deepStrictEqual(yield* start(Redis.make({ url, tls: { ca }, ...patient })), [1, 1])
        assert.deepStrictEqual(yield* start(Redis.make({ url })), [size, size])
      }))

    for (const RESP of [2, 3] as const) {
      test(`by a client of the application that speaks RESP ${RESP}`, () =>
        Effect.gen(function* () {
          const open = Effect.acquireRelease(
            Effect.promise(() =>
              createClient({ url: redis().url, RESP })
                .on("error", () => {})
                .connect()
            ),
            (client) => Effect.sync(() => client.destroy())
          )
          const layer = Effect.map(open, (client) => Redis.layerClient(client, patient))
          assert.deepStrictEqual(yield* start(Effect.flatMap(layer, engineOf)), [1, 1])
        }))
    }

    test("by a pool of the application", () =>
      Effect.gen(function* () {
        const pool = createClient({ url: redis().url })
          .createPool()
          .on("error", () => {})
        yield* Effect.acquireRelease(
          Effect.promise(() => pool.connect()),
          // Version 5 refuses where a connection has ended already.
          () => Effect.ignore(Effect.try({ try: () => pool.destroy(), catch: String }))
        )
        assert.deepStrictEqual(yield* start(engineOf(Redis.layerClient(pool, patient))), [1, 1])
      }))

    test("on three nodes of a cluster", () =>
      Effect.gen(function* () {
        const secret = ["--requirepass", "right", "--masterauth", "right"]
        const nodes = yield* Effect.forEach([0, 1, 2], () =>
          server("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", ...secret)
        )
        yield* Effect.promise(() => RedisServer.cluster(nodes))
        const url = nodes.slice(0, 1).map((node) => node.url)
        assert.deepStrictEqual(yield* start(Redis.make({ url, cluster: true, ...patient })), [1, 1])
      }))
  })

  describe("behind sentinels", () => {
    /** A master, its replica and a sentinel that watches them, all of them with passwords. */
    const watched = Effect.gen(function* () {
      const secret = ["--requirepass", "right", "--masterauth", "right"]
      const master = yield* server(...secret)
      const replica = yield* server("--replicaof", "127.0.0.1", `${master.port}`, ...secret)
      const sentinel = yield* Effect.acquireRelease(
        Effect.promise(() => RedisServer.sentinel("fleet", master, "watch")),
        (one) => Effect.promise(() => one.remove())
      )
      const password = Redacted.make("right")
      const open = (timeout?: number) =>
        Redis.make({ url: [sentinel.url], sentinel: "fleet", password, timeout })
      const replicated = (key: string) =>
        Effect.promise(async () => {
          while (!(await replica.contents()).includes(`${key}\n`)) await sleep(50)
        })
      return { master, open, replicated }
    })

    test("goes on with the replica when the master dies, a renewal under way included", () =>
      Effect.gen(function* () {
        const { master, open, replicated } = yield* watched
        const { timeout } = patient
        const [kept, renewed] = [new FleetSts(Date.now), new FleetSts(Date.now)]
        const key = { role: "renewed" }
        const [patientOnes, hasty] = [yield* machinesOf(open(timeout), kept), yield* machinesOf(open(), kept)]
        assert.strictEqual(yield* read(patientOnes), 1)
        yield* read(hasty)
        const before = kept.calls
        yield* replicated(":e")
        // The holder of this lease has its answer when there is no master.
        renewed.takes = 2_000
        const renewal = yield* Effect.forkChild(read(yield* machinesOf(open(timeout), renewed, { key })))
        yield* replicated(":l")
        yield* Effect.promise(() => master.stop())
        yield* Effect.forEach(hasty, ({ get }) => get, { concurrency: "unbounded" })
        assert.strictEqual(yield* read(patientOnes), 1)
        assert.strictEqual(yield* Fiber.join(renewal), 1)
        // And who starts now finds both there.
        assert.strictEqual(yield* read(yield* machinesOf(open(timeout), kept)), 1)
        assert.strictEqual(yield* read(yield* machinesOf(open(timeout), renewed, { key })), 1)
        assert.deepStrictEqual([kept.calls - before, renewed.calls], [0, 1])
      }))
  })

  describe("costs nothing more", () => {
    test("where their clocks are minutes apart, in a second life either", () =>
      Effect.gen(function* () {
        const sts = new FleetSts(Date.now)
        const clock = yield* Clock.Clock
        const times = { windowOf: (lifetime: number) => lifetime - 2_000 }
        const machines = yield* many((index) =>
          Effect.gen(function* () {
            const engine = yield* Redis.make({ url: redis().url, ...patient })
            const cache = yield* cacheOf(engine, sts, options, times)
            const off = new OffClock(clock, (index - 2.5) * 120_000)
            return { ...cache, get: Effect.provideService(cache.get, Clock.Clock, off) }
          })
        )
        yield* read(machines)
        assert.strictEqual(sts.calls, 1)
        const entry = yield* Effect.promise(() => redis().contents())
        const [, due] = /^\d+ \d+ (\d+) /m.exec(entry) ?? []
        yield* Effect.sleep(Number(due) - Date.now() + 10)
        yield* read(machines)
        assert.strictEqual(sts.calls, 2)
      }))

    test("where Redis is emptied, or starts again with nothing", () =>
      Effect.gen(function* () {
        const sts = new FleetSts(Date.now)
        const open = Redis.make({ url: redis().url, ...patient })
        const machines = yield* machinesOf(open, sts)
        yield* read(machines)
        yield* command("FLUSHALL")
        yield* command("SCRIPT", "FLUSH")
        assert.strictEqual(yield* read(machines), 1)
        assert.strictEqual(yield* read(yield* machinesOf(open, sts)), 1)
        yield* Effect.promise(() => redis().stop())
        yield* Effect.promise(() => redis().start())
        // Those whose connection ended go on with what they have; the first one that is back puts it there.
        assert.strictEqual(yield* read(machines), 1)
        const [first] = machines
        while (!(yield* Effect.promise(() => redis().contents())).includes(":e\n")) {
          yield* Effect.sleep(100)
          yield* first?.get ?? Effect.void
        }
        assert.strictEqual(yield* read(yield* machinesOf(open, sts)), 1)
        assert.strictEqual(sts.calls, 1)
      }))

    test("where an entry stands in a replica, read-only or promoted, or in a server that is full", () =>
      Effect.gen(function* () {
        const sts = new FleetSts(Date.now)
        yield* read(yield* machinesOf(Redis.make({ url: redis().url, ...patient }), sts))
        const replica = yield* server("--replicaof", "127.0.0.1", `${redis().port}`)
        const open = Redis.make({ url: replica.url, ...patient })
        while (!(yield* Effect.promise(() => replica.contents())).includes(":e\n")) yield* Effect.sleep(50)
        const machines = yield* machinesOf(open, sts)
        assert.strictEqual(yield* read(machines), 1)
        yield* Effect.promise(() => replica.command("REPLICAOF", "NO", "ONE"))
        yield* command("FLUSHALL")
        assert.strictEqual(yield* read([...machines, ...(yield* machinesOf(open, sts))]), 1)
        yield* Effect.promise(() => replica.command("CONFIG", "SET", "maxmemory", "1"))
        assert.strictEqual(yield* read([...machines, ...(yield* machinesOf(open, sts))]), 1)
        assert.strictEqual(sts.calls, 1)
        // And it can be renewed there.
        yield* Effect.promise(() => replica.command("CONFIG", "SET", "maxmemory", "0"))
        yield* machines[0]?.invalidate("ASIA1") ?? Effect.void
        yield* read(yield* machinesOf(open, sts))
        assert.strictEqual(sts.calls, 2)
      }))

    test("while a key is changed; where there are two by mistake, one half shares", () =>
      Effect.gen(function* () {
        const other = Redacted.make(new Uint8Array(32).fill(9))
        const fleet = (keysOf: (index: number) => ReadonlyArray<typeof other>) =>
          Effect.gen(function* () {
            yield* command("FLUSHALL")
            const sts = new FleetSts(Date.now)
            const machines = yield* many((index) =>
              Effect.flatMap(Redis.make({ url: redis().url, ...patient }), (engine) =>
                cacheOf(engine, sts, { ...options, encryptionKey: keysOf(index) })
              )
            )
            const sessions = yield* read(machines)
            return [sts.calls, sessions]
          })
        assert.deepStrictEqual(
          yield* fleet((index) => (index % 2 ? [fleetKey, other] : [other, fleetKey])),
          [1, 1]
        )
        assert.deepStrictEqual(yield* fleet((index) => [index % 2 ? fleetKey : other]), [4, 4])
      }))
  })

  describe("is not given up", () => {
    test("where the loop is blocked for longer than its limit", () =>
      Effect.gen(function* () {
        const engine = yield* Redis.make({ url: redis().url })
        const step = stepsOf(namesOf("aws", purpose)).invalidate("nobody")
        yield* engine.run(step)
        // So that the answer takes two round trips.
        yield* command("SCRIPT", "FLUSH")
        const answer = yield* Effect.forkChild(engine.run(step))
        for (let turn = 0; turn < 4; turn++) {
          yield* Effect.sleep(0)
          const end = performance.now() + 300
          while (performance.now() < end);
        }
        assert.strictEqual((yield* Fiber.join(answer))._tag, "Done")
      }))
  })
})
