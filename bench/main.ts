/**
 * Compares this package, as built, with bare undici and the official clients, and prints what holds of its targets.
 *
 * `npm run bench -- [--quick] [--only aws-calls,aws-signing] [--json]`. Only ratios within one run mean anything; a missed
 * target is told, and fails nothing.
 */
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import * as alibabaCalls from "./parts/alibaba/calls.js"
import * as alibabaSigning from "./parts/alibaba/signing.js"
import * as awsCalls from "./parts/aws/calls.js"
import * as awsSigning from "./parts/aws/signing.js"
import { xml } from "./parts/aws/xml.js"
import { blocking } from "./parts/blocking.js"
import { growth } from "./parts/growth.js"
import { memory } from "./parts/memory.js"
import { start } from "./parts/start.js"
import { type Scale, scale } from "./support/scale.js"
import { print, type Table, verdict } from "./support/table.js"

const parts: Readonly<Record<string, (scale: Scale) => Promise<Table>>> = {
  "alibaba-calls": alibabaCalls.calls,
  "aws-calls": awsCalls.calls,
  blocking,
  "alibaba-signing": alibabaSigning.signing,
  "aws-signing": awsSigning.signing,
  "aws-xml": xml,
  "alibaba-start": (scale) => start("alibaba", scale),
  "aws-start": (scale) => start("aws", scale),
  memory,
  "alibaba-growth": (scale) => growth("alibaba", scale),
  "aws-growth": (scale) => growth("aws", scale)
}

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: Object.keys(parts).join() },
    json: { type: "boolean", default: false }
  }
})

const write = (text: string) => process.stdout.write(`${text}\n`)

const chosen = options.only.split(",").map((name) => {
  const part = parts[name]
  if (part === undefined) throw new Error(`no part "${name}": there are ${Object.keys(parts).join(", ")}`)
  return { name, part }
})

const verdicts = ({ rows, title }: Table) =>
  rows.flatMap((row) =>
    row.cells.flatMap((figure) => {
      const given = verdict(row, figure)
      return given === undefined
        ? []
        : [{ title, name: row.name, measured: figure.text, target: row.target, verdict: given }]
    })
  )

const tables: Record<string, Table> = {}
for (const { name, part } of chosen) {
  const table = await part(scale(options.quick))
  tables[name] = table
  if (!options.json) write(print(table))
}

const all = Object.values(tables).flatMap(verdicts)
if (options.json) {
  const machine = { node: process.version, cores: availableParallelism(), quick: options.quick }
  write(JSON.stringify({ machine, tables, verdicts: all }, null, 2))
} else {
  const missed = all.filter(({ verdict }) => verdict === "missed").length
  write(`${all.length - missed} of ${all.length} figures meet their target (node ${process.version}).`)
}
