/**
 * Metadata services and credential endpoints of which a test says, request by request, what they answer.
 */

import { inspect } from "node:util"
import { assert } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { HostResolver } from "../../src/layers/metadata/Destination.js"
import { StsCredentialError } from "../../src/schemas/StsError.js"
import { makeBuffered } from "../../src/services/Client.js"
import type { SourceError } from "../../src/services/CredentialSource.js"
import { DirectConnection } from "../../src/services/HttpRequest.js"
import { type Answer, reply } from "./scripted.js"
import { timed } from "./time.js"

/** A request as the service saw it. */
export interface Seen {
  readonly method: string
  /** With the host that the request names, whatever address it went to. */
  readonly url: string
  /** The host that was connected to. */
  readonly connectedTo: string
  readonly direct: boolean
  readonly headers: Readonly<Record<string, string>>
}

const named = (url: string, host: string | undefined): string => {
  const seen = new URL(url)
  if (host !== undefined) seen.host = host
  return seen.href
}

/** A client whose only server answers as told, and what it saw. */
export const serving = (answer: (seen: Seen, count: number) => Answer) => {
  const seen: Array<Seen> = []
  const client = makeBuffered((request) =>
    Effect.flatMap(DirectConnection, (direct) => {
      const { headers, method, url } = request
      const one: Seen = {
        method,
        url: named(url, headers["host"]),
        connectedTo: new URL(url).hostname,
        direct,
        headers: { ...headers }
      }
      seen.push(one)
      return answer(one, seen.length - 1)(request, { url, headers: one.headers, body: "" })
    })
  )
  return { seen, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

/** Answers of plain text, as metadata services list things. */
export const text = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  reply(status, body, { "content-type": "text/plain", ...headers })

/** An environment of just these variables. */
export const environment = (variables: Readonly<Record<string, string>>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))

/** Host names that have just these addresses. */
export const hosts = (addresses: Readonly<Record<string, ReadonlyArray<string>>>) => {
  const asked: Array<string> = []
  const provided = Effect.provideService(HostResolver, (name: string) =>
    Effect.suspend(() => {
      asked.push(name)
      const found = addresses[name]
      return found === undefined ? Effect.fail({ code: "ENOTFOUND" }) : Effect.succeed(found)
    })
  )
  return { asked, provided }
}

/** Answers by method and path, such as `GET /latest/`; several for one are given in turn, the last one for good. */
export type Answers = Readonly<Record<string, Answer | ReadonlyArray<Answer>>>

const nameOf = ({ method, url }: Seen): string => `${method} ${new URL(url).pathname}`

/** A server that gives these answers, and 404 to everything else. */
export const answering = (answers: Answers) => {
  const counts = new Map<string, number>()
  const server = serving((seen) => {
    const name = nameOf(seen)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    const given = answers[name] ?? text(404, "<html>not found</html>")
    const list = typeof given === "function" ? [given] : given
    return list[Math.min(count, list.length - 1)] ?? text(500, "")
  })
  return { ...server, names: () => server.seen.map(nameOf) }
}

/** The error of a source that gives nothing, which shows no secret, and how long it took. */
export const timedFailure = <A>(get: Effect.Effect<A, SourceError>) =>
  Effect.map(timed(get), ({ millis, outcome }) => {
    const error: SourceError = Result.isFailure(outcome) ? outcome.failure : assert.fail("it succeeded")
    assert.notInclude(inspect(error, { depth: null, showHidden: true }), "PLANTED")
    return { error, millis, reason: error instanceof StsCredentialError ? error.reason : error._tag }
  })
