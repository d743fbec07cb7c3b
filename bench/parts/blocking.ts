/**
 * What it costs to block.
 */
import { spawnSync } from "node:child_process"
import { parameters } from "../clouds/alibaba.js"
import { environment, Process, withProcess } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { median } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { judged, millis, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"
import type { Blocked } from "../workers/blocking.js"

const body = new URLSearchParams(parameters).toString()

/** What a script that blocks does without us: it starts something that does the call. */
const spawned = (endpoint: string) => {
  const runs = {
    curl: ["curl", "-s", "-d", body, endpoint],
    node: [process.execPath, "-e", `fetch("${endpoint}", { method: "POST", body: "${body}" })`]
  }
  const name = spawnSync("curl", ["--version"]).status === 0 ? "curl" : "node"
  const [command = "", ...options] = runs[name]
  const times = Array.from({ length: 15 }, () => {
    const from = performance.now()
    const { status } = spawnSync(command, options, { env: environment })
    if (status !== 0) throw new Error(`${name} could not call the stub`)
    return performance.now() - from
  })
  return { name, p50: median(times) }
}

export const blocking = ({ quick }: Scale): Promise<Table> =>
  withStub("alibaba", async (endpoint) => {
    const runs: Array<Blocked> = []
    const spawns: Array<number> = []
    let name = ""
    for (let run = 0; run < (quick ? 2 : 7); run++) {
      const question = { endpoint, batches: quick ? 4 : 20 }
      runs.push(
        await withProcess(Process.start<typeof question, Blocked>("workers/blocking"), (process) =>
          process.ask(question)
        )
      )
      const other = spawned(endpoint)
      name = other.name
      spawns.push(other.p50)
    }
    const of = (figure: (run: Blocked, index: number) => number) => median(runs.map(figure))
    return {
      title: "Blocking: calls under runSync, 50th percentiles",
      columns: ["measured", "ours", "theirs"],
      rows: [
        {
          name: "runSync / runPromise, warm",
          cells: [
            judged(times(of(({ async, sync }) => sync / async))),
            millis(of(({ sync }) => sync)),
            millis(of(({ async }) => async))
          ],
          target: targets.blockingOverAsync
        },
        {
          name: `spawnSync ${name} / runSync`,
          cells: [
            judged(times(of(({ sync }, run) => (spawns[run] ?? Number.NaN) / sync))),
            millis(of(({ sync }) => sync)),
            millis(median(spawns))
          ],
          target: targets.spawnOverBlocking
        },
        {
          name: "first call over the second",
          cells: [
            judged(millis(of(({ first, second }) => first - second))),
            millis(of(({ first }) => first)),
            millis(of(({ second }) => second))
          ],
          target: targets.firstBlockingCall
        }
      ]
    }
  })
