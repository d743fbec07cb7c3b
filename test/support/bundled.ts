/**
 * A program that is bundled: it asks for two addresses, and for one where nobody listens.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Blocking from "../../src/layers/blocking/Blocking.js"
import type { ExchangeFault } from "../../src/services/HttpReply.js"
import { causeOf } from "../../src/services/platformHttp.js"

const [url = "", tlsUrl = "", proxy = "", ca = ""] = process.argv.slice(2)

const get = (from: string) =>
  Effect.map(
    Effect.flatMap(HttpClient.HttpClient, (client) => client.get(from)),
    ({ status }) => status
  )
const run = (from: string, options: Blocking.Options) =>
  Effect.runSync(Effect.provide(get(from), Blocking.layerWith(options)))
const fault = (from: string) =>
  Effect.runSync(
    Effect.map(Effect.flip(get(from)), causeOf).pipe(Effect.provide(Blocking.layerWith({ proxy: false })))
  ) as ExchangeFault

process.stdout.write(
  JSON.stringify([run(url, { proxy: false }), run(tlsUrl, { ca, proxy }), fault("http://127.0.0.1:1/").code])
)
