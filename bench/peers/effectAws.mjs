/**
 * The client that wraps AWS's own in Effects, with the newest Effect that it takes. It is run as ours is: by one promise
 * per call, or in fibers.
 */
import { STS } from "@effect-aws/client-sts"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { clouds } from "../contenders/clouds.mjs"

const { key, parameters, region } = clouds.aws
const input = { ...parameters, DurationSeconds: Number(parameters.DurationSeconds) }

export const open = (endpoint) => {
  const runtime = ManagedRuntime.make(STS.layer({ endpoint, region, credentials: key }))
  const call = Effect.suspend(() => STS.assumeRole(input))
  const one = async () => (await runtime.runPromise(call)).Credentials.AccessKeyId
  const drive = (concurrency, more) => {
    const caller = Effect.whileLoop({ while: more, body: () => call, step: () => {} })
    const callers = Array.from({ length: concurrency }, () => caller)
    return runtime.runPromise(Effect.all(callers, { concurrency: "unbounded", discard: true }))
  }
  return { call: one, drive, fibers: () => Effect.runSync(Effect.fiberId).id }
}
