/**
 * The fault table over an application's own client: whatever it adds, calls come out as without it.
 */

import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { decorations } from "../support/decorations.js"
import { clients, type Runner } from "../support/runners.js"
import { faultsOf } from "./run.js"

const runners = Object.entries(decorations).flatMap(([name, decorate], index): ReadonlyArray<Runner> => {
  const all = Object.entries(clients)
  const [called, client] = all[index % all.length] ?? []
  if (client === undefined) return []
  const decorated = Layer.provide(
    Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, decorate)),
    client
  )
  return [
    {
      name: `${name}, over ${called}`,
      signing: index % 2 === 0 ? "acs3" : "rpc",
      sockets: true,
      run: (servers, program) =>
        Effect.runPromise(Effect.provide(Effect.flatMap(servers.open(false), program), decorated))
    }
  ]
})

faultsOf(runners, describe.concurrent)
