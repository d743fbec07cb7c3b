/**
 * How a call's CPU grows with the profiles in a file, the roles kept, the calls at once and the size of the reply.
 */
import { nowhere } from "../support/alone.js"
import type { Cloud } from "../support/heap.js"
import type { Line } from "../support/lines.js"
import { withProcess } from "../support/process.js"
import { type Contender, type Driven, type Slice, start } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import { growth as exponentOf, median } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { exponent, micros, nothing, type Row, type Table } from "../support/table.js"
import { targets } from "../targets.js"

const steps = [1, 10, 100, 1_000, 10_000, 100_000]
const kilobytes = [1, 10, 100, 1_000]

/** The CPU that one call takes: the median of a few slices after one that warms up. */
const cpu = (contender: Contender, slice: Slice, { quick }: Scale): Promise<number> =>
  withProcess(start(contender), async (process) => {
    const took = async () => ((await process.ask(slice)) as Driven).cpuMicros
    await took()
    const taken: Array<number> = []
    for (let sample = 0; sample < (quick ? 1 : 7); sample++) taken.push(await took())
    return median(taken)
  })

interface Curve {
  readonly of: string
  readonly x: ReadonlyArray<number>
  readonly one: (x: number) => Promise<number>
  /** Whether there are x of them, all of which together may take x times as long. */
  readonly many: boolean
}

const curvesOf = (
  cloud: Cloud,
  line: Line,
  scale: Scale,
  endpoints: ReadonlyArray<string>
): ReadonlyArray<Curve> => {
  const calls = scale.quick ? 200 : 2_000
  const upTo = (most: number) =>
    steps.filter((step) => step <= most && (!scale.quick || Math.log10(step) % 2 === 0))
  const wire: Contender = {
    module: "contenders/ours",
    options: { cloud, http: "node", run: "fibers" },
    line
  }
  const alone = (name: string, count: number, calls: number) =>
    cpu(
      { module: `contenders/${name}`, options: { cloud, count }, line },
      { endpoint: nowhere, concurrency: 1, calls },
      scale
    )
  const [usual = "", ...sized] = endpoints
  return [
    {
      of: "profiles in the file",
      x: upTo(10_000),
      // A file is read within milliseconds where it is long.
      one: (x) => alone("profiles", x, Math.max(10, Math.min(calls, 30_000 / x))),
      many: false
    },
    {
      of: "roles kept",
      x: upTo(scale.quick ? 100 : 100_000),
      one: (x) => alone("roles", x, 10 * calls),
      many: true
    },
    {
      of: "calls at once",
      x: upTo(10_000),
      one: (x) => cpu(wire, { endpoint: usual, concurrency: x, calls: Math.max(calls, x) }, scale),
      many: true
    },
    {
      of: "KB of the reply",
      x: upTo(1_000),
      one: (x) =>
        cpu(wire, { endpoint: sized[kilobytes.indexOf(x)] ?? "", concurrency: 1, calls: calls / 4 }, scale),
      many: false
    }
  ]
}

const row = async ({ many, of, one, x }: Curve, cloud: Cloud, line: Line): Promise<Row> => {
  const taken: Array<number> = []
  for (const value of x) taken.push(await one(value))
  const all = taken.map((micros, index) => (many ? micros * (x[index] ?? Number.NaN) : micros))
  return {
    name: `${of}, ${cloud}, Effect ${line}`,
    ours: true,
    cells: [
      exponent(exponentOf(x.slice(-2), all.slice(-2)), line === 4 ? targets.growth : undefined),
      ...steps.map((step) => {
        const index = x.indexOf(step)
        return index === -1 ? nothing : micros(taken[index] ?? Number.NaN)
      })
    ]
  }
}

export const growth = async (scale: Scale): Promise<Table> => {
  const rows: Array<Row> = []
  for (const cloud of ["aws", "alibaba"] as const) {
    await withStub(cloud, [0, ...kilobytes.map((size) => size * 1024)], async (_, { endpoints }) => {
      for (const line of [4, 3] as const) {
        for (const curve of curvesOf(cloud, line, scale, endpoints)) rows.push(await row(curve, cloud, line))
      }
    })
  }
  return {
    title:
      "Growth: the CPU of a call, and the exponent with which all of it grows at the far end (1 is linear)",
    columns: ["exponent", ...steps.map((step) => `at ${step.toLocaleString("en-US")}`)],
    rows
  }
}
