/**
 * This library over a client that answers within the process, at once or never: what is measured is its own work and
 * nothing of a network's.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RequestPolicy } from "effect-sts"
import { clouds } from "./clouds.mjs"
import { doors } from "./line.mjs"

/** @param {string} module */
const platform = (module) => import(module)

// Effect 3 has it in a package of its own.
const { HttpClient } = await platform("effect/http/HttpClient").catch(() =>
  platform("@effect/platform/HttpClient")
)
// No door leads to it.
const { BufferedResponse, make } = await platform(
  new URL("../../dist/services/BufferedClient.js", import.meta.url).href
)

export const answering = (cloud) => {
  const { contentType, reply } = clouds[cloud]
  const headers = { "content-type": contentType }
  const body = Buffer.from(reply())
  return make((sent) => Effect.succeed(new BufferedResponse(sent.request ?? sent, 200, headers, body)))
}

export const silent = make(() => Effect.never)

/** Everything that a call needs, over one of these clients. */
export const layer = (cloud, client, policy = {}) => {
  const { door, signers } = doors[cloud]
  const { key, region } = clouds[cloud]
  return Layer.mergeAll(
    door.Static.layer(key),
    signers.usual,
    Layer.succeed(HttpClient, client),
    RequestPolicy.layer({ [cloud]: { region }, ...policy })
  )
}

export const assumeRole = (cloud) => doors[cloud].door.assumeRole(clouds[cloud].request)
