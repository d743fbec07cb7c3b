/**
 * What the blocking worker is started with: nothing that a list of processes or a debugger of threads could show.
 */
import { inspect } from "node:util"
import type { WorkerOptions } from "node:worker_threads"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { Blocking } from "../../src/blocking.js"
import { calls } from "./calls.js"
import { own, planted } from "./planted.js"
import { search } from "./search.js"

const started: Array<readonly [unknown, WorkerOptions | undefined]> = []

vi.mock("node:worker_threads", async (importOriginal) => {
  const threads = await importOriginal<typeof import("node:worker_threads")>()
  class Worker extends threads.Worker {
    constructor(program: string | URL, options?: WorkerOptions) {
      started.push([program, options])
      super(program, options)
    }
  }
  return { ...threads, Worker }
})

it("the worker's program, arguments and environment hold no secret", () => {
  const layer = Blocking.layerWith({ proxy: `http://user:${own.proxyPassword}@127.0.0.1:9`, ownWorker: true })
  for (const call of Object.values(calls)) {
    Effect.runSync(Effect.provide(Effect.exit(call("http://127.0.0.1:9")), layer))
  }
  assert.lengthOf(started, Object.keys(calls).length)
  for (const [program, options] of started) {
    assert.deepStrictEqual(
      search(`${program} ${inspect(options, { depth: 9, showHidden: true })}`, planted),
      []
    )
    assert.deepStrictEqual([options?.argv, options?.env, options?.execArgv], [undefined, undefined, []])
  }
  assert.deepStrictEqual(search([...process.argv, ...process.execArgv].join(" "), planted), [])
})
