/** The simulated figures of fleets as curves: calls of STS as nodes or roles grow, and the load on Redis. */
import { text } from "../chart.js"
import type { Simulated } from "../record.js"
import type { Table } from "../support/table.js"

const width = 900
const side = 240
const height = 190
const apart = (width - 3 * side) / 2

const style = `
    text { font: 12px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 } .small { font-size: 10px; fill: #656d76 }
    .axis { stroke: #d0d7de } .grid { stroke: #d0d7de; stroke-opacity: .5 }
    .curve { fill: none; stroke-width: 2 } .part { stroke-dasharray: 5 3 }
    .peer0 { stroke: #6e7781 } .peer1 { stroke: #bc4c00 } .peer2 { stroke: #8250df }
    .peer3 { stroke: #54aeff } .peer4 { stroke: #1a7f37 } .ours { stroke: #0969da; stroke-width: 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .small { fill: #8d96a0 } .axis { stroke: #30363d } .grid { stroke: #30363d }
      .peer0 { stroke: #8b949e } .peer1 { stroke: #f0883e } .peer2 { stroke: #a371f7 }
      .peer3 { stroke: #2f6fbf } .peer4 { stroke: #3fb950 } .ours { stroke: #4493f8 }
    }`

interface Curve {
  readonly kind: string
  readonly points: ReadonlyArray<readonly [step: number, value: number]>
}

const stepOf = (name: string): number => Number(name.replace(/\D/g, ""))

const tenth = Math.log10

const shownAs = (value: number): string => value.toLocaleString("en-US")

/** A panel with both scales by tens. */
const panel = (x: number, y: number, title: string, under: string, curves: ReadonlyArray<Curve>) => {
  const points = curves.flatMap((curve) => curve.points)
  const steps = points.map(([step]) => tenth(step))
  const values = points.map(([, value]) => tenth(value))
  const [first, last] = [Math.min(...steps), Math.max(...steps)]
  const [low, high] = [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))]
  const across = (step: number) => x + ((step - first) / (last - first)) * side
  const up = (value: number) => y + height - ((value - low) / (high - low)) * height
  const tens = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, place) => from + place)
  return [
    text(x, y - 18, title, ' class="title"'),
    `<line class="axis" x1="${x}" x2="${x + side}" y1="${y + height}" y2="${y + height}"/>`,
    ...tens(low, high).flatMap((ten) => [
      `<line class="grid" x1="${x}" x2="${x + side}" y1="${up(ten).toFixed(1)}" y2="${up(ten).toFixed(1)}"/>`,
      text(x + 3, up(ten) - 3, shownAs(10 ** ten), ' class="small"')
    ]),
    ...tens(first, last).map((ten) =>
      text(
        across(ten),
        y + height + 13,
        shownAs(10 ** ten),
        ` class="small" text-anchor="${ten === first ? "start" : ten === last ? "end" : "middle"}"`
      )
    ),
    text(x + side / 2, y + height + 27, under, ' class="small" text-anchor="middle"'),
    ...curves.map(({ kind, points }) => {
      const places = points.map(
        ([step, value]) => `${across(tenth(step)).toFixed(1)},${up(tenth(value)).toFixed(1)}`
      )
      return `<polyline class="curve ${kind}" points="${places.join(" ")}"/>`
    })
  ]
}

/** Peers first, then ours: all of it broken, and whole what it asks while Redis is well. */
const kindsOf = ({ rows }: Table): ReadonlyArray<string> => {
  const peers = rows.filter(({ ours }) => ours !== true).length
  return rows.map((_, place) => (place < peers ? `peer${place}` : place === peers ? "ours part" : "ours"))
}

const curvesOf = (table: Table): ReadonlyArray<Curve> =>
  table.rows.map(({ cells }, row) => ({
    kind: kindsOf(table)[row] ?? "",
    points: table.columns.flatMap((column, place) => {
      const { value = 0 } = cells[place] ?? {}
      return value > 0 ? [[stepOf(column), value] as const] : []
    })
  }))

const legend = (table: Table, y: number) =>
  table.rows.flatMap(({ name }, row) => {
    const x = (row % 2) * (width / 2)
    const top = y + Math.floor(row / 2) * 18
    return [
      `<line class="curve ${kindsOf(table)[row]}" x1="${x}" x2="${x + 28}" y1="${top - 4}" y2="${top - 4}"/>`,
      text(x + 36, top, name)
    ]
  })

export const fleetChart = ({ tables }: Simulated): string => {
  const { "fleet-nodes": nodes, "fleet-redis": redis, "fleet-roles": roles } = tables
  if (nodes === undefined || roles === undefined || redis === undefined) return ""
  const ofOneRole = redis.rows.slice(0, nodes.columns.length)
  const load = (column: number, kind: string): Curve => ({
    kind,
    points: nodes.columns.map((name, row) => [stepOf(name), ofOneRole[row]?.cells[column]?.value || 1])
  })
  const top = 42
  const next = side + apart
  const below = top + height + 54
  const end = below + Math.ceil(nodes.rows.length / 2) * 18
  const [, nodesOfRoles = ""] = /(\d+ nodes)/.exec(roles.title) ?? []
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 ${width + 20} ${end}" role="img">
  <title>What a fleet asks of STS in a day as its nodes or its roles grow, and the load on Redis</title>
  <style>${style}
  </style>
  ${[
    ...panel(0, top, "Calls of STS in a day", "nodes that use one role", curvesOf(nodes)),
    ...panel(next, top, "Calls of STS in a day", `roles that ${nodesOfRoles} use`, curvesOf(roles)),
    ...panel(2 * next, top, "Steps of Redis, most in a second", "nodes that use one role", [load(2, "ours")]),
    ...legend(nodes, below)
  ].join("\n  ")}
</svg>
`
}
