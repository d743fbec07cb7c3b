/**
 * What a client changes of a request after it is signed is named where the call fails, and its own failures are told
 * from the network's.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as TestClock from "effect/testing/TestClock"
import { Alibaba, Aws } from "../../src/index.js"
import type { ClientError } from "../../src/services/platformHttp.js"
import { Emulator } from "../../src/testing.js"
import { type Decoration, loosely } from "../support/decorations.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"

const around =
  (
    change: (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest
  ): Decoration =>
  (client) =>
    HttpClient.make((request) => client.execute(change(request)))

const both = (decorate: Decoration) =>
  Effect.updateService(
    Effect.all([
      Effect.flip(Aws.getCallerIdentity().pipe(signedForAws())),
      Effect.flip(Alibaba.getCallerIdentity().pipe(signedWith("acs3")))
    ]),
    HttpClient.HttpClient,
    decorate
  ).pipe(calling("http://127.0.0.1", { maxAttempts: 1 }), Effect.provide(Emulator.layer))

const changes: Readonly<Record<string, readonly [Decoration, RegExp]>> = {
  "a signed header": [
    around(HttpClientRequest.setHeader("authorization", "Bearer of the application")),
    /HttpClient in use changes .*the header authorization/
  ],
  "the type": [
    around(HttpClientRequest.setHeader("content-type", "application/json")),
    /HttpClient in use changes .*the header content-type/
  ],
  "the body": [
    around(HttpClientRequest.setBody(HttpBody.text("Action=Nothing", "application/x-www-form-urlencoded"))),
    /HttpClient in use changes .*the body/
  ],
  "the body, in a map": [
    HttpClient.mapRequest(
      HttpClientRequest.setBody(HttpBody.text("Action=Nothing", "application/x-www-form-urlencoded"))
    ),
    /HttpClient in use changes .*the body/
  ],
  "the method": [around(HttpClientRequest.setMethod("PUT")), /HttpClient in use changes .*the method/]
}

describe("the error names what the client changed:", () => {
  for (const [what, [decorate, words]] of Object.entries(changes)) {
    it.effect(what, () =>
      Effect.gen(function* () {
        for (const error of yield* both(decorate)) assert.match(error.message, words)
      })
    )
  }

  it.effect("the address", () =>
    Effect.gen(function* () {
      const lost = HttpClient.mapRequest(HttpClientRequest.setUrl("nowhere"))
      for (const error of yield* both(lost)) {
        assert.match(error.message, /HttpClient in use changes .*the URL/)
      }
    }).pipe(Effect.provide(Emulator.layer))
  )
})

const failures: Readonly<Record<string, readonly [Decoration, RegExp]>> = {
  "an error of its own": [
    HttpClient.transformResponse(() =>
      Effect.fail({ _tag: "CircuitOpen", secret: "PLANTED" } as unknown as ClientError)
    ),
    /HttpClient in use failed with CircuitOpen/
  ],
  "an error without a name": [
    HttpClient.transformResponse(() => Effect.fail("PLANTED" as unknown as ClientError)),
    /HttpClient in use failed with an error/
  ],
  "a defect": [
    loosely(HttpClient.transformResponse(() => Effect.die(new TypeError("PLANTED")))),
    /HttpClient in use broke with TypeError/
  ],
  "a step that throws": [
    HttpClient.mapRequest(() => {
      throw new RangeError("PLANTED")
    }),
    /HttpClient in use broke with RangeError/
  ]
}

describe("the error names a failure of the client's:", () => {
  for (const [what, [decorate, words]] of Object.entries(failures)) {
    it.effect(what, () =>
      Effect.gen(function* () {
        for (const error of yield* both(decorate)) {
          assert.propertyVal(error, "_tag", "StsTransportError")
          assert.match(error.message, words)
          assert.notInclude(error.message, "PLANTED")
        }
      })
    )
  }

  it.effect("its time limit", () =>
    Effect.gen(function* () {
      const hurried: Decoration = (client) =>
        HttpClient.transformResponse(client, (sent) =>
          Effect.timeout(Effect.andThen(Effect.never, sent), "1 second")
        ) as unknown as HttpClient.HttpClient
      const fiber = yield* Effect.forkChild(both(hurried))
      yield* TestClock.adjust("5 seconds")
      for (const error of yield* Fiber.join(fiber)) {
        assert.propertyVal(error, "reason", "Timeout")
        assert.include(error.message, "HttpClient in use")
      }
    })
  )
})
