/**
 * Bytes and fibers of calls over a client within the process. They do not depend on the machine.
 *
 * `call`: what one allocates, and the fibers it starts. `growth`: what it leaves behind. `line` and `wire`: what a caller
 * holds that waits for a permit, or for a reply. `fiber`: what a fiber holds that does nothing but wait.
 */
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { answering, assumeRole, layer, silent } from "./inProcess.mjs"
import { fibersSoFar, inTurn } from "./line.mjs"
import { collected, median, serve } from "./process.mjs"

const cloud = process.argv[2] === "alibaba" ? "alibaba" : "aws"
const call = Effect.suspend(() => assumeRole(cloud))

/** No collection runs between two looks at the heap: Node's flags give the young generation room for everything. */
const allocated = async (count) => {
  const runtime = ManagedRuntime.make(layer(cloud, answering(cloud)))
  const calls = inTurn(call, count)
  await runtime.runPromise(inTurn(call, 20 * count))
  const bytes = []
  const fibers = []
  for (let sample = 0; sample < 15; sample++) {
    await collected()
    const from = Effect.runSync(fibersSoFar)
    const before = process.memoryUsage().heapUsed
    await runtime.runPromise(calls)
    bytes.push((process.memoryUsage().heapUsed - before) / count)
    // Less the fiber of all calls together, and the one that asks.
    fibers.push((Effect.runSync(fibersSoFar) - from - 2) / count)
  }
  return { bytes: median(bytes), fibers: median(fibers) }
}

/** Code that is compiled anew once it is hot stays behind too, and is done with that after as many calls. */
const left = async (count) => {
  const runtime = ManagedRuntime.make(layer(cloud, answering(cloud)))
  await runtime.runPromise(inTurn(call, 100_000))
  const before = await collected()
  await runtime.runPromise(inTurn(call, count))
  return { bytes: ((await collected()) - before) / count }
}

/** The waiting fibers end with the process. */
const held = async (waiter, policy, count) => {
  const runtime = ManagedRuntime.make(layer(cloud, silent, policy))
  const start = (number) => Array.from({ length: number }, () => runtime.runFork(waiter))
  await runtime.runPromise(Effect.void)
  const first = start(20)
  const before = await collected()
  const fibers = start(count)
  const bytes = ((await collected()) - before) / fibers.length
  if (first.length !== 20) throw new Error("kept until here")
  return { bytes }
}

serve(({ count, kind }) => {
  switch (kind) {
    case "call":
      return allocated(count)
    case "growth":
      return left(count)
    case "line":
      return held(call, {}, count)
    case "wire":
      return held(call, { maxConcurrentRequests: 2 * count }, count)
    case "fiber":
      return held(Effect.never, {}, count)
  }
})
