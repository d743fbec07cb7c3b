/**
 * Processes that share credentials through a real Redis, over the emulator of the clouds: exact numbers of calls. Every
 * emulator has an address of its own, so that no test finds what another left, and nothing is emptied: a Redis that is
 * there already, `REDIS_URL`, serves as well as one that is started.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { clouds, Fleet, killSoon, withSts } from "../../support/fleet.js"
import { hasRedis, RedisServer } from "../../support/redisServer.js"

const given = process.env["REDIS_URL"]

describe.skipIf(!hasRedis && given === undefined)("a fleet of processes", { timeout: 180_000 }, () => {
  let own: RedisServer | undefined
  let url = given ?? ""
  beforeAll(async () => {
    if (given !== undefined) return
    own = await RedisServer.start()
    url = own.url
  })
  afterAll(() => own?.remove())

  it("of 50 begins one session together, of either cloud", async () => {
    await withSts(150, async ({ calls, reset, task }) => {
      // So many processes on one machine are slower than Redis and its lease allow by default.
      const fleet = await Fleet.start(50, task(url, { timeout: 60_000, lease: 60_000 }), calls)
      for (const cloud of clouds) {
        reset()
        const { assumeRoleCalls, callers, ids, outcomes, right } = await fleet.read(cloud)
        assert.deepStrictEqual(
          { assumeRoleCalls, callers, ids, right },
          { assumeRoleCalls: 1, callers: 1, ids: 1, right: 50 }
        )
        assert.deepStrictEqual([outcomes.renewal, outcomes.hit + outcomes.wait], [1, 49])
      }
      await fleet.end()
    })
  })

  it("goes on when the holder is killed at any moment of its call", async () => {
    await withSts(400, async ({ calls, task }) => {
      let killed = false
      const fleet = await Fleet.start(8, task(url, { lease: 4_000, timeout: 60_000 }), calls, (node) => {
        if (!killed) void killSoon(node, 420)
        killed = true
      })
      const report = await fleet.read("aws")
      await fleet.end()
      assert.strictEqual(report.right, 8 - report.killed)
      assert.isAtMost(report.killed, 1)
      // One that is killed before its request has left makes no call, one that has put its credentials needs no successor.
      assert.isAtMost(report.assumeRoleCalls, 2)
      assert.strictEqual(report.ids, 1)
    })
  })

  it.skipIf(given !== undefined)(
    "refuses what a holder writes that was stopped beyond its lease",
    async () => {
      await own?.command("FLUSHALL")
      await withSts(400, async ({ calls, task }) => {
        let stopped = false
        const fleet = await Fleet.start(
          8,
          task(url, { lease: 2_000, timeout: 60_000 }),
          calls,
          async ({ child }) => {
            if (stopped) return
            stopped = true
            while (calls() === 0) await sleep(10)
            child.kill("SIGSTOP")
            while (!(await own?.contents())?.includes(":e\n")) await sleep(50)
            child.kill("SIGCONT")
          }
        )
        const { assumeRoleCalls, ids, outcomes, right } = await fleet.read("aws")
        await fleet.end()
        // One of each who held the lease; the first goes on with what the second got.
        assert.deepStrictEqual({ assumeRoleCalls, ids, right }, { assumeRoleCalls: 2, ids: 1, right: 8 })
        assert.deepStrictEqual([outcomes.renewal, outcomes.lease_lost], [2, 1])
      })
    }
  )
})
