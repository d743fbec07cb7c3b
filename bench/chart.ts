/**
 * The recorded figures as a drawing: bars for CPU and bytes of a call, curves for what grows.
 */
import type { Results } from "./record.js"
import type { Cell, Row, Table } from "./support/table.js"

const width = 900
const line = 20
const gap = 34
const labels = 250
const bar = 250

const style = `
    text { font: 12px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 } .small { font-size: 10px; fill: #656d76 }
    .bare { fill: #afb8c1 } .peer { fill: #6e7781 } .effect4 { fill: #0969da } .effect3 { fill: #54aeff }
    .axis { stroke: #d0d7de } .range { stroke: #1f2328 }
    polyline { fill: none; stroke-width: 2 } .effect4.curve { stroke: #0969da } .effect3.curve { stroke: #54aeff }
    .effect4, .effect3 { fill-opacity: 1 } .curve { fill: none } .alibaba { stroke-dasharray: 5 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .small { fill: #8d96a0 } .bare { fill: #484f58 } .peer { fill: #8b949e }
      .effect4 { fill: #4493f8 } .effect3 { fill: #1f4f8f } .axis { stroke: #30363d } .range { stroke: #e6edf3 }
      .effect4.curve { stroke: #4493f8; fill: none } .effect3.curve { stroke: #2f6fbf; fill: none }
    }`

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? sign)

export const text = (x: number, y: number, value: string, more = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escaped(value)}</text>`

const kindOf = (name: string): string => {
  if (name.includes("Effect 4")) return "effect4"
  if (name.includes("Effect 3")) return "effect3"
  return name.includes("prepared body") ? "bare" : "peer"
}

interface Drawing {
  readonly height: number
  readonly marks: ReadonlyArray<string>
}

/** Bars of one column, from x on: as long as the figure, with a line from quartile to quartile. */
const bars = (cells: ReadonlyArray<Cell>, kinds: ReadonlyArray<string>, x: number, y: number) => {
  const most = Math.max(...cells.map(({ high, value }) => high ?? value))
  const long = (value: number) => (value / most) * bar
  return cells.flatMap(({ high, low, text: label, value }, index) => {
    const top = y + index * line
    const end = x + long(Math.max(value, high ?? 0))
    return [
      `<rect class="${kinds[index]}" x="${x}" y="${top}" width="${long(value).toFixed(1)}" height="${line - 6}"/>`,
      ...(low === undefined || high === undefined
        ? []
        : [
            `<line class="range" x1="${(x + long(low)).toFixed(1)}" x2="${(x + long(high)).toFixed(1)}" y1="${top + 7}" y2="${top + 7}"/>`
          ]),
      text(end + 4, top + 11, label.replace(/ \(.*/, ""), ' class="small"')
    ]
  })
}

const isPlain = ({ name }: Row): boolean => !/runPromise|traced|RPC/.test(name)

const calls = ({ rows }: Table, cloud: string, y: number): Drawing => {
  const plain = rows.filter(isPlain)
  const column = (index: number) => plain.map(({ cells }) => cells[index] ?? { value: 0, text: "" })
  const kinds = plain.map(({ name }) => kindOf(name))
  const top = y + 16
  return {
    height: 16 + plain.length * line + gap,
    marks: [
      text(0, y, `One AssumeRole on ${cloud}`, ' class="title"'),
      text(labels, y, "CPU, as a multiple of bare undici's: less is better", ' class="small"'),
      text(labels + bar + 80, y, "bytes allocated: less is better", ' class="small"'),
      ...plain.map(({ name }, index) => text(0, top + index * line + 11, name)),
      ...bars(column(1), kinds, labels, top),
      ...bars(column(3), kinds, labels + bar + 80, top)
    ]
  }
}

const subjects = ["profiles in the file", "roles kept", "calls at once", "KB of the reply"]
const side = 170

const growth = ({ columns, rows }: Table, y: number): Drawing => {
  const steps = columns.slice(1).map((column) => Number(column.replace(/\D/g, "")))
  const panels = subjects.flatMap((subject, place) => {
    const x = place * ((width - side) / (subjects.length - 1))
    const of = rows.filter(({ name }) => name.startsWith(subject))
    const curves = of.map(({ cells, name }) => ({
      name,
      points: steps.flatMap((step, index) => {
        const value = cells[index + 1]?.value
        return value ? [{ step, value }] : []
      })
    }))
    const all = curves.flatMap(({ points }) => points)
    const [least, most] = [Math.min, Math.max].map((pick) =>
      pick(...all.map(({ value }) => Math.log10(value)))
    )
    const furthest = Math.max(...all.map(({ step }) => Math.log10(step)))
    const [low, high] = [Math.floor(least ?? 0), Math.ceil(most ?? 1)]
    const top = y + 16
    const across = (step: number) => x + (Math.log10(step) / furthest) * side
    const up = (value: number) => top + 110 - ((Math.log10(value) - low) / Math.max(1, high - low)) * 110
    return [
      text(x, y + 8, subject, ' class="small"'),
      `<line class="axis" x1="${x}" x2="${x + side}" y1="${top + 110}" y2="${top + 110}"/>`,
      `<line class="axis" x1="${x}" x2="${x}" y1="${top}" y2="${top + 110}"/>`,
      text(x + 3, top + 10, `${(10 ** high).toLocaleString("en-US")} us`, ' class="small"'),
      text(x + 3, top + 106, `${(10 ** low).toLocaleString("en-US")} us`, ' class="small"'),
      text(x, top + 124, "1", ' class="small"'),
      text(x + side, top + 124, (10 ** furthest).toLocaleString("en-US"), ' class="small" text-anchor="end"'),
      ...curves.map(({ name, points }) => {
        const cloud = name.includes("alibaba") ? " alibaba" : ""
        const places = points.map(({ step, value }) => `${across(step).toFixed(1)},${up(value).toFixed(1)}`)
        return `<polyline class="curve ${kindOf(name)}${cloud}" points="${places.join(" ")}"/>`
      })
    ]
  })
  return {
    height: 172,
    marks: [
      text(0, y - 12, "CPU of one call as something grows, both scales by tens", ' class="title"'),
      ...panels
    ]
  }
}

const legend = (y: number): Drawing => ({
  height: 16,
  marks: [
    text(
      0,
      y,
      "Curves: blue is Effect 4, lighter Effect 3; a whole line is AWS, a broken one Alibaba Cloud. Thin lines on bars reach from quartile to quartile.",
      ' class="small"'
    )
  ]
})

export const chart = ({ tables }: Results): string => {
  const marks: Array<string> = []
  let y = 20
  const draw = ({ height, marks: drawn }: Drawing) => {
    marks.push(...drawn)
    y += height
  }
  const { "alibaba-calls": alibaba, "aws-calls": aws, growth: curves } = tables
  if (aws !== undefined) draw(calls(aws, "AWS", y))
  if (alibaba !== undefined) draw(calls(alibaba, "Alibaba Cloud", y))
  if (curves !== undefined) draw(growth(curves, y + 12))
  draw(legend(y))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 ${width + 20} ${y}" role="img">
  <title>What a call of effect-sts costs, beside its peers</title>
  <style>${style}
  </style>
  ${marks.join("\n  ")}
</svg>
`
}
