/** Machines of a fleet over a real Redis. */
import { afterAll, beforeAll, beforeEach, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { createClient } from "redis"
import { Redis } from "../../../src/redis.js"
import type { StsConfigError } from "../../../src/schemas/StsError.js"
import { cacheOf, FleetSts } from "../../support/fleetNodes.js"
import { silent } from "../../support/logs.js"
import { RedisServer } from "../../support/redisServer.js"
export const size = 6

/** Where Redis shall answer, however busy the machine is. */
export const patient = { timeout: 60_000 }
export const options = { lease: 60_000, spread: 100 }

type Opening = Effect.Effect<Redis.Engine, StsConfigError, Scope.Scope>

export const many = <A, E, R>(one: (index: number) => Effect.Effect<A, E, R>) =>
  Effect.forEach(
    Array.from({ length: size }, (_, index) => index),
    one
  )

/** Machines, each with a connection of its own. */
export const machinesOf = (open: Opening, sts: FleetSts, more: Parameters<typeof cacheOf>[2] = {}) =>
  many(() => Effect.flatMap(open, (engine) => cacheOf(engine, sts, { ...options, ...more })))

type Machines = Effect.Success<ReturnType<typeof machinesOf>>

/** All of them read at once; how many sessions they have. */
export const read = (machines: Machines) =>
  Effect.map(
    Effect.forEach(machines, ({ get }) => get, { concurrency: "unbounded" }),
    (credentials) => new Set(credentials.map(({ accessKeyId }) => accessKeyId)).size
  )

/** A fleet that starts: the calls it makes of the source, and the sessions it has. */
export const start = (open: Opening) =>
  Effect.gen(function* () {
    const sts = new FleetSts(Date.now)
    const sessions = yield* read(yield* machinesOf(open, sts))
    return [sts.calls, sessions]
  })

export const engineOf = (layer: Layer.Layer<Redis.Redis, StsConfigError>): Opening =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, Redis.Redis))

export const test = (name: string, body: () => Effect.Effect<unknown, unknown, Scope.Scope>) =>
  it(name, () => Effect.runPromise(Effect.scoped(silent(Effect.suspend(body)))))

/** The Redis of a file's tests, which is empty before each of them. */
export const emptyRedis = () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  beforeEach(() => redis.command("FLUSHALL"))
  afterAll(() => redis?.remove())

  /** A server of a test's own. */
  const server = (...words: ReadonlyArray<string>) =>
    Effect.acquireRelease(
      Effect.promise(() => RedisServer.start(...words)),
      (one) => Effect.promise(() => one.remove())
    )
  const command = (...words: ReadonlyArray<string>) => Effect.promise(() => redis.command(...words))
  /** Connections to the second database. */
  const connections = Effect.map(
    command("CLIENT", "LIST"),
    (list) => String(list).match(/ db=1 /g)?.length ?? 0
  )
  return { command, connections, redis: () => redis, server }
}

/** A client of a Redis of the file's own. */
export const redisClient = () => {
  let server: RedisServer
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await RedisServer.start()
    client = createClient({ url: server.url })
    await client.connect()
  })
  afterAll(async () => {
    client?.destroy()
    await server?.remove()
  })
  return () => client
}
