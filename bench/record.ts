/**
 * The recorded figures, as the README and the guides show them.
 */
import { availableParallelism } from "node:os"
import { isDeepStrictEqual } from "node:util"
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

/** These, beside the parts that were measured before for as long, on such a machine and with the same versions. */
export const merged = (before: Results, measured: Results): Results =>
  isDeepStrictEqual([before.quick, before.machine], [measured.quick, measured.machine])
    ? { ...measured, tables: { ...before.tables, ...measured.tables } }
    : measured

/** The columns of a table of calls that a page has room for. */
const shown = { "CPU a call": 0, "CPU / undici's": 1, bytes: 3, fibers: 4, "calls/s / undici's": 5 }

/** Those that the README has. */
const few = { "CPU / undici's": 1, bytes: 3, "calls/s / undici's": 5 }

/** Ways to make the same call that the README leaves to the guide. */
const variant = /, (?:runPromise|traced|RPC signature)$/

/** The columns of a table of starts. */
const starts = { "bundle, gzip": 0, "start to answer, bundled": 1, "/ vendor's": 2 }

type Columns = Readonly<Record<string, number>>

/** What says more of the row than of the table. */
const short = (row: Row, columns: Columns): Row => ({
  ...row,
  cells: Object.values(columns).map((column) => {
    const { text = "", value = Number.NaN } = row.cells[column] ?? {}
    return { value, text: text.replace(/ \(.*/, "") }
  })
})

const table = (rows: ReadonlyArray<Row>, columns: Columns): string =>
  markdown({ columns: Object.keys(columns), rows: rows.map((row) => short(row, columns)) })

/** A table for each cloud, of those that were measured. */
const tablesOf = (
  { tables }: Results,
  part: string,
  columns: Columns,
  what: string,
  among: (row: Row) => boolean = () => true
): ReadonlyArray<string> =>
  Object.entries({ aws: "AWS", alibaba: "Alibaba Cloud" }).flatMap(([name, cloud]) => {
    const rows = tables[`${name}-${part}`]?.rows.filter(among)
    return rows === undefined ? [] : [`${what} ${cloud}:\n\n${table(rows, columns)}`]
  })

const conditions = ({ machine: { cores, versions }, quick }: Results): string => {
  const { node, ...others } = versions
  const measured = Object.entries(others).map(([name, version]) => `${name} ${version}`)
  return `${quick ? "A short run" : "A full run"} on ${cores} cores, Node ${node}, ${measured.join(", ")}.`
}

const blocks: Readonly<Record<string, (results: Results) => ReadonlyArray<string>>> = {
  "in short": (results) =>
    tablesOf(results, "calls", few, "One AssumeRole on", ({ name }) => !variant.test(name)),
  "of the benchmark": (results) => [
    ...tablesOf(results, "calls", shown, "One AssumeRole on"),
    conditions(results)
  ],
  "of starts": (results) => tablesOf(results, "start", starts, "A program of one AssumeRole on")
}

const section = /(<!-- figures ([a-z ]+) -->\n\n)[\s\S]*?(<!-- end of the figures -->)/g

const filled = (guide: string, block: (name: string) => ReadonlyArray<string>): string =>
  guide.replace(
    section,
    (_, start: string, name: string, end: string) => `${start}${block(name).join("\n\n")}\n\n${end}`
  )

/** A guide with these figures. */
export const written = (guide: string, results: Results): string =>
  filled(guide, (name) => blocks[name]?.(results) ?? [])

/** The simulated figures, which depend on no machine. */
export type Simulated = Pick<Results, "quick" | "tables">

/** The guide of fleets with these figures. */
export const writtenFleet = (guide: string, { tables }: Simulated): string =>
  filled(guide, () => Object.values(tables).map((table) => `${table.title}:\n\n${markdown(table)}`))

/** The guides that have figures. */
export const withFigures: ReadonlyArray<string> = ["README.md", "docs/performance.md", "docs/functions.md"]

/** As a file keeps them: four digits are more than any of them means. */
export const json = (results: Simulated): string => {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value
  return `${JSON.stringify(results, rounded, 1)}\n`
}
