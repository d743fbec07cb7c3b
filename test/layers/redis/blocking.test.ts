/** The fleet's cache under runSync, where the blocking worker speaks to a real Redis. */
import { readFile } from "node:fs/promises"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Blocking, RedisBlocking } from "../../../src/blocking.js"
import { RedisCache } from "../../../src/redis.js"
import { Credentials } from "../../../src/schemas/aws/Credentials.js"
import { search } from "../../leaks/search.js"
import { fleetKey } from "../../support/fleetNodes.js"
import { silent } from "../../support/logs.js"
import { freePort, hasRedis, RedisServer } from "../../support/redisServer.js"

const planted = {
  secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYPLANTEDSECRET",
  token: `PLANTED${"token+/=".repeat(40)}`
}

/** One machine's read of a role's credentials; how often its source was asked. */
const read = (url: string, role: string, timeout?: number) => {
  let asked = 0
  const source = {
    name: "sts",
    get: Effect.sync(() => {
      asked++
      return new Credentials({
        accessKeyId: `ASIA${asked}`,
        secretAccessKey: Redacted.make(planted.secret),
        sessionToken: Redacted.make(planted.token),
        expiration: DateTime.makeUnsafe(Date.now() + 3_600_000)
      })
    })
  }
  const options = { key: { role }, encryptionKey: fleetKey, spread: 10 }
  const { accessKeyId, origin } = RedisCache.make("aws", source, options).pipe(
    Effect.flatMap((cache) =>
      Effect.map(Effect.zip(cache.get, cache.status), ([credentials, status]) => ({
        accessKeyId: credentials.accessKeyId,
        origin: status?.origin
      }))
    ),
    Effect.provide(RedisBlocking.layer({ url, timeout })),
    Effect.provide(Blocking.layerWith({ proxy: false })),
    silent,
    Effect.runSync
  )
  return { accessKeyId, asked, origin }
}

describe.skipIf(!hasRedis)("the fleet's cache under runSync", { timeout: 60_000 }, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(() => redis?.remove())

  it("asks once, and finds in Redis what another machine has put there", async () => {
    const first = read(redis.url, "reader", 30_000)
    const second = read(redis.url, "reader", 30_000)
    assert.deepStrictEqual(first, { accessKeyId: "ASIA1", asked: 1, origin: "its source" })
    assert.deepStrictEqual(second, { accessKeyId: "ASIA1", asked: 0, origin: "Redis" })
    const contents = await redis.contents()
    assert.match(contents, /^efsts:1:\{[\w-]{43}\}:e$/m)
    assert.deepStrictEqual(search(contents, { ...planted, id: "ASIA1", role: "reader" }), [])
  })

  it("waits for the holder of a lease, and goes on when it ends", async () => {
    read(redis.url, "other", 30_000)
    const [lease = ""] = ((await redis.command("KEYS", "*:f")) as ReadonlyArray<string>).map((key) =>
      key.replace(/:f$/, ":l")
    )
    await redis.command("FLUSHALL")
    await redis.command("SET", lease, "somebody", "PX", "700")
    const roles = ["reader", "other"].map((role) => read(redis.url, role, 30_000))
    assert.deepStrictEqual(
      roles.map(({ asked }) => asked),
      [1, 1]
    )
  })

  it("works as the user that the guide tells of, with and without channels", async () => {
    const [rights = ""] = /~efsts[^`]*/.exec(await readFile("docs/fleet.md", "utf8")) ?? []
    for (const [name, list] of [
      ["heard", rights],
      ["deaf", rights.replace("&efsts:*", "")]
    ] as const) {
      await redis.command("ACL", "SETUSER", name, "reset", "on", ">word", ...list.split(" ").filter(Boolean))
      const url = redis.url.replace("//", `//${name}:word@`)
      assert.deepStrictEqual(
        [read(url, name, 30_000).asked, read(url, name, 30_000)],
        [1, { accessKeyId: "ASIA1", asked: 0, origin: "Redis" }]
      )
    }
  })

  it("gets credentials without a Redis that is away or silent", async () => {
    const nowhere = `redis://127.0.0.1:${await freePort()}`
    assert.deepStrictEqual(read(nowhere, "reader"), { accessKeyId: "ASIA1", asked: 1, origin: "its source" })
    redis.signal("SIGSTOP")
    assert.strictEqual(read(redis.url, "silent").asked, 1)
    redis.signal("SIGCONT")
  })
})
