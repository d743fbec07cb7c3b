/**
 * Credentials of a role that this library keeps: got once over the wire, and read from memory from then on.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { Refreshing, RequestPolicy } from "effect-sts"
import { NodeHttp } from "effect-sts/node"
import { clouds } from "./clouds.mjs"
import { inFibers } from "./effects.mjs"
import { doors } from "./line.mjs"

export const open = async (endpoint, { cloud }) => {
  const { door, signers } = doors[cloud]
  const { key, region, request } = clouds[cloud]
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      door.Static.layer(key),
      signers.usual,
      NodeHttp.layer,
      RequestPolicy.layer({ [cloud]: { endpoint, region } })
    )
  )
  const context = await runtime.runPromise(Effect.context())
  const got = Effect.map(door.assumeRole(request), ({ credentials }) => credentials)
  const kept = Refreshing.make(cloud, { name: "bench", get: Effect.provide(got, context) })
  const read = inFibers(runtime, kept.get)
  const readers = (count) =>
    Effect.forEach(Array(count), () => kept.get, { concurrency: "unbounded", discard: true })
  return { ...read, storm: (count) => runtime.runPromise(readers(count)) }
}
