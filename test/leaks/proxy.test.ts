/**
 * A proxy that repeats what it was sent, the password included.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import { Blocking } from "../../src/blocking.js"
import { NodeHttp } from "../../src/node.js"
import { UndiciHttp } from "../../src/undici.js"
import { type Servers, startServers } from "../support/emulators.js"
import { calls } from "./calls.js"
import { countsNoSecrets, leaksOfAll } from "./exchanges.js"
import { issued, own } from "./planted.js"

interface Client {
  readonly layer: (options: { readonly proxy: string }) => Layer.Layer<HttpClient.HttpClient, unknown>
  readonly run: <A>(effect: Effect.Effect<A, unknown>) => Promise<A>
}

const clients: Readonly<Record<string, Client>> = {
  "NodeHttp.layer": { layer: NodeHttp.layerWith, run: Effect.runPromise },
  "UndiciHttp.layer": { layer: UndiciHttp.layerWith, run: Effect.runPromise },
  "under runSync": { layer: Blocking.layerWith, run: async (effect) => Effect.runSync(effect) }
}

const kinds = ["page with the headers", "page with everything escaped", "refusal with everything"]

describe("a proxy that repeats its password", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  for (const [name, { layer, run }] of Object.entries(clients)) {
    for (const kind of kinds) {
      it(`${name}: ${kind}`, async () => {
        const { endpoint, connections } = servers.leaky(kind, issued)
        const proxy = endpoint.replace("//", `//user:${own.proxyPassword}@`)
        const leaks = await run(
          leaksOfAll((call) => call("http://127.0.0.1:9"), 1).pipe(Effect.provide(layer({ proxy })))
        )
        assert.deepStrictEqual(leaks, [])
        assert.isAtLeast(connections().requests.length, Object.keys(calls).length)
        for (const { line } of connections().requests) assert.match(line, /^POST http:\/\/127\.0\.0\.1:9\/$/)
      })
    }
  }
  countsNoSecrets()
})
