/**
 * Random requests, signed by us and by AWS's own signer.
 */

import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import * as Aws from "../../src/aws.js"
import { signRequest } from "../../src/services/aws/SignedHttpClient.js"
import { verify } from "../support/signedServer.js"

// The vendor's signer keeps parameters in an object, which loses this name.
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((name) => name !== "__proto__")

const segment = fc.oneof(
  text.map(encodeURIComponent),
  fc.string({ unit: fc.constantFrom(..."abc:+@&=$,;!'()*~._-".split("")), maxLength: 10 }),
  fc.constantFrom("", "...", "%2F", "%20", "%3A", "anthropic.claude-3:0", "日本")
)

const headerName = fc.constantFrom("accept", "x-amz-meta-one", "x-amz-target", "x-plain", "content-language")
const headerValue = fc.string({ unit: fc.constantFrom(..."ab  ,;=\"'/:".split("")), maxLength: 12 })

const requests = fc.record({
  service: fc.constantFrom("s3", "dynamodb", "bedrock", "execute-api"),
  method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH"),
  host: fc.constantFrom("host.example", "host.example:8443"),
  segments: fc.array(segment, { maxLength: 5 }),
  inUrl: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  apart: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  headers: fc.dictionary(headerName, headerValue, { maxKeys: 3 }),
  body: fc.oneof(fc.constant(undefined), text, fc.uint8Array({ maxLength: 40 })),
  token: fc.option(fc.hexaString({ minLength: 1, maxLength: 40 }), { nil: undefined }),
  time: fc.date({ min: new Date(0), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })
})

const signer = Effect.provide(Aws.Signer, Aws.SignerV4.layer)

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

const bodyOf = (body: string | Uint8Array | undefined): HttpBody.HttpBody => {
  if (body === undefined) return HttpBody.empty
  return typeof body === "string" ? HttpBody.text(body) : HttpBody.uint8Array(body)
}

type Given = typeof requests extends fc.Arbitrary<infer A> ? A : never

const signed = ({ apart, body, headers, host, inUrl, method, segments, service, time, token }: Given) =>
  Effect.flatMap(signer, (signing) => {
    const query = new URLSearchParams(inUrl).toString()
    const url = `https://${host}/${segments.join("/")}${query === "" ? "" : `?${query}`}`
    const request = HttpClientRequest.make(method as "POST")(url).pipe(
      HttpClientRequest.setHeaders(headers),
      HttpClientRequest.appendUrlParams(apart),
      HttpClientRequest.setBody(bodyOf(body))
    )
    const credentials = new Aws.Credentials({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: Redacted.make(secretAccessKey),
      sessionToken: token === undefined ? undefined : Redacted.make(token)
    })
    return signRequest(signing, { service, region: "eu-central-1" })(request, credentials, time.getTime())
  })

it("are signed alike", () =>
  fc.assert(
    fc.asyncProperty(requests, async (given) => {
      const { headers, method, url } = await Effect.runPromise(signed(given))
      const sent = new URL(url)
      assert.strictEqual(sent.href.replace(/\?$/, ""), url)
      const sender = await verify(
        {
          method,
          path: sent.pathname,
          query: sent.search.slice(1),
          headers: { host: given.host, ...headers },
          body: Buffer.from(given.body ?? "")
        },
        new Map([["AKIDEXAMPLE", { secretAccessKey, sessionToken: given.token }]])
      )
      assert.deepStrictEqual(sender, { accessKeyId: "AKIDEXAMPLE", service: given.service })
    }),
    { numRuns: 500 }
  ))
