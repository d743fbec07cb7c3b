import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { ExchangeFault } from "../../src/services/HttpReply.js"
import { type ClientError, causeOf, reasonOf, responseOf } from "../../src/services/platformHttp.js"
import { AlibabaSeed, Emulator, Fault } from "../../src/testing.js"
import { requestOf, send } from "./alibaba/support.js"

const emulator = Effect.provide(Emulator.layer)

/** What a client of the in-process layer gets for GetCallerIdentity. */
const ask = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const { query } = yield* requestOf({ action: "GetCallerIdentity", method: "GET", place: "query" })
  const response = yield* client.execute(HttpClientRequest.get(`https://sts.aliyuncs.com/?${query}`))
  return { status: response.status, headers: response.headers, text: yield* response.text }
})

const codeOf = (error: ClientError): string => {
  const cause = causeOf(error)
  const reply = responseOf(error) === undefined ? "no reply" : "a part"
  return `${reply}: ${cause instanceof ExchangeFault ? cause.code : reasonOf(error)}`
}

const failure = Effect.map(Effect.flip(ask), codeOf)

const add = (fault: Fault.Fault, scope = {}) =>
  Effect.flatMap(Emulator.Emulator, (service) => service.addFault(fault, scope))

it.effect("answers as the cloud does without a fault, a form in the body too", () =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    assert.include((yield* ask).text, AlibabaSeed.arns.user)
    const { body } = yield* requestOf({ action: "GetCallerIdentity", method: "POST" })
    const response = yield* client.execute(
      HttpClientRequest.post("http://anywhere.test/").pipe(
        HttpClientRequest.bodyUint8Array(body, "application/x-www-form-urlencoded")
      )
    )
    assert.strictEqual(response.status, 200)
    assert.strictEqual(response.headers["content-length"], String((yield* response.text).length))
  }).pipe(emulator)
)

it.effect("delays replies by Effect's Clock", () =>
  Effect.gen(function* () {
    yield* add(Fault.latency("10 seconds"))
    yield* add(Fault.slowHeaders("20 seconds"))
    yield* add(Fault.slowBody("30 seconds"))
    for (const seconds of [10, 20, 30]) {
      const fiber = yield* Effect.forkChild(ask)
      yield* TestClock.adjust(`${seconds - 1} seconds`)
      assert.strictEqual((yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe())))._tag, "None")
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
    }
  }).pipe(emulator)
)

it.effect("resets before the reply, after the request took effect", () =>
  Effect.gen(function* () {
    yield* add(Fault.resetBeforeReply)
    assert.strictEqual(yield* failure, "no reply: ECONNRESET")
    const { requests } = yield* Emulator.Emulator
    assert.deepStrictEqual(
      (yield* requests).map(({ fault, verdict }) => ({ fault, verdict })),
      [{ fault: "ResetBeforeReply", verdict: "OK" }]
    )
  }).pipe(emulator)
)

it.effect("resets during the reply", () =>
  Effect.gen(function* () {
    yield* add(Fault.resetDuringReply(5))
    assert.strictEqual(yield* failure, "a part: ECONNRESET")
  }).pipe(emulator)
)

it.effect("cuts, swells and mislabels replies", () =>
  Effect.gen(function* () {
    yield* add(Fault.cutBody(12))
    assert.strictEqual((yield* ask).text, '{"RequestId"')
    yield* add(Fault.oversizedReply(5000))
    assert.strictEqual((yield* ask).headers["content-length"], "5000")
    yield* add(Fault.contentType("text/plain"))
    assert.strictEqual((yield* ask).headers["content-type"], "text/plain")
  }).pipe(emulator)
)

it.effect("answers in the cloud's stead", () =>
  Effect.gen(function* () {
    const answers = (status: number, part: string) =>
      Effect.tap(ask, (reply) =>
        Effect.sync(() => {
          assert.strictEqual(reply.status, status)
          assert.include(reply.text, part)
        })
      )
    yield* add(Fault.badGateway)
    yield* answers(502, "<html>")
    yield* add(Fault.redirect("https://elsewhere.test/"))
    const redirect = yield* ask
    assert.deepInclude(redirect, { status: 307, text: "" })
    assert.strictEqual(redirect.headers["location"], "https://elsewhere.test/")
    yield* add(Fault.redirect("/there", 302))
    const nearby = yield* ask
    assert.strictEqual(nearby.status, 302)
    assert.strictEqual(nearby.headers["location"], "/there")
    yield* add(Fault.throttled({ retryAfter: "2 seconds" }))
    const throttled = yield* answers(400, '"Throttling.User"')
    assert.strictEqual(throttled.headers["x-acs-retry-after"], "2000")
    yield* add(Fault.throttled({ status: 429 }))
    assert.strictEqual((yield* ask).status, 429)
    yield* add(Fault.serverError())
    yield* answers(503, '"ServiceUnavailable"')
    yield* add(Fault.refused(403, "NoPermission"))
    yield* answers(403, '"NoPermission"')
  }).pipe(emulator)
)

it.effect("skews its clock, for one request or until reset", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    yield* add(Fault.skewedClock(20 * 60_000))
    const skewed = yield* ask
    assert.include(skewed.text, "InvalidTimeStamp.Expired")
    assert.strictEqual(skewed.headers["date"], "Sat, 31 Jan 2026 12:20:00 GMT")
    assert.strictEqual((yield* ask).status, 200)
    const { now, setClockOffset } = yield* Emulator.Emulator
    yield* setClockOffset(-5000)
    assert.strictEqual(yield* now, Date.parse("2026-01-31T11:59:55Z"))
    assert.strictEqual((yield* ask).headers["date"], "Sat, 31 Jan 2026 11:59:55 GMT")
  }).pipe(emulator)
)

it.effect("injects faults in order, by count and operation, until cleared", () =>
  Effect.gen(function* () {
    const status = Effect.map(ask, (reply) => reply.status)
    yield* add(Fault.serverError(500), { times: 2 })
    yield* add(Fault.serverError(503), { operation: "AssumeRole" })
    yield* add(Fault.badGateway, { operation: "GetCallerIdentity" })
    assert.deepStrictEqual(yield* Effect.all([status, status, status, status]), [500, 500, 502, 200])
    assert.strictEqual((yield* send({ action: "AssumeRole" })).status, 503)
    yield* add(Fault.badGateway, { times: 100 })
    yield* (yield* Emulator.Emulator).clearFaults
    assert.strictEqual(yield* status, 200)
  }).pipe(emulator)
)

it.effect("refuses bodies that it cannot read", () =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const bad = client.execute(HttpClientRequest.get("not a url"))
    assert.strictEqual(codeOf(yield* Effect.flip(bad)), "no reply: InvalidUrl")
    const form = HttpClientRequest.post("http://sts.test/").pipe(
      HttpClientRequest.bodyFormData(new FormData())
    )
    assert.strictEqual(codeOf(yield* Effect.flip(client.execute(form))), "no reply: Encode")
  }).pipe(emulator)
)
