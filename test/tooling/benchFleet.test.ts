/**
 * What the guide of fleets shows is what was simulated, and a simulated day is the same each time.
 */
import { readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fleetChart } from "../../bench/fleet/chart.js"
import { day, plan } from "../../bench/fleet/Day.js"
import { peers } from "../../bench/fleet/peers.js"
import { redisFleet } from "../../bench/fleet/redisFleet.js"
import { seeded, VirtualTime } from "../../bench/fleet/VirtualTime.js"
import { type Simulated, writtenFleet } from "../../bench/record.js"
import { growth } from "../../bench/support/statistics.js"

const root = resolve(import.meta.dirname, "../..")
const read = (path: string): string => readFileSync(join(root, path), "utf8")

describe("the simulated fleet", { timeout: 120_000 }, () => {
  const results: Simulated = JSON.parse(read("bench/fleet.json"))
  const well = (table: string): ReadonlyArray<number> =>
    results.tables[table]?.rows
      .find(({ name }) => name.endsWith("while Redis is well"))
      ?.cells.map(({ value }) => value) ?? []

  it("stands in its guide as it was recorded, in full", () => {
    assert.isFalse(results.quick)
    const guide = read("docs/fleet.md")
    assert.include(guide, "<!-- figures of the fleet -->\n\nCalls of STS")
    assert.strictEqual(guide, writtenFleet(guide, results))
    assert.strictEqual(read("docs/fleet.svg"), fleetChart(results))
  })

  it("costs as much as it has roles, whatever the number of its nodes", () => {
    const ends = (calls: ReadonlyArray<number>) => [calls[0] ?? 0, calls.at(-1) ?? 0]
    assert.approximately(growth([10, 10_000], ends(well("fleet-nodes"))), 0, 0.1)
    // A thousand roles at once are more than STS allows, and what is refused is tried again.
    assert.approximately(growth([1, 1_000], ends(well("fleet-roles"))), 1, 0.1)
    // The first session and 32 renewals of sessions of an hour, and what failures add; as many where both grow.
    const rows = results.tables["fleet-redis"]?.rows ?? []
    const each = new Map(rows.map(({ cells, name }) => [name, cells[0]?.value ?? 0]))
    for (const [name, calls] of each) {
      assert.isAtLeast(calls, 32, name)
      assert.isAtMost(calls, 55, name)
    }
    assert.approximately(each.get("100 nodes, 100 roles") ?? 0, each.get("100 nodes, 1 role") ?? 0, 2)
    assert.approximately(each.get("1,000 nodes, 10 roles") ?? 0, each.get("1,000 nodes, 1 role") ?? 0, 2)
    for (const { cells, name, ours } of results.tables["fleet-nodes"]?.rows ?? []) {
      const calls = ends(cells.map(({ value }) => value))
      if (ours !== true) assert.isAbove(growth([10, 10_000], calls), 0.9, name)
    }
  })

  it("has the same day from the same seed, and another from another", () => {
    for (const contender of [...peers, redisFleet]) {
      const once = day(contender, 6, 2, 1)
      assert.deepStrictEqual(day(contender, 6, 2, 1), once, contender.name)
      assert.notDeepEqual(day(contender, 6, 2, 2), once, contender.name)
      assert.strictEqual(once.ended, 0, contender.name)
    }
  })

  it("asks STS no more often for more nodes", () => {
    // While it is down it is tried a few times more, if the session is due just then.
    const happens = { ...plan, stsDown: { from: plan.end, to: plan.end } }
    for (const nodes of [4, 24]) {
      const { calls, callsWithoutRedis } = day(redisFleet, nodes, 1, 3, happens)
      // The first session, 32 renewals of an hour's sessions, and what failures add.
      assert.isAtLeast(calls - callsWithoutRedis, 32)
      assert.isAtMost(calls - callsWithoutRedis, 42)
    }
  })
})

describe("virtual time", () => {
  it("rings in the order of times, and of two at once the one that was set first", () => {
    const time = new VirtualTime(0)
    const random = seeded(1)
    const times = Array.from({ length: 500 }, () => Math.floor(random() * 100))
    const rung: Array<readonly [at: number, place: number]> = []
    times.forEach((at, place) => {
      const stop = time.after(at, () => rung.push([time.now, place]))
      if (place % 5 === 0) stop()
    })
    time.pass(1_000)
    const expected = times
      .map((at, place) => [at, place] as const)
      .filter(([, place]) => place % 5 !== 0)
      .sort(([one, first], [other, second]) => one - other || first - second)
    assert.deepStrictEqual(rung, expected)
    assert.strictEqual(time.now, 1_000)
  })
})
