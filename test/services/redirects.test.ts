/**
 * Nobody follows a redirect with a secret: not our clients, not the platform's, and none that an application has told
 * to.
 */
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import { sendRequest } from "../../src/services/SourceRequest.js"
import { type Stub, startStub } from "../layers/http/stub.js"
import { calls } from "../leaks/calls.js"
import { calling, clients, signedForAws, signedWith } from "../support/runners.js"

let here: Server
let elsewhere: Server
const arrived: Array<string> = []
let status = 302
let location = ""
let asked = 0

const url = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    response.end("{}")
  }).listen(0, "127.0.0.1")
  await once(elsewhere, "listening")
  here = createServer((request, response) => {
    asked++
    if (request.url !== "/") arrived.push(`the same host's ${request.url}`)
    response.writeHead(status, { location }).end()
  }).listen(0, "127.0.0.1")
  await once(here, "listening")
  // Another host name, as far as anybody can tell from the URL.
  location = `${url(elsewhere).replace("127.0.0.1", "localhost")}/stolen`
})
afterAll(() => {
  here.close()
  elsewhere.close()
})

const following: Readonly<Record<string, (client: HttpClient.HttpClient) => HttpClient.HttpClient>> = {
  "as it is": (client) => client,
  "told to follow": HttpClient.followRedirects(10),
  "told to follow, filtered and logged": (client) =>
    client.pipe(
      HttpClient.followRedirects(3),
      HttpClient.filterStatusOk,
      HttpClient.tapRequest(Effect.logTrace)
    ),
  "told to follow below a client of its own": (client) => {
    const inner = HttpClient.followRedirects(client, 3)
    return HttpClient.make((request) => inner.execute(request))
  },
  "told to follow without tracing": (client) =>
    HttpClient.transformResponse(HttpClient.followRedirects(client, 3), Effect.withTracerEnabled(true))
}

const through = (
  client: Layer.Layer<HttpClient.HttpClient, unknown>,
  decorate: (client: HttpClient.HttpClient) => HttpClient.HttpClient
) =>
  Layer.orDie(
    Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, decorate)), client)
  )

const refused = (error: unknown) => {
  assert.propertyVal(error, "_tag", "StsResponseError")
  assert.propertyVal(error, "reason", "Redirect")
  assert.propertyVal(error, "retryable", false)
  assert.match(String((error as Error).message), /redirect/)
  assert.deepStrictEqual(arrived, [])
}

for (const [name, client] of Object.entries(clients)) {
  for (const [how, decorate] of Object.entries(following)) {
    describe(`${name}, ${how}`, () => {
      for (const code of [301, 302, 303, 307, 308]) {
        it.effect(`HTTP ${code} ends every call`, () =>
          Effect.gen(function* () {
            status = code
            for (const call of Object.values(calls)) refused(yield* Effect.flip(call(url(here))))
          }).pipe(Effect.provide(through(client, decorate)))
        )
      }

      it.effect("not even to another path of the same host", () =>
        Effect.gen(function* () {
          status = 307
          const before = location
          location = "/other"
          const error = yield* Effect.flip(Aws.getCallerIdentity().pipe(signedForAws(), calling(url(here))))
          location = before
          refused(error)
        }).pipe(Effect.provide(through(client, decorate)))
      )

      it.effect("a source's request is not sent on", () =>
        Effect.gen(function* () {
          status = 307
          const client = yield* HttpClient.HttpClient
          const question = {
            cloud: "aws",
            operation: "a question",
            method: "GET",
            url: `${url(here)}/`,
            headers: { authorization: "secret" },
            timeout: 5_000
          } as const
          const result = yield* Effect.result(sendRequest(client, question))
          if (result._tag === "Success") assert.strictEqual(result.success.status, 307)
          else assert.propertyVal(result.failure, "reason", "Redirect")
          assert.deepStrictEqual(arrived, [])
        }).pipe(Effect.provide(through(client, decorate)))
      )

      for (const to of ["elsewhere", "back"]) {
        it.effect(`a signed request to any service is not sent on, ${to}`, () =>
          Effect.gen(function* () {
            status = 307
            const before = location
            if (to === "back") location = "/"
            const client = yield* HttpClient.HttpClient
            const signed = [
              yield* Aws.signedHttpClient({ service: "s3", region: "us-east-1" }),
              yield* Alibaba.signedHttpClient({ version: "2014-05-26" })
            ]
            for (const sign of signed) {
              asked = 0
              yield* Effect.result(
                sign(client).post(`${url(here)}/`, { headers: { "x-acs-action": "DescribeZones" } })
              )
              assert.strictEqual(asked, 1)
            }
            location = before
            assert.deepStrictEqual(arrived, [])
          }).pipe(signedForAws(), signedWith("acs3"), Effect.provide(through(client, decorate)))
        )
      }
    })
  }
}

it.effect("a fetch that follows redirects anyway is detected", () =>
  Effect.gen(function* () {
    status = 302
    const error = yield* Aws.getCallerIdentity().pipe(
      signedForAws(),
      calling(url(here)),
      Effect.provide(FetchHttpClient.layer),
      Effect.provideService(FetchHttpClient.Fetch, (target, init) =>
        fetch(target, { ...init, redirect: "follow" })
      ),
      Effect.flip
    )
    arrived.length = 0
    refused(error)
  })
)

describe("under runSync", () => {
  let stub: Stub
  beforeAll(async () => {
    stub = await startStub()
  })
  afterAll(() => stub.close())

  for (const [how, decorate] of Object.entries(following)) {
    it(`a redirect ends every call, with a client ${how}`, () => {
      const call = Aws.getCallerIdentity().pipe(signedForAws(), calling(`${stub.url}/redirect`))
      stub.reset()
      refused(
        Effect.runSync(
          Effect.provide(Effect.flip(call), through(Blocking.layerWith({ proxy: false }), decorate))
        )
      )
      assert.strictEqual(stub.counts().requests, 1)
    })
  }
})
