/**
 * Calls under runSync beside calls through runPromise, in turns, in milliseconds. A process of its own each time: a first
 * call happens once.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { RequestPolicy } from "effect-sts"
import { Blocking } from "effect-sts/blocking"
import { NodeHttp } from "effect-sts/node"
import { clouds } from "./clouds.mjs"
import { doors } from "./line.mjs"
import { median, serve } from "./process.mjs"

const { door, signers } = doors.alibaba
const { key, request } = clouds.alibaba

const timed = (use) => {
  const from = performance.now()
  use()
  return performance.now() - from
}

serve(async ({ batches, endpoint }) => {
  const cloud = Layer.mergeAll(
    door.Static.layer(key),
    signers.usual,
    RequestPolicy.layer({ alibaba: { endpoint } })
  )
  const blocking = ManagedRuntime.make(Layer.merge(cloud, Blocking.layer))
  const events = ManagedRuntime.make(Layer.merge(cloud, NodeHttp.layer))
  blocking.runSync(Effect.void)
  const callSync = () => void blocking.runSync(door.assumeRole(request))
  const callAsync = () => events.runPromise(door.assumeRole(request))

  const first = timed(callSync)
  const second = timed(callSync)
  const sync = []
  const async = []
  for (let batch = 0; batch < batches; batch++) {
    for (let call = 0; call < 50; call++) sync.push(timed(callSync))
    for (let call = 0; call < 50; call++) {
      const from = performance.now()
      await callAsync()
      async.push(performance.now() - from)
    }
  }
  // The first half is the warm-up.
  const p50 = (samples) => median(samples.slice(samples.length >> 1))
  return { first, second, sync: p50(sync), async: p50(async) }
})
