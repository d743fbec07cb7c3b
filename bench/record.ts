/**
 * The recorded figures, as the README shows them.
 */
import { availableParallelism } from "node:os"
import { markdown, type Row, type Table } from "./support/table.js"

export interface Results {
  /** In short: to see that it runs, and not to be believed. */
  readonly quick: boolean
  readonly machine: { readonly cores: number; readonly versions: Readonly<Record<string, string>> }
  readonly tables: Readonly<Record<string, Table>>
}

export const resultsOf = (
  tables: Results["tables"],
  versions: Results["machine"]["versions"],
  quick: boolean
): Results => ({ quick, machine: { cores: availableParallelism(), versions }, tables })

const clouds = { "aws-calls": "AWS", "alibaba-calls": "Alibaba Cloud" }

/** The columns of a table of calls that the README has room for. */
const shown = { "CPU a call": 0, "CPU / undici's": 1, bytes: 3, fibers: 4, "calls/s / undici's": 5 }

/** What says more of the row than of the table. */
const short = (row: Row): Row => ({
  ...row,
  cells: Object.values(shown).map((column) => {
    const { text = "", value = Number.NaN } = row.cells[column] ?? {}
    return { value, text: text.replace(/ \(.*/, "") }
  })
})

const figures = ({ machine: { cores, versions }, quick, tables }: Results): string => {
  const calls = Object.entries(clouds).flatMap(([name, cloud]) => {
    const rows = tables[name]?.rows
    return rows === undefined
      ? []
      : [`One AssumeRole on ${cloud}:\n\n${markdown({ columns: Object.keys(shown), rows: rows.map(short) })}`]
  })
  const { node, ...others } = versions
  const measured = Object.entries(others).map(([name, version]) => `${name} ${version}`)
  const how = `${quick ? "A short run" : "A full run"} on ${cores} cores, Node ${node}, ${measured.join(", ")}.`
  return [...calls, how].join("\n\n")
}

const section = /(<!-- figures of the benchmark -->\n\n)[\s\S]*?(\n\n<!-- end of the figures -->)/

/** The README with these figures. */
export const written = (readme: string, results: Results): string =>
  readme.replace(section, (_, start: string, end: string) => `${start}${figures(results)}${end}`)

/** As a file keeps them: four digits are more than any of them means. */
export const json = (results: Results): string => {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value
  return `${JSON.stringify(results, rounded, 1)}\n`
}
