/**
 * Every call and every source over a client whose application logs its requests, on every client there is.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { Blocking } from "../../src/blocking.js"
import { Emulator } from "../../src/testing.js"
import { fullName, sources } from "../sources/all.js"
import { secrets } from "../sources/secrets.js"
import { leaks } from "../sources/watch.js"
import { withSource } from "../sources/withSource.js"
import { logging } from "../support/decorations.js"
import { type Servers, startServers } from "../support/emulators.js"
import { clients } from "../support/runners.js"
import { calls } from "./calls.js"
import { holdsTokenCode, own } from "./planted.js"
import { search } from "./search.js"
import { type Texts, watched } from "./watched.js"

/** Two printers are told not to heed how values want to be printed: they see headers as they are sent. */
const heeding = ({ "log lines, structured": _structured, spans: _spans, ...others }: Texts): Texts => others

const nobodyListens = "http://127.0.0.1:2"

type Client = Layer.Layer<HttpClient.HttpClient, unknown>

const decorated = (client: Client, print: (text: string) => void): Client =>
  Layer.provide(
    Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, logging(print))),
    client
  )

/** What is printed of a call, and by whom. */
const printedBy = (client: Client, call: Effect.Effect<unknown, unknown, HttpClient.HttpClient>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    return Effect.map(
      Effect.provide(watched(call), Layer.orDie(decorated(client, (text) => void lines.push(text)))),
      ({ texts }) => ({ ...heeding(texts), printed: lines.join("\n") })
    )
  })

const runners: ReadonlyArray<readonly [string, Client, (effect: Effect.Effect<void>) => Promise<void>]> = [
  ...Object.entries(clients).map(
    ([name, client]) => [name, client, (effect: Effect.Effect<void>) => Effect.runPromise(effect)] as const
  ),
  ["Emulator.layer", Emulator.layer, (effect) => Effect.runPromise(effect)],
  ["Blocking.layer", Blocking.layerWith({ proxy: false }), async (effect) => Effect.runSync(effect)]
]

describe("a logging client prints no secret", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  for (const [name, client, run] of runners) {
    for (const [called, call] of Object.entries(calls)) {
      it(`of ${called} over ${name}`, async () => {
        const { endpoint } = servers.emulator()
        await run(
          Effect.gen(function* () {
            for (const where of [endpoint, nobodyListens]) {
              const texts = yield* printedBy(client, call(where))
              const paths: Readonly<Record<string, string>> = texts
              const found = Object.entries(paths).flatMap(([path, text]) => [
                ...search(text, own).map((secret) => `${path}: ${secret}`),
                ...(holdsTokenCode(text) ? [`${path}: tokenCode`] : [])
              ])
              assert.deepStrictEqual(found, [])
              assert.include(texts.printed, "HttpClientRequest")
              assert.include(paths["log lines, json"] ?? "", "HttpClientRequest")
            }
          })
        )
      })
    }
  }
})

/** What a person has put into a URL is there for all who see it. */
const { uriToken: _, ...sought } = secrets

describe("a logging client prints no secret of", () => {
  for (const listed of sources) {
    it(fullName(listed), async () => {
      const lines: Array<string> = []
      const texts = await Effect.runPromise(
        withSource(listed, { decorate: logging((text) => void lines.push(text)) }, ({ get }) =>
          Effect.map(watched(Effect.result(get)), ({ texts }) => heeding(texts))
        )
      )
      assert.deepStrictEqual(leaks({ ...texts, printed: lines.join("\n") }, sought), [])
    })
  }
})
