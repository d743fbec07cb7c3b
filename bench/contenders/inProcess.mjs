/**
 * This library over a client that answers within the process, at once or never: what is measured is its own work and
 * nothing of a network's.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { clouds } from "./clouds.mjs"
import { doorsOf } from "./line.mjs"

/** @param {string} module */
const platform = (module) => import(module)
const built = (module) => platform(new URL(`../../dist/${module}.js`, import.meta.url).href)

// Effect 3 has it in a package of its own.
const { HttpClient } = await platform("effect/http/HttpClient").catch(() =>
  platform("@effect/platform/HttpClient")
)
// No door leads to it, and the doors as Node loads them have their own of it: here are the modules as they are.
const { makeBuffered } = await built("services/Client")
const { BufferedResponse } = await built("services/HttpReply")
const { RequestPolicy } = await built("index")
export const doors = doorsOf(await built("aws"), await built("alibaba"))

const underWay = { abort: () => {} }

/** A client that answers as its own do: by one answer to a form that is posted, a moment later. */
export const answering = (cloud) => {
  const { contentType, reply } = clouds[cloud]
  const headers = { "content-type": contentType }
  const body = Buffer.from(reply())
  return makeBuffered(
    (sent) => Effect.succeed(new BufferedResponse(sent, 200, headers, body)),
    (_url, _headers, _body, _context, sender) => {
      queueMicrotask(() => sender.settle({ kind: "reply", status: 200, headers, body }))
      return underWay
    }
  )
}

export const silent = makeBuffered(
  () => Effect.never,
  () => underWay
)

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
