/**
 * Calls under runSync beside calls through runPromise, in turns. A process of its own each time: a first call
 * happens once.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { key, request } from "../clouds/alibaba.js"
import * as built from "../support/built.js"
import { serve } from "../support/process.js"
import { median } from "../support/statistics.js"

export interface Blocked {
  /** Milliseconds. */
  readonly first: number
  readonly second: number
  readonly sync: number
  readonly async: number
}

const { assumeRole, SignerAcs3, Static } = await built.alibaba()
const { RequestPolicy } = await built.main()
const { Blocking } = await built.blocking()
const { NodeHttp } = await built.node()

const timed = (use: () => void): number => {
  const from = performance.now()
  use()
  return performance.now() - from
}

serve(async ({ batches, endpoint }: { endpoint: string; batches: number }): Promise<Blocked> => {
  const cloud = Layer.mergeAll(
    Static.layer(key),
    SignerAcs3.layer,
    RequestPolicy.layer({ alibaba: { endpoint } })
  )
  const blocking = ManagedRuntime.make(Layer.merge(cloud, Blocking.layer()))
  const events = ManagedRuntime.make(Layer.merge(cloud, NodeHttp.layer()))
  blocking.runSync(Effect.void)
  const callSync = () => void blocking.runSync(assumeRole(request))
  const callAsync = () => events.runPromise(assumeRole(request))

  const first = timed(callSync)
  const second = timed(callSync)
  const sync: Array<number> = []
  const async: Array<number> = []
  for (let batch = 0; batch < batches; batch++) {
    for (let call = 0; call < 50; call++) sync.push(timed(callSync))
    for (let call = 0; call < 50; call++) {
      const from = performance.now()
      await callAsync()
      async.push(performance.now() - from)
    }
  }
  // The first half is the warm-up.
  const p50 = (samples: ReadonlyArray<number>) => median(samples.slice(samples.length >> 1))
  return { first, second, sync: p50(sync), async: p50(async) }
})
