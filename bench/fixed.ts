/**
 * The figures that do not depend on the machine, as one line of JSON. `--check` compares them with those in fixed.json and
 * fails where they are worse, `--record` writes them there.
 *
 * bytesPerCall: allocated by one AssumeRole over a client that answers at once. fibersPerCall: started by it.
 * bytesPerWaiter: what a caller holds, its fiber included, that waits for a permit or for a reply, whichever is more.
 * bundleGzip: one AssumeRole with everything that it needs, minified and compressed.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { bundle, oursIn } from "./support/bundle.js"
import { type Cloud, heap } from "./support/heap.js"

export interface Fixed {
  readonly bytesPerCall: number
  readonly fibersPerCall: number
  readonly bytesPerWaiter: number
  readonly bundleGzip: number
}

const clouds: ReadonlyArray<Cloud> = ["aws", "alibaba"]
const limits: Partial<Fixed> = { bytesPerCall: 12 * 1024 }
/** Worse by no more than this part of what is recorded. */
const tolerance = 0.05

const measured = async (cloud: Cloud): Promise<Fixed> => {
  const { bytes, fibers = Number.NaN } = await heap(cloud, { kind: "call", count: 4_000 })
  const line = await heap(cloud, { kind: "line", count: 5_000 })
  const wire = await heap(cloud, { kind: "wire", count: 5_000 })
  return {
    bytesPerCall: Math.round(bytes),
    fibersPerCall: Math.round(fibers * 100) / 100,
    bytesPerWaiter: Math.round(Math.max(line.bytes, wire.bytes)),
    bundleGzip: (await bundle(oursIn(cloud))).gzip
  }
}

const { values: options } = parseArgs({
  options: { check: { type: "boolean", default: false }, record: { type: "boolean", default: false } }
})

const file = new URL("fixed.json", import.meta.url)
const figures: Record<string, Fixed> = {}
for (const cloud of clouds) figures[cloud] = await measured(cloud)
process.stdout.write(`${JSON.stringify(figures)}\n`)

if (options.record) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)

if (options.check) {
  const recorded: Record<string, Fixed> = JSON.parse(readFileSync(file, "utf8"))
  const worse = Object.entries(figures).flatMap(([cloud, all]) =>
    (Object.keys(all) as Array<keyof Fixed>).flatMap((name) => {
      const limit = limits[name] ?? Number.POSITIVE_INFINITY
      const known = recorded[cloud]?.[name] ?? Number.NaN
      const told = `${cloud}: ${name} is ${all[name]}`
      if (all[name] > limit) return [`${told}, and may be ${limit} at most`]
      if (all[name] <= known * (1 + tolerance)) return []
      return [
        `${told}, and was ${known} when it was recorded: where it is meant to be, npm run bench:fixed -- --record`
      ]
    })
  )
  for (const line of worse) process.stderr.write(`${line}\n`)
  if (worse.length > 0) process.exitCode = 1
}
