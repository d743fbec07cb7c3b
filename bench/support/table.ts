/**
 * Measurements, some beside a target.
 */
import type { Spread } from "./statistics.js"

export interface Target {
  readonly bound: "at least" | "at most"
  readonly value: number
}

export interface Cell {
  readonly value: number
  /** The quartiles, where many samples were taken. */
  readonly low?: number
  readonly high?: number
  readonly text: string
  readonly target?: Target
}

export interface Row {
  readonly name: string
  readonly ours?: boolean
  readonly cells: ReadonlyArray<Cell>
}

export interface Table {
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
}

const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
const grouped = (value: number): string => Math.round(value).toLocaleString("en-US")

const cell =
  (show: (value: number) => string) =>
  (measured: number | Spread, target?: Target): Cell => {
    const aimed = target === undefined ? {} : { target }
    if (typeof measured === "number") {
      return { value: measured, text: Number.isFinite(measured) ? show(measured) : "-", ...aimed }
    }
    const { high, low, median } = measured
    return { value: median, low, high, text: `${show(median)} (${show(low)} to ${show(high)})`, ...aimed }
  }

export const times = cell((value) => `${decimals(value)}x`)
export const millis = cell((value) => `${decimals(value)} ms`)
export const seconds = cell((millis) => `${decimals(millis / 1_000)} s`)
export const micros = cell((value) => `${decimals(value)} us`)
export const count = cell(grouped)
export const exponent = cell((value) => value.toFixed(2))
export const kilobytes = cell((bytes) => `${(bytes / 1024).toFixed(1)} KB`)
export const bytes = cell((value) => `${value < 100 ? decimals(value) : grouped(value)} B`)
export const nothing: Cell = { value: Number.NaN, text: "" }

const isMet = ({ bound, value }: Target, measured: number): boolean =>
  bound === "at least" ? measured >= value : measured <= value

/** Whether a figure meets its target; nothing where it has none. */
export const verdict = ({ target, value }: Cell): "met" | "missed" | undefined => {
  if (target === undefined || Number.isNaN(value)) return undefined
  return isMet(target, value) ? "met" : "missed"
}

const told = (figure: Cell): string => {
  const given = verdict(figure)
  if (given === undefined || figure.target === undefined) return figure.text
  const { bound, value } = figure.target
  return `${figure.text} ${given}: ${bound} ${value}`
}

/** The table as text. */
export const print = ({ columns, rows, title }: Table): string => {
  const lines = [["", ...columns], ...rows.map(({ cells, name }) => [name, ...cells.map(told)])]
  const widths = ["", ...columns].map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length))
  )
  const text = lines.map((line) =>
    line
      .map((part, column) =>
        column === 0 ? part.padEnd(widths[0] ?? 0) : part.padStart(widths[column] ?? 0)
      )
      .join("  ")
      .trimEnd()
  )
  return `${title}\n\n${[text[0], widths.map((width) => "-".repeat(width)).join("  "), ...text.slice(1)].join("\n")}\n`
}

/** The table as Markdown, without its targets. */
export const markdown = ({ columns, rows }: Omit<Table, "title">): string => {
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  const body = rows.map(({ cells, name, ours }) =>
    line([ours ? `**${name}**` : name, ...cells.map(({ text }) => text)])
  )
  return [line(["", ...columns]), `|---|${columns.map(() => "---:|").join("")}`, ...body].join("\n")
}
