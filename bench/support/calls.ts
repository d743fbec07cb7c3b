/**
 * One AssumeRole over loopback: throughput and CPU beside bare undici and the official clients.
 */
import type { Variant } from "../contenders/ours.js"
import { type Entry, race } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import { median, medianRatio } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { count, judged, micros, nothing, type Row, type Table, times } from "../support/table.js"
import { type Target, targets } from "../targets.js"
import type { Driven } from "../workers/contender.js"

const ours = (options: Variant): Entry => ({ module: "ours", options })

interface Contending extends Entry {
  readonly name: string
  readonly target?: Target
}

const base: Contending = { name: "undici request, prepared body", module: "undici" }
const nodeInFibers: Contending = {
  name: "ours, node:http, in fibers",
  ...ours({ http: "node", run: "fibers" }),
  target: targets.nodeInFibers
}
const undiciInFibers: Contending = {
  name: "ours, undici, in fibers",
  ...ours({ http: "undici", run: "fibers" }),
  target: targets.undiciInFibers
}
const official: Contending = { name: "@alicloud/sts20150401", module: "sts20150401" }
const popCore: Contending = { name: "@alicloud/pop-core", module: "popCore" }

const contenders: ReadonlyArray<Contending> = [
  base,
  { name: "node:http, prepared body", module: "nodeHttp" },
  nodeInFibers,
  { name: "ours, node:http, runPromise", ...ours({ http: "node", run: "promises" }) },
  { name: "ours, node:http, in fibers, traced", ...ours({ http: "node", run: "fibers", traced: true }) },
  { name: "ours, node:http, in fibers, RPC signer", ...ours({ http: "node", run: "fibers", signer: "rpc" }) },
  {
    name: "ours, node:http, in fibers, 64 permits",
    ...ours({ http: "node", run: "fibers", maxConcurrentRequests: 64 })
  },
  undiciInFibers,
  {
    name: "ours, undici, runPromise",
    ...ours({ http: "undici", run: "promises" }),
    target: targets.undiciByPromises
  },
  {
    name: "ours, undici, in fibers, traced",
    ...ours({ http: "undici", run: "fibers", traced: true }),
    target: targets.undiciTraced
  },
  official,
  popCore
]

/** Beside whom else we want to be seen. */
const duels: ReadonlyArray<{ readonly of: Contending; readonly over: Contending; readonly target?: Target }> =
  [
    { of: nodeInFibers, over: official, target: targets.overOfficialClient },
    { of: undiciInFibers, over: official, target: targets.overOfficialClient },
    { of: nodeInFibers, over: popCore },
    { of: undiciInFibers, over: popCore }
  ]

const speeds = (rounds: ReadonlyArray<Driven>) => rounds.map(({ callsPerSecond }) => callsPerSecond)
const costs = (rounds: ReadonlyArray<Driven>) => rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall)

export const calls = (scale: Scale): Promise<Table> =>
  withStub(async (endpoint) => {
    const heats = [1, 64].map((concurrency) => ({ endpoint, concurrency }))
    const results = await race(contenders, heats, scale)
    const resultOf = (contending: Contending) => {
      const [alone = [], many = []] = results[contenders.indexOf(contending)] ?? []
      return { alone, many }
    }
    const compared = (of: Contending, over: Contending) => {
      const [x, y] = [resultOf(of), resultOf(over)]
      return [
        judged(times(medianRatio(speeds(x.alone), speeds(y.alone)))),
        judged(times(medianRatio(speeds(x.many), speeds(y.many)))),
        times(medianRatio(costs(x.many), costs(y.many)))
      ]
    }
    const rows = contenders.map((contending): Row => {
      const { alone, many } = resultOf(contending)
      return {
        name: contending.name,
        cells: [
          ...compared(contending, base),
          micros(median(costs(many))),
          count(median(speeds(alone))),
          count(median(speeds(many)))
        ],
        target: contending.target
      }
    })
    const against = duels.map(
      ({ of, over, target }): Row => ({
        name: `${of.name} / ${over.name}`,
        cells: [...compared(of, over), nothing, nothing, nothing],
        target
      })
    )
    return {
      title: "Calls: throughput and CPU as a ratio to bare undici, at 1 and 64 calls at once",
      columns: ["at 1", "at 64", "CPU at 64", "CPU a call", "calls/s at 1", "at 64"],
      rows: [...rows, ...against]
    }
  })
