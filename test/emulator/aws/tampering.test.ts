import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import type { WireRequest } from "../../../src/emulator/Service.js"
import { Emulator } from "../../../src/testing.js"
import { assumeRole, codeOf, issuedKey, requestOf, send, sendRequest } from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const utf8 = new TextDecoder()
const bytes = new TextEncoder()

type Change = (text: string) => string

const withQuery = (request: WireRequest, change: Change): WireRequest => ({
  ...request,
  query: change(request.query)
})

const withBody = (request: WireRequest, change: Change): WireRequest => ({
  ...request,
  body: bytes.encode(change(utf8.decode(request.body)))
})

const withHeader =
  (name: string) =>
  (request: WireRequest, change: Change): WireRequest => ({
    ...request,
    headers: { ...request.headers, [name]: change(request.headers[name] ?? "") }
  })

const replaced =
  (at: number, by: string): Change =>
  (text) => {
    const index = at % text.length
    return text.slice(0, index) + by + text.slice(index + 1)
  }

// Two spellings of a query can mean the same, and the service signs what is meant.
const meaning = ({ body, headers, query }: WireRequest): string =>
  JSON.stringify([[...new URLSearchParams(query)], headers, utf8.decode(body)])

const places = [
  ["sigv4", "the body", withBody],
  ["sigv4", "the host", withHeader("host")],
  ["sigv4", "the content type", withHeader("content-type")],
  ["sigv4", "the time", withHeader("x-amz-date")],
  ["sigv4", "the session token", withHeader("x-amz-security-token")],
  ["sigv4", "the authorization", withHeader("authorization")],
  ["presigned", "the query", withQuery],
  ["presigned", "the host", withHeader("host")]
] as const

for (const [form, place, change] of places) {
  it.effect(`refuses a request with any character of ${place} changed (${form})`, () =>
    Effect.gen(function* () {
      const { handle } = yield* Emulator.Emulator
      const key = issuedKey(yield* send(assumeRole()))
      const request = yield* requestOf(assumeRole({}, { form, key }))
      const character = fc.constantFrom(..."aA0zZ9/+=%&;,.:- ")
      fc.assert(
        fc.property(fc.nat(2000), character, (at, by) => {
          const changed = change(request, replaced(at, by))
          if (meaning(changed) === meaning(request)) return
          const { reply } = Effect.runSync(handle(changed))
          assert.deepStrictEqual([reply.status >= 400, changed], [true, changed])
        }),
        { numRuns: 150 }
      )
      assert.strictEqual(codeOf(yield* sendRequest(request)), "OK")
    }).pipe(emulator)
  )
}

it.effect("refuses another method and another path", () =>
  Effect.gen(function* () {
    const request = yield* requestOf(assumeRole({}, { form: "presigned" }))
    assert.strictEqual(codeOf(yield* sendRequest({ ...request, method: "POST" })), "SignatureDoesNotMatch")
    assert.strictEqual(codeOf(yield* sendRequest({ ...request, path: "/other" })), "SignatureDoesNotMatch")
    const body = bytes.encode("Action=GetCallerIdentity")
    assert.strictEqual(codeOf(yield* sendRequest({ ...request, body })), "SignatureDoesNotMatch")
  }).pipe(emulator)
)
