/**
 * This library with every default on, over either HTTP client, in fibers or through a promise per call, on either line.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Tracer from "effect/Tracer"
import { RequestPolicy } from "effect-sts"
import { clouds } from "./clouds.mjs"
import { byPromises, inFibers } from "./effects.mjs"
import { doors } from "./line.mjs"

// Effect's own spans under another name: a tracer that is not the default one is taken for an installed one.
const tracer = Layer.unwrapEffect ?? Layer.unwrap
const traced = tracer(
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

const clients = {
  node: async () => (await import("effect-sts/node")).NodeHttp.layer,
  undici: async () => (await import("effect-sts/undici")).UndiciHttp.layer
}

export const open = async (endpoint, { cloud, http, policy = {}, run, signer, trace }) => {
  const { door, signers } = doors[cloud]
  const { key, region, request } = clouds[cloud]
  const runtime = ManagedRuntime.make(
    Layer.mergeAll(
      door.Static.layer(key),
      signers[signer ?? "usual"],
      RequestPolicy.layer({ [cloud]: { endpoint, region }, ...policy }),
      await clients[http](),
      trace ? traced : Layer.empty
    )
  )
  const call = Effect.suspend(() => door.assumeRole(request))
  const found = Effect.map(call, ({ credentials }) => credentials.accessKeyId)
  return run === "promises" ? byPromises(runtime, found) : inFibers(runtime, found)
}
