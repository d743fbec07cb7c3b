/**
 * Compares this package, as built for either Effect, with bare HTTP clients and its peers, and tells which of its targets
 * it meets. A missed target fails nothing.
 *
 * `npm run bench -- [--quick] [--only aws-calls,memory] [--json] [--record]`. `--record` keeps the figures in results.json,
 * those of some parts beside what stands there, and writes the chart and the tables of README and guides from them. `npm run bench -- fleet` has the parts alone that
 * begin so: they are simulated, measure nothing, and are kept in fleet.json.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { chart } from "./chart.js"
import { fleetChart } from "./fleet/chart.js"
import { blocking } from "./parts/blocking.js"
import { calls } from "./parts/calls.js"
import { fleetNodes, fleetRedis, fleetRoles, fleetStart } from "./parts/fleet.js"
import { growth } from "./parts/growth.js"
import { kept } from "./parts/kept.js"
import { memory } from "./parts/memory.js"
import { program } from "./parts/program.js"
import { signing } from "./parts/signing.js"
import { startUp } from "./parts/start.js"
import { json, merged, type Results, resultsOf, withFigures, written, writtenFleet } from "./record.js"
import { installPeers, prepareEffect3, root, versions } from "./support/lines.js"
import { type Scale, scale } from "./support/scale.js"
import { print, type Table, verdict } from "./support/table.js"

const parts: Readonly<Record<string, (scale: Scale) => Promise<Table>>> = {
  "aws-calls": (scale) => calls("aws", scale),
  "alibaba-calls": (scale) => calls("alibaba", scale),
  memory,
  signing,
  kept,
  growth,
  "aws-start": (scale) => startUp("aws", scale),
  "alibaba-start": (scale) => startUp("alibaba", scale),
  program,
  blocking,
  "fleet-nodes": fleetNodes,
  "fleet-roles": fleetRoles,
  "fleet-redis": fleetRedis,
  "fleet-start": fleetStart
}

const isSimulated = (name: string): boolean => name.startsWith("fleet-")

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(parts).join() },
    json: { type: "boolean", default: false },
    record: { type: "boolean", default: false }
  }
})

const wanted = positionals.flatMap((start) => Object.keys(parts).filter((name) => name.startsWith(start)))
const chosen = (positionals.length === 0 ? options.only.split(",") : wanted).map((name) => {
  const part = parts[name]
  if (part === undefined) throw new Error(`no part "${name}": there are ${Object.keys(parts).join(", ")}`)
  return { name, part }
})

const write = (text: string) => process.stdout.write(`${text}\n`)

const isMeasured = chosen.some(({ name }) => !isSimulated(name))
if (isMeasured) {
  installPeers()
  prepareEffect3()
}
const tables: Record<string, Table> = {}
for (const { name, part } of chosen) {
  const table = await part(scale(options.quick))
  tables[name] = table
  if (!options.json) write(print(table))
}
const results = resultsOf(tables, isMeasured ? versions() : { node: process.version }, options.quick)
if (options.json) write(json(results))
else {
  const verdicts = Object.values(tables)
    .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(verdict)))
    .filter((given) => given !== undefined)
  const met = verdicts.filter((given) => given === "met").length
  if (isMeasured) write(`${met} of ${verdicts.length} figures meet their target (node ${process.version}).`)
}
if (options.record) {
  const file = (path: string) => join(root, path)
  const rewrite = (guide: string, by: (text: string) => string) =>
    writeFileSync(file(guide), by(readFileSync(file(guide), "utf8")))
  const only = (among: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(tables).filter(([name]) => among(name)))
  if (isMeasured) {
    const before: Results = JSON.parse(readFileSync(file("bench/results.json"), "utf8"))
    const measured = merged(before, { ...results, tables: only((name) => !isSimulated(name)) })
    writeFileSync(file("bench/results.json"), json(measured))
    writeFileSync(file("docs/performance.svg"), chart(JSON.parse(json(measured))))
    for (const guide of withFigures) rewrite(guide, (text) => written(text, measured))
  }
  const simulated = { quick: options.quick, tables: only(isSimulated) }
  if (Object.keys(simulated.tables).length > 0) {
    writeFileSync(file("bench/fleet.json"), json(simulated))
    writeFileSync(file("docs/fleet.svg"), fleetChart(JSON.parse(json(simulated))))
    rewrite("docs/fleet.md", (text) => writtenFleet(text, simulated))
  }
}
