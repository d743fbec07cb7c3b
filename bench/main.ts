/**
 * Compares this package, as built for either Effect, with bare HTTP clients and its peers, and tells which of its targets
 * it meets. A missed target fails nothing.
 *
 * `npm run bench -- [--quick] [--only aws-calls,memory] [--json] [--record]`. `--record` keeps the figures in results.json,
 * and writes the chart and the tables of README and guides from them.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { chart } from "./chart.js"
import { blocking } from "./parts/blocking.js"
import { calls } from "./parts/calls.js"
import { growth } from "./parts/growth.js"
import { kept } from "./parts/kept.js"
import { memory } from "./parts/memory.js"
import { signing } from "./parts/signing.js"
import { startUp } from "./parts/start.js"
import { json, resultsOf, withFigures, written } from "./record.js"
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
  blocking
}

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(parts).join() },
    json: { type: "boolean", default: false },
    record: { type: "boolean", default: false }
  }
})

const chosen = options.only.split(",").map((name) => {
  const part = parts[name]
  if (part === undefined) throw new Error(`no part "${name}": there are ${Object.keys(parts).join(", ")}`)
  return { name, part }
})

const write = (text: string) => process.stdout.write(`${text}\n`)

installPeers()
prepareEffect3()
const tables: Record<string, Table> = {}
for (const { name, part } of chosen) {
  const table = await part(scale(options.quick))
  tables[name] = table
  if (!options.json) write(print(table))
}
const results = resultsOf(tables, versions(), options.quick)
if (options.json) write(json(results))
else {
  const verdicts = Object.values(tables)
    .flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(verdict)))
    .filter((given) => given !== undefined)
  const met = verdicts.filter((given) => given === "met").length
  write(`${met} of ${verdicts.length} figures meet their target (node ${process.version}).`)
}
if (options.record) {
  const file = (path: string) => join(root, path)
  writeFileSync(file("bench/results.json"), json(results))
  writeFileSync(file("docs/performance.svg"), chart(JSON.parse(json(results))))
  for (const guide of withFigures)
    writeFileSync(file(guide), written(readFileSync(file(guide), "utf8"), results))
}
