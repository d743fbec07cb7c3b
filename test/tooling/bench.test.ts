/**
 * What the README shows of the benchmark is what was recorded, and its peers are locked.
 */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { chart } from "../../bench/chart.js"
import { merged, type Results, withFigures, written } from "../../bench/record.js"
import { growth, ratios, spread } from "../../bench/support/statistics.js"
import { verdict } from "../../bench/support/table.js"

const root = resolve(import.meta.dirname, "../..")
const read = (path: string): string => readFileSync(join(root, path), "utf8")

describe("the benchmark", { timeout: 300_000 }, () => {
  const results: Results = JSON.parse(read("bench/results.json"))

  it("has its figures in the README and the guides as they were recorded", () => {
    for (const guide of withFigures) {
      const text = read(guide)
      assert.match(text, /<!-- figures [a-z ]+ -->\n\nO|<!-- figures of starts -->\n\nA/, guide)
      assert.strictEqual(text, written(text, results), guide)
    }
    assert.strictEqual(read("docs/performance.svg"), chart(results))
  })

  it("keeps the parts that were recorded before, where nothing but time lies between", () => {
    const { memory } = results.tables
    if (memory === undefined) throw new Error("no memory was recorded")
    const part: Results = { ...results, tables: { memory: { ...memory, title: "anew" } } }
    assert.deepStrictEqual(merged(results, part).tables, { ...results.tables, ...part.tables })
    const versions = { ...results.machine.versions, node: "v0.0.1" }
    for (const other of [
      { ...part, quick: !results.quick },
      { ...part, machine: { ...results.machine, versions } }
    ]) {
      assert.deepStrictEqual(merged(results, other), other)
    }
  })

  it("shows both lines and every peer beside the base", () => {
    const names = ["aws-calls", "alibaba-calls"].flatMap((table) =>
      (results.tables[table]?.rows ?? []).map(({ name }) => name)
    )
    const { dependencies } = JSON.parse(read("bench/peers/package.json"))
    for (const name of [
      "@aws-sdk/client-sts",
      "@effect-aws/client-sts",
      "@alicloud/sts20150401",
      "@alicloud/pop-core"
    ]) {
      assert.include(names, name)
      assert.property(dependencies, name)
    }
    for (const line of [3, 4]) assert.include(names, `effect-sts, Effect ${line}, undici`)
    assert.include(names, "undici request, prepared body")
  })

  it("installs locked peers from any registry", () => {
    const { packages } = JSON.parse(read("bench/peers/package-lock.json"))
    const { dependencies } = JSON.parse(read("bench/peers/package.json"))
    assert.deepStrictEqual(packages[""].dependencies, dependencies)
    assert.isTrue(Object.values<object>(packages).every((one) => !("resolved" in one)))
    assert.isTrue(existsSync(join(root, "bench/peers/.npmrc")))
  })
})

const samples = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })

describe("statistics of samples", { timeout: 300_000 }, () => {
  it("is the same in any order, and lies among them", () => {
    fc.assert(
      fc.property(samples, (taken) => {
        const { high, low, median } = spread(taken)
        assert.isTrue(Math.min(...taken) <= low && low <= median && median <= high)
        assert.isTrue(high <= Math.max(...taken))
        assert.deepStrictEqual(spread(taken.toReversed()), { high, low, median })
      })
    )
  })

  it("use the ratio of each pair", () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.5, max: 8, noNaN: true }), (base, slower) => {
        const { high, low } = ratios(
          base.map((sample) => sample * slower),
          base
        )
        assert.approximately(low, slower, 1e-9 * slower)
        assert.approximately(high, slower, 1e-9 * slower)
      })
    )
  })

  it("is the exponent of a power", () => {
    assert.approximately(growth([1_000, 10_000], [5, 50]), 1, 1e-12)
    assert.approximately(growth([10, 100], [3, 300]), 2, 1e-12)
    assert.approximately(growth([10, 100], [3, 3]), 0, 1e-12)
  })

  it("meets a target or misses it, on the right side", () => {
    const figure = (bound: "at least" | "at most", value: number) =>
      verdict({ value, text: "", target: { bound, value: 1 } })
    assert.strictEqual(figure("at least", 1.1), "met")
    assert.strictEqual(figure("at least", 0.9), "missed")
    assert.strictEqual(figure("at most", 1.1), "missed")
    assert.strictEqual(figure("at most", 1), "met")
    assert.isUndefined(figure("at most", Number.NaN))
  })
})
