/**
 * This library with every default on, over either HTTP client, in fibers or through a promise per call,
 * whatever the cloud.
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Tracer from "effect/Tracer"
import * as built from "../support/built.js"
import { type Contender, promised } from "./contender.js"

export interface Variant {
  readonly http: "node" | "undici"
  readonly run: "fibers" | "promises"
  readonly traced?: boolean
  /** Instead of the policy's own. */
  readonly maxConcurrentRequests?: number
}

// Effect's own spans under another name: a tracer that is not the default one is taken for an installed one.
const tracer = Layer.unwrap(
  Effect.map(Effect.tracer, (native) =>
    Layer.succeed(
      Tracer.Tracer,
      Tracer.make({
        span: (...span) => native.span(...span),
        ...(native.context === undefined ? {} : { context: native.context })
      })
    )
  )
)

const httpLayer = async (http: Variant["http"]): Promise<Layer.Layer<HttpClient.HttpClient, unknown>> =>
  http === "node" ? (await built.node()).NodeHttp.layer() : (await built.undici()).UndiciHttp.layer()

/** Effect's counterpart of {@link promised}: every caller is a fiber, and nothing leaves the runtime. */
export const inFibers = <E, R, E1>(
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

/** A cloud's operation over the HTTP client and in the manner that the variant asks for. */
export const running = async <R, E, E1>(
  { http, run, traced }: Variant,
  cloud: Layer.Layer<R, E>,
  call: () => Effect.Effect<unknown, E1, R | HttpClient.HttpClient>
): Promise<Contender> => {
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(cloud, await httpLayer(http), traced === true ? tracer : Layer.empty)
  )
  return run === "fibers" ? inFibers(runtime, call) : promised(() => runtime.runPromise(call()))
}
