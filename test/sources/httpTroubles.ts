/**
 * What may go wrong between a source and whoever it asks over HTTP. Who refuses repeats all that it was sent.
 */

import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as BufferedClient from "../../src/services/HttpReply.js"
import type { Answered } from "./endpoints.js"
import { echoOf, refused } from "./refusal.js"
import { type Answer, answered, askedOf } from "./withSource.js"

const noReply =
  (code: string): Answer =>
  (request) =>
    Effect.fail(BufferedClient.noReply(request, code))

const echo = (request: HttpClientRequest.HttpClientRequest): string => echoOf(askedOf(request))

const instead =
  (change: (well: Answered, echo: string) => Partial<Answered>): Answer =>
  (request, well, now) =>
    Effect.sync(() => {
      const right = well(now)
      return answered(request, { ...right, ...change(right, echo(request)) })
    })

const html = { "content-type": "text/html" }
const page = (text: string): string => `<html><body><pre>${text}</pre></body></html>`

const refusal = (status: number, code: string): Answer =>
  instead((well, sent) => refused(well, sent, status, code))

const ofWrongTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ofWrongTypes)
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, ofWrongTypes(field)]))
    : { was: [value] }
}

const json = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Where there was a text there is a structure that holds it. */
const retyped = (body: string): string => {
  const content = json(body)
  return content === undefined
    ? body.replace(/>([^<>]+)</g, "><was>$1</was><") + (body.startsWith("<") ? "" : "\n{[")
    : JSON.stringify(ofWrongTypes(content))
}

const megabytes = 3 * 1024 * 1024

const silentBody: Answer = (request) =>
  Effect.succeed(HttpClientResponse.fromWeb(request, new Response(new ReadableStream({}), { status: 200 })))

const long = 2 * 3_600_000

export const httpTroubles = {
  "refused connection": noReply("ECONNREFUSED"),
  "unknown host": noReply("ENOTFOUND"),
  "no way there": noReply("EHOSTUNREACH"),
  "cut connection": noReply("ECONNRESET"),
  "foreign certificate": noReply("SELF_SIGNED_CERT_IN_CHAIN"),
  silence: () => Effect.never,
  "silence after the headers": silentBody,
  "cut answer": ((request) =>
    Effect.fail(BufferedClient.noBody(request, 200, {}, "ECONNRESET"))) satisfies Answer,
  "half a document": instead(({ body }) => ({ body: body.slice(0, body.length / 2) })),
  "no document": instead(() => ({ body: "" })),
  "a page": instead((_, sent) => ({ headers: html, body: page(sent) })),
  "a gateway's page": instead((_, sent) => ({ status: 502, headers: html, body: page(sent) })),
  "another document": instead((_, sent) => ({ body: JSON.stringify({ Code: [sent], sent }) })),
  "values of wrong types": instead(({ body }) => ({ body: retyped(body) })),
  "a flood": instead(({ body }) => ({ body: body + " ".repeat(megabytes) })),
  "a redirect": instead((_, sent) => ({
    status: 307,
    headers: { location: `https://elsewhere.test/?${encodeURIComponent(sent)}` },
    body: sent
  })),
  "401": refusal(401, "Unauthorized"),
  "403": refusal(403, "AccessDenied"),
  "404": refusal(404, "NotFound"),
  "429": refusal(429, "Throttling"),
  "500": refusal(500, "InternalError"),
  "503": refusal(503, "ServiceUnavailable"),
  "an end that has passed": (request, well, now) => Effect.sync(() => answered(request, well(now - long)))
} as const satisfies Readonly<Record<string, Answer>>

export type HttpTrouble = keyof typeof httpTroubles
