/**
 * What it costs to block.
 */
import { spawnSync } from "node:child_process"
import { clouds } from "../contenders/clouds.mjs"
import type { Line } from "../support/lines.js"
import { environment, Process, withProcess } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { median, ratios, spread } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { millis, nothing, type Row, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"

/** 50th percentiles, in milliseconds. */
interface Blocked {
  readonly first: number
  readonly second: number
  readonly sync: number
  readonly async: number
}

/** What a script that blocks does without us: it starts something that does the call, unsigned as it is. */
const spawned = (endpoint: string): number => {
  const body = new URLSearchParams(clouds.alibaba.parameters).toString()
  const call = `fetch("${endpoint}", { method: "POST", body: "${body}" }).then((reply) => reply.text())`
  const taken = Array.from({ length: 9 }, () => {
    const from = performance.now()
    const { status } = spawnSync(process.execPath, ["-e", call], { env: environment })
    if (status !== 0) throw new Error("the spawned program could not call the stub")
    return performance.now() - from
  })
  return median(taken)
}

export const blocking = ({ quick }: Scale): Promise<Table> =>
  withStub("alibaba", [0], async (endpoint) => {
    const question = { endpoint, batches: quick ? 4 : 20 }
    const row = async (line: Line): Promise<Row> => {
      const runs: Array<Blocked> = []
      for (let run = 0; run < (quick ? 2 : 7); run++) {
        const starting = Process.start<typeof question, Blocked>("blocking", { line })
        runs.push(await withProcess(starting, (process) => process.ask(question)))
      }
      const of = (figure: keyof Blocked) => runs.map((run) => run[figure])
      const later = runs.map(({ first, second }) => first - second)
      return {
        name: `runSync, Effect ${line}`,
        ours: true,
        cells: [
          millis(spread(of("sync"))),
          times(ratios(of("sync"), of("async")), line === 4 ? targets.blockingOverAsync : undefined),
          millis(spread(later), line === 4 ? targets.firstBlockingCall : undefined)
        ]
      }
    }
    const other = {
      name: "spawnSync of a program with fetch",
      cells: [millis(spawned(endpoint)), nothing, nothing]
    }
    return {
      title: "Blocking: a call under runSync, on alibaba",
      columns: ["a call", "/ runPromise", "the first, over the second"],
      rows: [await row(4), await row(3), other]
    }
  })
