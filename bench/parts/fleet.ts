/**
 * A day of a fleet, simulated: what it asks of STS and of Redis as its nodes or its roles grow, and what it would ask with
 * what others do. The figures are the same on every machine.
 */
import { type Contender, day, type Figures } from "../fleet/Day.js"
import { peers } from "../fleet/peers.js"
import { ratedFleet, redisFleet } from "../fleet/redisFleet.js"
import type { Scale } from "../support/scale.js"
import { count, type Row, seconds, type Table } from "../support/table.js"

const steps = ({ quick }: Scale): ReadonlyArray<number> =>
  quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000]

/** What else grows, and by which nodes. */
const nodesOfRoles = 10
const roleSteps = ({ quick }: Scale): ReadonlyArray<number> => (quick ? [1, 10, 100] : [1, 10, 100, 1_000])

const seed = 12

type Cells = ReadonlyArray<{ readonly nodes: number; readonly roles: number }>

const known = new Map<string, Figures>()

const figuresOf = (contender: Contender, nodes: number, roles: number): Figures => {
  const cell = `${contender.name} ${nodes} ${roles}`
  const figures = known.get(cell) ?? day(contender, nodes, roles, seed)
  known.set(cell, figures)
  return figures
}

/** Where both grow: the product of both is what takes the time to work it out. */
const byBoth = ({ quick }: Scale): Cells =>
  quick
    ? []
    : [
        { nodes: 100, roles: 100 },
        { nodes: 1_000, roles: 10 }
      ]

const byNodes = (scale: Scale): Cells => steps(scale).map((nodes) => ({ nodes, roles: 1 }))
const byRoles = (scale: Scale): Cells => roleSteps(scale).map((roles) => ({ nodes: nodesOfRoles, roles }))

const named = (many: number, what: string): string =>
  `${many.toLocaleString("en-US")} ${what}${many === 1 ? "" : "s"}`

const calls = (cells: Cells): ReadonlyArray<Row> => {
  const row = (name: string, contender: Contender, of: (figures: Figures) => number): Row => ({
    name,
    ours: contender === redisFleet,
    cells: cells.map(({ nodes, roles }) => count(of(figuresOf(contender, nodes, roles))))
  })
  return [
    ...peers.map((contender) => row(contender.name, contender, ({ calls }) => calls)),
    row(redisFleet.name, redisFleet, ({ calls }) => calls),
    row(
      `${redisFleet.name}, while Redis is well`,
      redisFleet,
      ({ calls, callsWithoutRedis }) => calls - callsWithoutRedis
    )
  ]
}

export const fleetNodes = async (scale: Scale): Promise<Table> => {
  const cells = byNodes(scale)
  return {
    title: "Calls of STS in a day of a fleet that uses one role",
    columns: cells.map(({ nodes }) => named(nodes, "node")),
    rows: calls(cells)
  }
}

export const fleetRoles = async (scale: Scale): Promise<Table> => {
  const cells = byRoles(scale)
  return {
    title: `Calls of STS in a day of a fleet of ${nodesOfRoles} nodes`,
    columns: cells.map(({ roles }) => named(roles, "role")),
    rows: calls(cells)
  }
}

export const fleetRedis = async (scale: Scale): Promise<Table> => {
  const row = (contender: Contender, nodes: number, roles: number, more = ""): Row => {
    const { calls, callsWithoutRedis, failed, longestRead, mostSteps, steps } = figuresOf(
      contender,
      nodes,
      roles
    )
    return {
      name: `${named(nodes, "node")}, ${named(roles, "role")}${more}`,
      cells: [
        count((calls - callsWithoutRedis) / roles),
        count(steps),
        count(mostSteps),
        seconds(longestRead),
        count(failed)
      ]
    }
  }
  const cells = [...byNodes(scale), ...byRoles(scale).slice(1), ...byBoth(scale)]
  const roles = roleSteps(scale).at(-1) ?? 0
  return {
    title: "What RedisCache asks in that day, and how long who reads waits",
    columns: [
      "calls for each role while Redis is well",
      "steps of Redis",
      "most in a second",
      "longest wait",
      "failed reads"
    ],
    rows: [
      ...cells.map(({ nodes, roles }) => row(redisFleet, nodes, roles)),
      row(ratedFleet, nodesOfRoles, roles, ", with a rate")
    ]
  }
}

export const fleetStart = async (scale: Scale): Promise<Table> => {
  const nodes = steps(scale).at(-1) ?? 0
  return {
    title: `What goes wrong in that day with ${named(nodes, "node")} and one role`,
    columns: ["most calls in a second", "throttled", "failed reads", "longest without any credentials"],
    rows: [...peers, redisFleet].map((contender) => {
      const { failed, longestStart, mostCalls, throttled } = figuresOf(contender, nodes, 1)
      return {
        name: contender.name,
        ours: contender === redisFleet,
        cells: [count(mostCalls), count(throttled), count(failed), seconds(longestStart)]
      }
    })
  }
}
