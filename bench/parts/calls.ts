/**
 * One AssumeRole over loopback, by this library on both lines, by bare HTTP clients and by its peers.
 */
import type { Cloud } from "../support/heap.js"
import { withProcess } from "../support/process.js"
import { allocated, type Contender, pairs, prove, start } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import { ratios, type Spread, spread } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { bytes, count, micros, nothing, type Row, type Table, type Target, times } from "../support/table.js"
import { targets } from "../targets.js"

interface Entry extends Contender {
  readonly name: string
  /** It signs nothing and understands nothing. */
  readonly bare?: boolean
  readonly ours?: boolean
  readonly throughput?: Target
}

type Ways = Omit<Contender["options"], "cloud">

const fibers = { run: "fibers" } as const

/** Both lines are run in the same ways, and only the newer has targets. */
const ours = (cloud: Cloud): ReadonlyArray<Entry> => {
  const entry = (line: 4 | 3, name: string, ways: Ways, throughput?: Target): Entry => ({
    name: `effect-sts, Effect ${line}, ${name}`,
    module: "contenders/ours",
    options: { cloud, ...ways },
    line,
    ours: true,
    ...(line === 4 && throughput !== undefined ? { throughput } : {})
  })
  return ([4, 3] as const).flatMap((line) => [
    entry(line, "node:http", { http: "node", ...fibers }, targets.nodeInFibers),
    entry(line, "node:http, runPromise", { http: "node", run: "promises" }),
    entry(line, "undici", { http: "undici", ...fibers }, targets.undiciInFibers),
    entry(line, "undici, runPromise", { http: "undici", run: "promises" }, targets.undiciByPromises),
    entry(line, "undici, traced", { http: "undici", ...fibers, trace: true }, targets.undiciTraced),
    ...(cloud === "alibaba"
      ? [entry(line, "undici, RPC signature", { http: "undici", ...fibers, signer: "rpc" })]
      : [])
  ])
}

const peer = (cloud: Cloud, name: string, module: string): Entry => ({
  name,
  module: `peers/${module}`,
  options: { cloud }
})

const bare = (cloud: Cloud, name: string, module: string): Entry => ({
  name: `${name}, prepared body`,
  module: `contenders/${module}`,
  options: { cloud },
  bare: true
})

const peers: Readonly<Record<Cloud, ReadonlyArray<Entry>>> = {
  aws: [
    peer("aws", "aws4 and undici", "aws4"),
    peer("aws", "aws4fetch", "aws4fetch"),
    peer("aws", "@aws-sdk/client-sts", "awsSdk"),
    peer("aws", "@effect-aws/client-sts", "effectAws")
  ],
  alibaba: [
    peer("alibaba", "@alicloud/sts20150401", "sts20150401"),
    peer("alibaba", "@alicloud/pop-core", "popCore")
  ]
}

/** The vendor's own client, and how much less CPU than it we want to take. */
const vendors: Readonly<Record<Cloud, { readonly name: string; readonly target: Target }>> = {
  aws: { name: "@aws-sdk/client-sts", target: targets.awsClient },
  alibaba: { name: "@alicloud/sts20150401", target: targets.alibabaClient }
}

interface Measured {
  readonly entry: Entry
  readonly bytes: number
  readonly fibers: number | undefined
  readonly cpu: Spread
  readonly cpuOverBase: Spread
  readonly many: Spread
  readonly alone: Spread
}

const measured = (cloud: Cloud, scale: Scale): Promise<ReadonlyArray<Measured>> =>
  withStub(cloud, [0], async (endpoint, { checking }) => {
    const base = bare(cloud, "undici request", "undici")
    const entries = [base, bare(cloud, "node:http", "nodeHttp"), ...ours(cloud), ...peers[cloud]]
    const heats = [64, 1].map((concurrency) => ({ endpoint, concurrency }))
    return withProcess(start(base), async (process) => {
      const all: Array<Measured> = []
      for (const entry of entries) {
        if (!entry.bare) await prove(entry, checking)
        const heap = await allocated(entry, endpoint, scale)
        const [many = [], alone = []] = await pairs(entry, process, heats, scale)
        const over = (taken: typeof many, figure: "cpuMicros" | "callsPerSecond") =>
          ratios(
            taken.map(({ of }) => of[figure]),
            taken.map(({ base }) => base[figure])
          )
        all.push({
          entry,
          bytes: heap.bytes,
          fibers: heap.fibers,
          cpu: spread(many.map(({ of }) => of.cpuMicros)),
          cpuOverBase: over(many, "cpuMicros"),
          many: over(many, "callsPerSecond"),
          alone: over(alone, "callsPerSecond")
        })
      }
      return all
    })
  })

export const calls = async (cloud: Cloud, scale: Scale): Promise<Table> => {
  const all = await measured(cloud, scale)
  const vendor = vendors[cloud]
  const theirs = all.find(({ entry }) => entry.name === vendor.name)?.cpuOverBase.median ?? Number.NaN
  const rows = all.map(({ alone, cpu, cpuOverBase, entry, many, ...heap }): Row => {
    const newest = entry.ours === true && entry.line === 4
    const lean = newest && entry.throughput === targets.undiciInFibers
    return {
      name: entry.name,
      ...(entry.ours ? { ours: true } : {}),
      cells: [
        micros(cpu),
        times(cpuOverBase),
        times(theirs / cpuOverBase.median, lean ? vendor.target : undefined),
        bytes(heap.bytes),
        heap.fibers === undefined ? nothing : count(heap.fibers),
        times(many, entry.throughput),
        times(alone, entry.throughput)
      ]
    }
  })
  return {
    title: `One AssumeRole on ${cloud} over loopback, medians and quartiles; the base is bare undici`,
    columns: [
      "CPU at 64",
      "CPU / base",
      `${vendor.name} / CPU`,
      "bytes",
      "fibers",
      "calls/s / base at 64",
      "calls/s / base at 1"
    ],
    rows
  }
}
