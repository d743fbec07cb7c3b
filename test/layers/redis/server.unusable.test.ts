/** A real Redis that cannot be used: each machine of a fleet asks for itself then. */
import { createServer, type Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Redis } from "../../../src/redis.js"
import { FleetSts } from "../../support/fleetNodes.js"
import { freePort, hasRedis } from "../../support/redisServer.js"
import { emptyRedis, machinesOf, patient, read, size, start, test } from "./machines.js"

describe.skipIf(!hasRedis)("machines over a Redis", { timeout: 180_000 }, () => {
  const { command, redis, server } = emptyRedis()

  describe("that cannot be used costs each of them one call", () => {
    const kinds = {
      "": {},
      ", a pool": { connections: 2 },
      ", a cluster": { cluster: true },
      ", with its sentinels": { sentinel: "fleet" }
    }
    for (const [kind, more] of Object.entries(kinds)) {
      test(`where it is away${kind}`, () =>
        Effect.gen(function* () {
          const port = yield* Effect.promise(freePort)
          const url = `redis://127.0.0.1:${port}`
          assert.deepStrictEqual(yield* start(Redis.make({ url, ...more })), [size, size])
        }))
    }

    test("where it refuses the password, and none where that is right", () =>
      Effect.gen(function* () {
        const { url } = yield* server("--requirepass", "right")
        const password = Redacted.make("wrong")
        assert.deepStrictEqual(yield* start(Redis.make({ url, password })), [size, size])
        assert.deepStrictEqual(yield* start(Redis.make({ url, ...patient })), [1, 1])
      }))

    test("where it is full", () =>
      Effect.gen(function* () {
        const { url } = yield* server("--maxmemory", "1", "--maxmemory-policy", "noeviction")
        assert.deepStrictEqual(yield* start(Redis.make({ url, ...patient })), [size, size])
      }))

    test("where it is a replica", () =>
      Effect.gen(function* () {
        const { url } = yield* server("--replicaof", "127.0.0.1", `${redis().port}`)
        assert.deepStrictEqual(yield* start(Redis.make({ url, ...patient })), [size, size])
      }))

    test("where it pauses; a lease that it grants later is given back", () =>
      Effect.gen(function* () {
        const sts = new FleetSts(Date.now)
        const machines = yield* machinesOf(Redis.make({ url: redis().url }), sts)
        yield* command("CLIENT", "PAUSE", "4000", "ALL")
        assert.deepStrictEqual([yield* read(machines), sts.calls], [size, size])
        yield* command("PING")
        while ((yield* Effect.promise(() => redis().contents())).includes(":l\n")) yield* Effect.sleep(50)
      }))

    test("where it has stopped; when it is back, what was got is everybody's", () =>
      Effect.gen(function* () {
        const sts = new FleetSts(Date.now)
        const machines = yield* machinesOf(Redis.make({ url: redis().url }), sts)
        redis().signal("SIGSTOP")
        assert.deepStrictEqual([yield* read(machines), sts.calls], [size, size])
        redis().signal("SIGCONT")
        while (!(yield* Effect.promise(() => redis().contents())).includes(":e\n")) {
          yield* Effect.sleep(100)
          yield* read(machines)
        }
        const late = yield* machinesOf(Redis.make({ url: redis().url, ...patient }), sts)
        assert.deepStrictEqual([yield* read(late), sts.calls], [1, size])
      }))

    test("where its line is slower than the limit, and none where it is not", () =>
      Effect.gen(function* () {
        let delay = 20
        const port = yield* Effect.acquireRelease(
          Effect.promise(() => slowLine(redis().port, () => delay)),
          ({ close }) => Effect.sync(close)
        )
        const url = `redis://127.0.0.1:${port.port}`
        assert.deepStrictEqual(yield* start(Redis.make({ url, ...patient })), [1, 1])
        yield* command("FLUSHALL")
        delay = 3_000
        assert.deepStrictEqual(yield* start(Redis.make({ url })), [size, size])
      }))
  })
})

/** Passes on what it is sent, each piece a while later. */
const slowLine = async (to: number, delay: () => number) => {
  const sockets = new Set<Socket>()
  const proxy = createServer((from) => {
    const other = new (from.constructor as typeof Socket)().connect(to, "127.0.0.1")
    for (const [one, next] of [
      [from, other],
      [other, from]
    ] as const) {
      sockets.add(one)
      one.on("error", () => {})
      one.on("data", (data) => setTimeout(() => next.write(data), delay()))
      one.on("close", () => next.destroy())
    }
  })
  const port = await freePort()
  proxy.listen(port, "127.0.0.1")
  await sleep(0)
  return {
    port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    }
  }
}
