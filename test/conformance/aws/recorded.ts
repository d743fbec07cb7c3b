/**
 * Recorded exchanges, played back: each request must be the recorded one in method, address and the headers that matter.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import { makeBuffered } from "../../../src/services/Client.js"
import { BufferedResponse, noReply } from "../../../src/services/HttpReply.js"

type Headers = Readonly<Record<string, ReadonlyArray<string>>>
type Data = { readonly Utf8: string } | { readonly Base64: string }

interface Recording {
  readonly events: ReadonlyArray<{
    readonly connection_id: number
    readonly action: {
      readonly Request?: {
        readonly request: { readonly method: string; readonly uri: string; readonly headers: Headers }
      }
      readonly Response?: {
        readonly response: {
          readonly Ok?: { readonly status: number; readonly headers: Headers }
          readonly Err?: unknown
        }
      }
      readonly Data?: { readonly data: Data; readonly direction: "Request" | "Response" }
    }
  }>
}

interface Exchange {
  readonly request: { readonly method: string; readonly uri: string; readonly headers: Headers }
  /** Nothing, where no answer came. */
  readonly response: { readonly status: number; readonly headers: Headers } | undefined
  readonly body: Uint8Array
}

const bytesOf = (data: Data): Uint8Array =>
  "Utf8" in data ? Buffer.from(data.Utf8) : Buffer.from(data.Base64, "base64")

const exchanges = ({ events }: Recording): ReadonlyArray<Exchange> =>
  [...new Set(events.map((event) => event.connection_id))].flatMap((id) => {
    const actions = events.filter((event) => event.connection_id === id).map(({ action }) => action)
    const request = actions.find(({ Request }) => Request !== undefined)?.Request?.request
    const response = actions.find(({ Response }) => Response !== undefined)?.Response?.response.Ok
    const parts = actions.flatMap(({ Data }) => (Data?.direction === "Response" ? [bytesOf(Data.data)] : []))
    return request === undefined ? [] : [{ request, response, body: Buffer.concat(parts) }]
  })

/** Headers that tell whether a request is the right one. */
const compared = ["content-type", "x-aws-ec2-metadata-token"]

const addressOf = (uri: string): string => {
  const url = new URL(uri)
  url.searchParams.sort()
  // A list of the metadata service is the same with a slash at its end and without.
  if (url.pathname.startsWith("/latest/meta-data/")) url.pathname = url.pathname.replace(/\/$/, "")
  return url.href
}

const firstValues = (headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, [value = ""]]) => [name.toLowerCase(), value]))

const seen = (method: string, uri: string, headers: Readonly<Record<string, string>>) => ({
  method,
  address: addressOf(uri),
  headers: compared.map((name) => headers[name])
})

/** An API that an instance of the time of most recordings does not know. */
const newer = "/iam/security-credentials-extended"

const recordsNewer = (exchange: Exchange | undefined): boolean =>
  exchange?.request.uri.includes(newer) ?? false

/** A client that plays the recording, and a check that it was played to its end. */
export const recorded = (recording: Recording) => {
  const expected = exchanges(recording)
  let played = 0
  const play = (request: HttpClientRequest.HttpClientRequest) => {
    if (request.url.includes(newer) && !recordsNewer(expected[played]))
      return Effect.succeed(new BufferedResponse(request, 404, {}, new Uint8Array()))
    const exchange = expected[played++]
    const actual = seen(request.method, request.url, request.headers)
    const wanted = exchange?.request
    deepStrictEqual(actual, wanted && seen(wanted.method, wanted.uri, firstValues(wanted.headers)))
    if (exchange?.response === undefined) return Effect.fail(noReply(request, "ECONNREFUSED"))
    const { body, response } = exchange
    return Effect.succeed(new BufferedResponse(request, response.status, firstValues(response.headers), body))
  }
  return {
    layer: Layer.succeed(
      HttpClient.HttpClient,
      makeBuffered((request) => Effect.suspend(() => play(request)))
    ),
    finished: () => strictEqual(played, expected.length, "requests that were recorded and not sent")
  }
}
