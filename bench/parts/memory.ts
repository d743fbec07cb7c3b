/**
 * What calls leave behind, and what one holds while it waits.
 */
import { Process, withProcess } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { median } from "../support/statistics.js"
import { bytes, count, judged, type Table } from "../support/table.js"
import { targets } from "../targets.js"
import type { Question } from "../workers/memory.js"

/** A process per sample: a heap never shrinks back to what it was. */
const measured = async (question: Question, samples: number): Promise<number> => {
  const taken: Array<number> = []
  for (let sample = 0; sample < samples; sample++) {
    taken.push(
      await withProcess(Process.start<Question, number>("workers/memory", [], ["--expose-gc"]), (process) =>
        process.ask(question)
      )
    )
  }
  return median(taken)
}

export const memory = async ({ quick }: Scale): Promise<Table> => {
  const samples = quick ? 1 : 3
  const calls = quick ? 20_000 : 100_000
  const waiters = 10_000
  const growth = await measured({ kind: "growth", count: calls }, samples)
  const waiting = await measured({ kind: "waiting", count: waiters }, samples)
  const fibers = await measured({ kind: "fibers", count: waiters }, samples)
  return {
    title: "Memory: the heap after a collection",
    columns: ["measured", "over"],
    rows: [
      {
        name: "growth a call, once warm",
        cells: [judged(bytes(growth)), count(calls)],
        target: targets.growthPerCall
      },
      {
        name: "a waiting caller, its fiber included",
        cells: [judged(bytes(waiting)), count(waiters)],
        target: targets.waiter
      },
      { name: "a fiber that only waits", cells: [bytes(fibers), count(waiters)] }
    ]
  }
}
