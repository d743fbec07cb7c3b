/**
 * Replies whose date is far from every clock: what comes after them goes on as if nothing had been said.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { RequestPolicy } from "../../src/index.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { type Answer, reply, scripted } from "../support/scripted.js"

const noon = Date.UTC(2026, 0, 1, 12)

const dates = [
  "+275760-09-13T00:00:00.000Z",
  "Sat, 13 Sep 275760 00:00:00 GMT",
  "-271821-04-20T00:00:00.000Z",
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "Friday, 31-Dec-49 23:59:59 GMT",
  "Thu Jan  1 00:00:00 1970",
  "8640000000000001",
  "1e400",
  "NaN",
  ""
]

type Call = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

const endpoint = "http://127.0.0.1"

const json = (code: string, date: string): Answer =>
  reply(400, { RequestId: "R", Code: code, Message: "no" }, { date })

const xml = (code: string, date: string): Answer =>
  reply(400, `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`, {
    date,
    "content-type": "text/xml"
  })

const identityXml = reply(
  200,
  "<GetCallerIdentityResponse><GetCallerIdentityResult><UserId>U</UserId><Account>1</Account><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
  { "content-type": "text/xml" }
)

const identityJson = reply(200, { AccountId: "1", Arn: "a", IdentityType: "RAMUser", PrincipalId: "2" })

const fetched = (url: string) =>
  Effect.gen(function* () {
    const sign = yield* Aws.signedHttpClient({ service: "execute-api", region: "us-east-1" })
    return yield* sign(yield* HttpClient.HttpClient).get(url)
  })

const calls: Readonly<
  Record<
    string,
    {
      readonly call: Call
      readonly poison: (date: string) => Answer
      readonly good: Answer
      readonly dated: string
    }
  >
> = {
  "Alibaba Cloud, ACS3": {
    call: Alibaba.getCallerIdentity().pipe(signedWith("acs3"), calling(endpoint)),
    poison: (date) => json("InvalidTimeStamp.Expired", date),
    good: identityJson,
    dated: "2026-01-01T12:00:00Z"
  },
  "Alibaba Cloud, RPC": {
    call: Alibaba.getCallerIdentity().pipe(signedWith("rpc"), calling(endpoint)),
    poison: (date) => json("InvalidTimeStamp.Expired", date),
    good: identityJson,
    dated: encodeURIComponent("2026-01-01T12:00:00Z")
  },
  AWS: {
    call: Aws.getCallerIdentity().pipe(signedForAws(), calling(endpoint)),
    poison: (date) => xml("RequestTimeTooSkewed", date),
    good: identityXml,
    dated: "20260101T120000Z"
  },
  "AWS, a signed client": {
    call: fetched(`${endpoint}/x`).pipe(
      Effect.filterOrFail(
        ({ status }) => status === 200,
        () => "refused"
      ),
      signedForAws(),
      RequestPolicy.adjust({})
    ),
    poison: (date) => xml("RequestTimeTooSkewed", date),
    good: identityXml,
    dated: "20260101T120000Z"
  }
}

describe("a far date in one reply", () => {
  for (const [name, { call, dated, good, poison }] of Object.entries(calls)) {
    for (const date of dates) {
      it.effect(`does no harm to later calls: ${name}, ${date === "" ? "none" : date}`, () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(noon)
          const http = scripted(poison(date), good)
          const refused = yield* Effect.flip(Effect.provide(call, http.layer))
          assert.notInstanceOf(refused, RangeError)
          yield* Effect.provide(call, http.layer)
          assert.lengthOf(http.sent, 2)
          for (const sent of http.sent) assert.include(JSON.stringify(sent), dated)
        })
      )
    }
  }
})

describe("a clock that reads a far time", () => {
  for (const [name, { call, good }] of Object.entries(calls)) {
    for (const now of [8.64e15, -8.64e15, 253_402_300_800_000, -1]) {
      it.effect(`does not die: ${name}, ${now}`, () =>
        Effect.gen(function* () {
          yield* TestClock.setTime(now)
          const http = scripted(good)
          yield* Effect.provide(call, http.layer)
          assert.lengthOf(http.sent, 1)
        })
      )
    }
  }
})
