import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { ExchangeFault } from "../../src/services/BufferedClient.js"
import { type ClientError, causeOf, reasonOf, responseOf } from "../../src/services/platformHttp.js"
import { AlibabaSeed, Emulator, Fault } from "../../src/testing.js"
import { requestOf, send } from "./support.js"

const emulator = Effect.provide(Emulator.layer())

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
    expect((yield* ask).text).toContain(AlibabaSeed.arns.user)
    const { body } = yield* requestOf({ action: "GetCallerIdentity", method: "POST" })
    const response = yield* client.execute(
      HttpClientRequest.post("http://anywhere.test/").pipe(
        HttpClientRequest.bodyUint8Array(body, "application/x-www-form-urlencoded")
      )
    )
    expect(response.status).toBe(200)
    expect(response.headers["content-length"]).toBe(String((yield* response.text).length))
  }).pipe(emulator)
)

it.effect("is as late as it is told, by Effect's Clock", () =>
  Effect.gen(function* () {
    yield* add(Fault.latency("10 seconds"))
    yield* add(Fault.slowHeaders("20 seconds"))
    yield* add(Fault.slowBody("30 seconds"))
    for (const seconds of [10, 20, 30]) {
      const fiber = yield* Effect.forkChild(ask)
      yield* TestClock.adjust(`${seconds - 1} seconds`)
      expect((yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe())))._tag).toBe("None")
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(fiber)).status).toBe(200)
    }
  }).pipe(emulator)
)

it.effect("resets before the reply, after the request took effect", () =>
  Effect.gen(function* () {
    yield* add(Fault.resetBeforeReply)
    expect(yield* failure).toBe("no reply: ECONNRESET")
    const { requests } = yield* Emulator.Emulator
    expect((yield* requests).map(({ fault, verdict }) => ({ fault, verdict }))).toEqual([
      { fault: "ResetBeforeReply", verdict: "OK" }
    ])
  }).pipe(emulator)
)

it.effect("resets during the reply", () =>
  Effect.gen(function* () {
    yield* add(Fault.resetDuringReply(5))
    expect(yield* failure).toBe("a part: ECONNRESET")
  }).pipe(emulator)
)

it.effect("cuts, swells and mislabels replies", () =>
  Effect.gen(function* () {
    yield* add(Fault.cutBody(12))
    expect((yield* ask).text).toBe('{"RequestId"')
    yield* add(Fault.oversizedReply(5000))
    expect((yield* ask).headers["content-length"]).toBe("5000")
    yield* add(Fault.contentType("text/plain"))
    expect((yield* ask).headers["content-type"]).toBe("text/plain")
  }).pipe(emulator)
)

it.effect("answers in the cloud's stead", () =>
  Effect.gen(function* () {
    yield* add(Fault.badGateway)
    expect(yield* ask).toMatchObject({ status: 502, text: expect.stringContaining("<html>") })
    yield* add(Fault.redirect("https://elsewhere.test/"))
    expect(yield* ask).toMatchObject({
      status: 307,
      headers: { location: "https://elsewhere.test/" },
      text: ""
    })
    yield* add(Fault.redirect("/there", 302))
    expect(yield* ask).toMatchObject({ status: 302, headers: { location: "/there" } })
    yield* add(Fault.throttled({ retryAfter: "2 seconds" }))
    const throttled = yield* ask
    expect(throttled).toMatchObject({ status: 400, text: expect.stringContaining('"Throttling.User"') })
    expect(throttled.headers["x-acs-retry-after"]).toBe("2000")
    yield* add(Fault.throttled({ status: 429 }))
    expect((yield* ask).status).toBe(429)
    yield* add(Fault.serverError())
    expect(yield* ask).toMatchObject({ status: 503, text: expect.stringContaining('"ServiceUnavailable"') })
    yield* add(Fault.refused(403, "NoPermission"))
    expect(yield* ask).toMatchObject({ status: 403, text: expect.stringContaining('"NoPermission"') })
  }).pipe(emulator)
)

it.effect("goes wrong by the clock, for one request or until told otherwise", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-31T12:00:00Z"))
    yield* add(Fault.skewedClock(20 * 60_000))
    const skewed = yield* ask
    expect(skewed.text).toContain("InvalidTimeStamp.Expired")
    expect(skewed.headers["date"]).toBe("Sat, 31 Jan 2026 12:20:00 GMT")
    expect((yield* ask).status).toBe(200)
    const { now, setClockOffset } = yield* Emulator.Emulator
    yield* setClockOffset(-5000)
    expect(yield* now).toBe(Date.parse("2026-01-31T11:59:55Z"))
    expect((yield* ask).headers["date"]).toBe("Sat, 31 Jan 2026 11:59:55 GMT")
  }).pipe(emulator)
)

it.effect("makes faults so many times, of one operation, in order, until cleared", () =>
  Effect.gen(function* () {
    const status = Effect.map(ask, (reply) => reply.status)
    yield* add(Fault.serverError(500), { times: 2 })
    yield* add(Fault.serverError(503), { operation: "AssumeRole" })
    yield* add(Fault.badGateway, { operation: "GetCallerIdentity" })
    expect(yield* Effect.all([status, status, status, status])).toEqual([500, 500, 502, 200])
    expect((yield* send({ action: "AssumeRole" })).status).toBe(503)
    yield* add(Fault.badGateway, { times: 100 })
    yield* (yield* Emulator.Emulator).clearFaults
    expect(yield* status).toBe(200)
  }).pipe(emulator)
)

it.effect("cannot send what it cannot see", () =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const bad = client.execute(HttpClientRequest.get("not a url"))
    expect(codeOf(yield* Effect.flip(bad))).toBe("no reply: InvalidUrl")
    const form = HttpClientRequest.post("http://sts.test/").pipe(
      HttpClientRequest.bodyFormData(new FormData())
    )
    expect(codeOf(yield* Effect.flip(client.execute(form)))).toBe("no reply: Encode")
  }).pipe(emulator)
)
