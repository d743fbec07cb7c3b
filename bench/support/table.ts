/**
 * Measurements beside their targets.
 */
import type { Target } from "../targets.js"

export interface Cell {
  readonly value: number
  readonly text: string
  /** Whether the row's target is about this figure. */
  readonly judged: boolean
}

export interface Row {
  readonly name: string
  readonly cells: ReadonlyArray<Cell>
  readonly target?: Target | undefined
}

export interface Table {
  readonly title: string
  readonly notes?: ReadonlyArray<string>
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
}

const cell =
  (show: (value: number) => string) =>
  (value: number): Cell => ({ value, text: Number.isFinite(value) ? show(value) : "-", judged: false })

const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
const grouped = (value: number): string => Math.round(value).toLocaleString("en-US")

export const times = cell((value) => `${decimals(value)}x`)
export const millis = cell((value) => `${decimals(value)} ms`)
export const micros = cell((value) => `${grouped(value)} us`)
export const count = cell(grouped)
export const exponent = cell(decimals)
export const kilobytes = cell((bytes) => `${(bytes / 1024).toFixed(1)} KB`)
export const bytes = cell((value) => `${decimals(value)} B`)
export const nothing: Cell = { value: Number.NaN, text: "", judged: false }

/** A figure that the row's target is about. */
export const judged = (figure: Cell): Cell => ({ ...figure, judged: true })

const isMet = ({ bound, value }: Target, measured: number): boolean =>
  bound === "at least" ? measured >= value : measured <= value

/** Whether a figure meets its row's target; nothing where it has none. */
export const verdict = ({ target }: Row, figure: Cell): "met" | "missed" | undefined => {
  if (target === undefined || !figure.judged || Number.isNaN(figure.value)) return undefined
  return isMet(target, figure.value) ? "met" : "missed"
}

const targetText = (target: Target | undefined): string =>
  target === undefined ? "" : `${target.bound === "at least" ? ">=" : "<="} ${target.text}`

const render = (lines: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length))
  )
  const line = (cells: ReadonlyArray<string>) =>
    cells
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
      )
      .join("  ")
      .trimEnd()
  const [header = [], ...body] = lines
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n")
}

/** The table as text. */
export const print = ({ columns, notes = [], rows, title }: Table): string => {
  const lines = rows.map((row) => [
    row.name,
    ...row.cells.map((figure) => [figure.text, verdict(row, figure)].filter(Boolean).join(" ")),
    targetText(row.target)
  ])
  return `${title}\n\n${render([["", ...columns, "target"], ...lines])}\n${notes.map((note) => `${note}\n`).join("")}`
}
