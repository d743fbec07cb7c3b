/**
 * This library with every default on, over either HTTP client, in fibers or through a promise per call.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Tracer from "effect/Tracer"
import * as built from "../support/built.js"
import { key, request } from "../support/request.js"
import { type Contender, type Open, promised } from "./contender.js"

export interface Variant {
  readonly http: "node" | "undici"
  readonly run: "fibers" | "promises"
  readonly traced?: boolean
  readonly signer?: "acs3" | "rpc"
  /** Instead of the policy's own. */
  readonly maxConcurrentRequests?: number
}

// Effect's own spans under another name: a tracer that is not the default one is taken for an installed one.
const tracer = Layer.unwrapEffect(
  Effect.map(Effect.tracer, (native) =>
    Layer.setTracer(
      Tracer.make({
        span: (...span) => native.span(...span),
        context: (execution, fiber) => native.context(execution, fiber)
      })
    )
  )
)

const httpLayer = async (http: Variant["http"]): Promise<Layer.Layer<HttpClient.HttpClient, unknown>> =>
  http === "node" ? (await built.node()).NodeHttp.layer() : (await built.undici()).UndiciHttp.layer()

/** Effect's counterpart of {@link promised}: every caller is a fiber, and nothing leaves the runtime. */
const inFibers = <E, R, E1>(
  runtime: ManagedRuntime.ManagedRuntime<R, E1>,
  call: () => Effect.Effect<unknown, E, R>
): Contender => ({
  drive: async (concurrency, until) => {
    let calls = 0
    const caller = Effect.whileLoop({
      while: () => performance.now() < until,
      body: call,
      step: () => {
        calls++
      }
    })
    const callers = Array.from({ length: concurrency }, () => caller)
    await runtime.runPromise(Effect.all(callers, { concurrency: "unbounded", discard: true }))
    return calls
  }
})

export const open: Open<Variant> = async (endpoint, variant) => {
  const { assumeRole, SignerAcs3, SignerRpc, Static } = await built.alibaba
  const { RequestPolicy } = await built.main
  const { maxConcurrentRequests } = variant
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      Static.layer(key),
      variant.signer === "rpc" ? SignerRpc.layer : SignerAcs3.layer,
      await httpLayer(variant.http),
      RequestPolicy.layer({ alibaba: { endpoint }, maxConcurrentRequests }),
      variant.traced === true ? tracer : Layer.empty
    )
  )
  const call = () => assumeRole(request)
  return variant.run === "fibers" ? inFibers(runtime, call) : promised(() => runtime.runPromise(call()))
}
