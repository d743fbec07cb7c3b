/**
 * Credentials that are kept: what a read costs, and how often a thousand first readers at once ask the service.
 */
import { inPairs } from "../support/alone.js"
import type { Cloud } from "../support/heap.js"
import { withProcess } from "../support/process.js"
import { type Contender, start } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import { withStub } from "../support/stub.js"
import { count, type Row, type Table } from "../support/table.js"
import { targets } from "../targets.js"

const vendors: Readonly<Record<Cloud, { readonly name: string; readonly module: string }>> = {
  aws: { name: "@aws-sdk/credential-providers", module: "peers/awsKept" },
  alibaba: { name: "@alicloud/credentials, from a URI", module: "peers/alibabaKept" }
}

const storm = (contender: Contender, cloud: Cloud): Promise<number> =>
  withStub(cloud, [0], (endpoint, { requests }) =>
    withProcess(start(contender), async (process) => {
      const own = (await process.ask({ endpoint, concurrency: 1, storm: 1_000 })) as number
      return (await requests()) + own
    })
  )

const ofCloud = (cloud: Cloud, scale: Scale): Promise<ReadonlyArray<Row>> =>
  withStub(cloud, [0], async (endpoint) => {
    const vendor = {
      name: vendors[cloud].name,
      contender: { module: vendors[cloud].module, options: { cloud } }
    }
    const ours = ([4, 3] as const).map((line) => ({
      name: `effect-sts, Effect ${line}, ${cloud}`,
      contender: { module: "contenders/kept", options: { cloud }, line },
      ...(line === 4 && cloud === "aws" ? { target: targets.keptOverAws } : {})
    }))
    const entries = [vendor, ...ours]
    const reads = scale.quick ? 20_000 : 200_000
    const rows = await inPairs(vendor.contender, scale, entries, { calls: reads, endpoint })
    const asked: Array<number> = []
    for (const { contender } of entries) asked.push(await storm(contender, cloud))
    return rows.map((row, index) => ({
      ...row,
      cells: [...row.cells, count(asked[index] ?? Number.NaN, row.ours === true ? targets.storm : undefined)]
    }))
  })

export const kept = async (scale: Scale): Promise<Table> => ({
  title: "Kept credentials: a read, and the requests of 1,000 first readers at once",
  columns: ["CPU", "vendor / CPU", "requests"],
  rows: [...(await ofCloud("aws", scale)), ...(await ofCloud("alibaba", scale))]
})
