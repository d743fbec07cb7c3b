/**
 * Calls whose replies repeat or spoil secrets, and all that becomes visible of them.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Desk, openDesk } from "../support/emulators.js"
import { leakyReplies } from "../support/leakyReplies.js"
import { calls } from "./calls.js"
import { holdsTokenCode, issued, planted } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"
import { watched } from "./watched.js"

export interface Client {
  readonly name: string
  readonly run: <A>(effect: Effect.Effect<A, unknown, HttpClient.HttpClient>) => Promise<A>
}

/** Every path by which a call's secrets get out. */
export const leaksOf = (name: string, call: Effect.Effect<unknown, unknown, HttpClient.HttpClient>) =>
  Effect.map(watched(call), ({ result, texts }) =>
    [...Object.entries(texts), ...printouts(result)].flatMap(([path, text]) =>
      [...search(text, planted), ...(holdsTokenCode(text) ? ["tokenCode"] : [])].map(
        (found) => `${name}: ${path}: ${found}`
      )
    )
  )

export const exchangesOf = (clients: ReadonlyArray<Client>): void => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openDesk()
  })
  afterAll(() => desk.close())

  for (const client of clients) {
    describe(client.name, () => {
      for (const kind of Object.keys(leakyReplies)) {
        it(kind, async () => {
          const { endpoint, witness } = desk.leaky(kind, issued)
          const leaks = await client.run(
            Effect.forEach(Object.entries(calls), ([name, call]) => leaksOf(name, call(endpoint)))
          )
          assert.deepStrictEqual(leaks.flat(), [])
          const lines = witness().requests.map(({ line }) => line)
          assert.deepStrictEqual([...new Set(lines)], ["POST /"])
        })
      }
    })
  }
}
