/**
 * Calls whose replies repeat or spoil secrets, and all that becomes visible of them.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import { type Servers, startServers } from "../support/emulators.js"
import { leakyReplies } from "../support/leakyReplies.js"
import { calls } from "./calls.js"
import { holdsTokenCode, issued, planted } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"
import { metrics, watched } from "./watched.js"

export interface Client {
  readonly name: string
  /** How many calls are under way at once. */
  readonly concurrency: number
  readonly run: <A>(effect: Effect.Effect<A, unknown, HttpClient.HttpClient>) => Promise<A>
}

type Call = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

const found = (text: string): ReadonlyArray<string> => [
  ...search(text, planted),
  ...(holdsTokenCode(text) ? ["tokenCode"] : [])
]

const leaksOf = (name: string, call: Call) =>
  Effect.map(watched(call), ({ result, texts }) => {
    const paths = [...Object.entries(texts), ...printouts(result)]
    const clean = found(paths.map(([, text]) => text).join("\n")).length === 0
    return clean
      ? []
      : paths.flatMap(([path, text]) => found(text).map((secret) => `${name}: ${path}: ${secret}`))
  })

/** Every path by which the secrets of all calls get out. */
export const leaksOfAll = (make: (call: (typeof calls)[string]) => Call, concurrency: number) =>
  Effect.map(
    Effect.forEach(Object.entries(calls), ([name, call]) => leaksOf(name, make(call)), { concurrency }),
    (leaks) => leaks.flat()
  )

/** To come last: what all calls before have counted. */
export const countsNoSecrets = (): void => {
  it.effect("metrics", () => Effect.map(metrics, (text) => assert.deepStrictEqual(found(text), [])))
}

export const exchangesOf = (clients: ReadonlyArray<Client>): void => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  for (const client of clients) {
    describe(client.name, () => {
      for (const kind of Object.keys(leakyReplies)) {
        it(kind, async () => {
          const { endpoint, connections } = servers.leaky(kind, issued)
          const leaks = await client.run(leaksOfAll((call) => call(endpoint), client.concurrency))
          assert.deepStrictEqual(leaks, [])
          const lines = connections().requests.map(({ line }) => line)
          assert.deepStrictEqual([...new Set(lines)], ["POST /"])
        })
      }
    })
  }
  countsNoSecrets()
}
