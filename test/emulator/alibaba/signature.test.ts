import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { WireRequest } from "../../../src/emulator/Service.js"
import * as acs3 from "../../../src/protocol/alibaba/acs3.js"
import { Emulator } from "../../../src/testing.js"
import { assumeRole, requestOf, sendRequest, verdict } from "./support.js"

const emulator = Effect.provide(Emulator.layer)

const forms = ["rpc", "acs3"] as const
const methods = ["GET", "POST"] as const
const places = ["query", "form"] as const

const utf8 = new TextDecoder()
const bytes = new TextEncoder()

// Another letter or digit, so that the request stays well formed and only the signature can notice.
const other = (character: string): string => (character === "1" ? "2" : /[a-z]/i.test(character) ? "1" : "1")

const positions = (text: string): ReadonlyArray<number> =>
  Array.from(text.matchAll(/(?<!%[0-9A-F]?)[A-Za-z0-9]/g), (match) => match.index)

const replaceAt = (text: string, at: number): string =>
  text.slice(0, at) + other(text[at] ?? "") + text.slice(at + 1)

const tampered = (request: WireRequest): ReadonlyArray<WireRequest> => [
  ...positions(request.query).map((at) => ({ ...request, query: replaceAt(request.query, at) })),
  ...positions(utf8.decode(request.body)).map((at) => ({
    ...request,
    body: bytes.encode(replaceAt(utf8.decode(request.body), at))
  })),
  ...Object.entries(request.headers)
    .filter(
      ([name]) => acs3.signedHeaderNames(request.headers).list.includes(name) || name === "authorization"
    )
    .filter(() => "authorization" in request.headers)
    .flatMap(([name, value]) =>
      positions(value).map((at) => ({
        ...request,
        headers: { ...request.headers, [name]: replaceAt(value, at) }
      }))
    )
]

for (const form of forms) {
  describe(form, () => {
    for (const method of methods) {
      for (const place of places) {
        it.effect(`verifies a ${method} with its parameters in the ${place}`, () =>
          Effect.gen(function* () {
            assert.strictEqual(yield* verdict(assumeRole({}, { form, method, place })), "OK")
          }).pipe(emulator)
        )

        it.effect(`refuses a ${method} with its parameters in the ${place} and any byte changed`, () =>
          Effect.gen(function* () {
            const request = yield* requestOf(assumeRole({}, { form, method, place }))
            const requests = tampered(request)
            const statuses = yield* Effect.forEach(requests, (one) =>
              Effect.map(sendRequest(one), ({ status }) => status)
            )
            assert.isAbove(requests.length, 200)
            assert.deepStrictEqual(
              statuses.filter((status) => status < 400),
              []
            )
            assert.strictEqual((yield* sendRequest(request)).status, 200)
          }).pipe(emulator)
        )
      }
    }
  })
}

describe("rpc", () => {
  it.effect("does not take a signature for another method", () =>
    Effect.gen(function* () {
      const request = yield* requestOf(assumeRole({}, { method: "GET", place: "query" }))
      const reply = yield* sendRequest({ ...request, method: "POST" })
      assert.strictEqual(reply.json.Code, "SignatureDoesNotMatch")
      assert.include(
        reply.json.Message,
        "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId"
      )
    }).pipe(emulator)
  )

  it.effect("does not take another method or version of signing", () =>
    Effect.gen(function* () {
      const request = yield* requestOf(assumeRole({}, { place: "query" }))
      const code = (from: string, to: string) =>
        Effect.map(
          sendRequest({ ...request, query: request.query.replace(from, to) }),
          ({ json }) => json.Code
        )
      assert.strictEqual(yield* code("HMAC-SHA1", "HMAC-SHA256"), "IncompleteSignature")
      assert.strictEqual(yield* code("SignatureVersion=1.0", "SignatureVersion=2.0"), "IncompleteSignature")
      assert.strictEqual(yield* code("Signature=", "Elsewhere="), "MissingSignature")
      assert.strictEqual(yield* code("AccessKeyId=", "Elsewhere="), "MissingAccessKeyId")
    }).pipe(emulator)
  )
})

describe("acs3", () => {
  const changed = (change: (headers: Record<string, string>) => void) =>
    Effect.gen(function* () {
      const request = yield* requestOf(assumeRole({}, { form: "acs3" }))
      const headers = { ...request.headers }
      change(headers)
      return (yield* sendRequest({ ...request, headers })).json.Code
    })

  it.effect("requires a signature over every x-acs- header, host and content-type", () =>
    Effect.gen(function* () {
      const extra = changed((headers) => {
        headers["x-acs-added"] = "later"
      })
      assert.strictEqual(yield* extra, "IncompleteSignature")
      const uncovered = changed((headers) => {
        headers["authorization"] = headers["authorization"]?.replace("host;", "") ?? ""
      })
      assert.strictEqual(yield* uncovered, "IncompleteSignature")
    }).pipe(emulator)
  )

  it.effect("hashes the body itself", () =>
    Effect.gen(function* () {
      const request = yield* requestOf(assumeRole({}, { form: "acs3" }))
      const body = bytes.encode(utf8.decode(request.body).replace("session", "another"))
      assert.strictEqual((yield* sendRequest({ ...request, body })).json.Code, "SignatureDoesNotMatch")
    }).pipe(emulator)
  )

  it.effect("refuses malformed ACS3 authorizations", () =>
    Effect.gen(function* () {
      const malformed = changed((headers) => {
        headers["authorization"] = "ACS3-HMAC-SHA256 Credential=a"
      })
      assert.strictEqual(yield* malformed, "IncompleteSignature")
    }).pipe(emulator)
  )
})
