/**
 * AWS's calls over time: what is tried again, after how long, with whose clock, and how many at once.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../src/aws.js"
import { RequestPolicy, type RequestPolicyOptions } from "../../src/index.js"
import { AwsSeed } from "../../src/testing.js"
import { signedForAws } from "../support/runners.js"
import { type Answer, busy, reply, scripted } from "../support/scripted.js"

const minute = 60_000
const noon = Date.UTC(2026, 0, 1, 12)
const httpDate = (millis: number) => new Date(millis).toUTCString()

type Headers = Readonly<Record<string, string>>

const xml = (status: number, body: string, headers: Headers = {}) =>
  reply(status, body, { "content-type": "text/xml", ...headers })

const refusal = (status: number, code: string, headers?: Headers) =>
  xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>REQ-1</RequestId></ErrorResponse>`,
    headers
  )

const identity = xml(
  200,
  `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${AwsSeed.arns.user}</Arn><UserId>AIDA</UserId><Account>${AwsSeed.accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
)

const assumed = xml(
  200,
  "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-01T13:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
)

type Http = ReturnType<typeof scripted>
type Needs = Aws.Signer | Aws.CredentialProvider | HttpClient.HttpClient

const over =
  (http: Http, options: RequestPolicyOptions = {}) =>
  <A, E>(call: Effect.Effect<A, E, Needs>) =>
    Effect.andThen(
      TestClock.setTime(noon),
      call.pipe(
        signedForAws(),
        RequestPolicy.adjust({ jitter: false, aws: { region: "eu-west-1" }, ...options }),
        Effect.provide(http.layer)
      )
    )

const whoAmI = Aws.getCallerIdentity()

const withToken = Aws.assumeRoleWithWebIdentity({
  roleArn: AwsSeed.arns.oidcRole,
  roleSessionName: "report",
  webIdentityToken: "a-token"
})

interface Repeated {
  readonly name: string
  readonly call: Effect.Effect<unknown, unknown, Needs>
  readonly answers: ReadonlyArray<Answer>
  /** Milliseconds until each attempt. */
  readonly at: ReadonlyArray<number>
}

const throttled = (code: string, headers?: Headers): Repeated => ({
  name: code + JSON.stringify(headers ?? ""),
  call: whoAmI,
  answers: [refusal(400, code, headers), identity],
  at: [0, 1_000]
})

const repeated: ReadonlyArray<Repeated> = [
  ...[
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "RequestThrottledException",
    "TooManyRequestsException",
    "SlowDown",
    "PriorRequestNotComplete"
  ].map((code) => throttled(code)),
  {
    name: "status 429 with a code that nobody knows",
    call: whoAmI,
    answers: [refusal(429, "Busy"), identity],
    at: [0, 1_000]
  },
  {
    name: "InternalFailure, and then ServiceUnavailable",
    call: whoAmI,
    answers: [refusal(500, "InternalFailure"), refusal(503, "ServiceUnavailable"), identity],
    at: [0, 50, 150]
  },
  {
    name: "IDPCommunicationError of an operation without credentials",
    call: withToken,
    answers: [refusal(400, "IDPCommunicationError"), refusal(400, "IDPCommunicationErrorException"), assumed],
    at: [0, 50, 150]
  },
  {
    name: "a wait that the service asks for",
    call: whoAmI,
    answers: [refusal(503, "ServiceUnavailable", { "x-amz-retry-after": "1500" }), identity],
    at: [0, 1_500]
  },
  {
    name: "a wait that is shorter than ours",
    call: whoAmI,
    answers: [refusal(400, "Throttling", { "x-amz-retry-after": "10" }), identity],
    at: [0, 1_000]
  },
  {
    name: "a wait that is too long to be meant, cut to five seconds beyond ours",
    call: whoAmI,
    answers: [refusal(400, "Throttling", { "x-amz-retry-after": "86400000" }), identity],
    at: [0, 6_000]
  },
  {
    name: "a wait that is no number",
    call: whoAmI,
    answers: [refusal(400, "Throttling", { "x-amz-retry-after": "soon" }), identity],
    at: [0, 1_000]
  }
]

/** An answer that tells when it was asked for. */
const noting =
  (times: Array<number>) =>
  (answer: Answer): Answer =>
  (request, sent) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      times.push(now - noon)
      return answer(request, sent)
    })

describe("tried again is", () => {
  for (const { answers, at, call, name } of repeated) {
    it.effect(name, () => {
      const times: Array<number> = []
      const http = scripted(...answers.map(noting(times)))
      return Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(call)
        yield* TestClock.adjust("20 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(times, at)
      }).pipe(over(http))
    })
  }
})

describe("not tried again is", () => {
  for (const [status, code] of [
    [403, "AccessDenied"],
    [403, "ExpiredToken"],
    [400, "ExpiredTokenException"],
    [403, "InvalidClientTokenId"],
    [403, "IDPRejectedClaim"],
    [400, "InvalidIdentityToken"],
    [400, "PackedPolicyTooLarge"],
    [403, "RegionDisabledException"],
    [400, "ValidationError"]
  ] as const) {
    it.effect(code, () => {
      const http = scripted(refusal(status, code))
      return Effect.gen(function* () {
        const error = yield* Effect.flip(whoAmI)
        assert.deepInclude(error, { _tag: "StsApiError", code, retryable: false })
        assert.lengthOf(http.sent, 1)
      }).pipe(over(http))
    })
  }
})

const signedAt = (headers: Headers | undefined): number =>
  Date.parse(
    (headers?.["x-amz-date"] ?? "").replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z")
  )

/** A service whose clock reads `ahead` more than ours, and that calls other times by this code. */
const service =
  (ahead: number, code: string, headers: Headers = {}): Answer =>
  (request, sent) =>
    Effect.flatMap(Clock.currentTimeMillis, (time) => {
      const now = time + ahead
      const date = { date: httpDate(now), ...headers }
      return Math.abs(now - signedAt(sent.headers)) >= 5 * minute
        ? refusal(403, code, date)(request, sent)
        : identity(request, sent)
    })

interface Skew {
  readonly name: string
  readonly answer: Answer
  /** Requests of the first call, and what it ended with. */
  readonly requests: number
  readonly ends: string
  readonly learned: number
  readonly policy?: RequestPolicyOptions
}

const off = 5 * minute

const skews: ReadonlyArray<Skew> = [
  ...["RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture", "SignatureDoesNotMatch"].flatMap(
    (code) =>
      [off, -off].map((ahead) => ({
        name: `${code}, ${ahead / minute} minutes`,
        answer: service(ahead, code),
        requests: 2,
        ends: "signed",
        learned: ahead
      }))
  ),
  {
    name: "SignatureDoesNotMatch whose Date agrees: the secret is wrong",
    answer: refusal(403, "SignatureDoesNotMatch", { date: httpDate(noon + 1_000) }),
    requests: 1,
    ends: "SignatureDoesNotMatch",
    learned: 1_000
  },
  {
    name: "a signature that is refused however the clock is: once",
    answer: refusal(403, "SignatureDoesNotMatch", { date: httpDate(noon + off) }),
    requests: 2,
    ends: "SignatureDoesNotMatch",
    learned: off
  },
  {
    name: "RequestExpired without a Date",
    answer: refusal(400, "RequestExpired"),
    requests: 1,
    ends: "RequestExpired",
    learned: 0
  },
  {
    name: "RequestExpired from a cache",
    answer: refusal(400, "RequestExpired", { date: httpDate(noon + off), age: "60" }),
    requests: 1,
    ends: "RequestExpired",
    learned: 0
  },
  {
    name: "RequestExpired where one attempt is all: the next call knows",
    answer: service(off, "RequestExpired"),
    requests: 1,
    ends: "RequestExpired",
    learned: off,
    policy: { maxAttempts: 1 }
  },
  {
    name: "RequestExpired that the policy leaves alone",
    answer: service(off, "RequestExpired"),
    requests: 1,
    ends: "RequestExpired",
    learned: 0,
    policy: { correctClockSkew: false }
  },
  {
    name: "AccessDenied, five minutes off",
    answer: refusal(403, "AccessDenied", { date: httpDate(noon + off) }),
    requests: 1,
    ends: "AccessDenied",
    learned: off
  }
]

describe("a clock that is off", () => {
  for (const { answer, ends, learned, name, policy, requests } of skews) {
    it.effect(name, () => {
      const http = scripted(answer)
      return Effect.gen(function* () {
        const result = yield* Effect.result(whoAmI)
        const end =
          result._tag === "Success"
            ? "signed"
            : "code" in result.failure
              ? result.failure.code
              : result.failure._tag
        assert.deepStrictEqual(
          { ends: end, requests: http.sent.length, learned: yield* Aws.timeOffset },
          { ends, requests, learned }
        )
        assert.strictEqual(yield* Clock.currentTimeMillis, noon)
        yield* Effect.exit(whoAmI)
        assert.strictEqual(signedAt(http.sent[requests]?.headers), noon + learned)
      }).pipe(over(http, policy))
    })
  }
})

describe("the limit of requests at once", () => {
  for (const [limit, calls, seconds] of [
    [undefined, 25, 3],
    [2, 6, 3]
  ] as const) {
    it.effect(`lets ${limit ?? 10} of ${calls} through`, () => {
      const { http, seen } = busy(identity)
      return Effect.gen(function* () {
        const all = yield* Effect.forkChild(
          Effect.replicateEffect(whoAmI, calls, { concurrency: "unbounded" })
        )
        yield* TestClock.adjust(`${seconds} seconds`)
        assert.lengthOf(yield* Fiber.join(all), calls)
        assert.strictEqual(seen.most, limit ?? 10)
      }).pipe(over(http, { maxConcurrentRequests: limit }))
    })
  }

  it.effect("gives the place of an interrupted call to the next", () => {
    const { http, seen } = busy(identity)
    return Effect.gen(function* () {
      const first = yield* Effect.forkChild(whoAmI)
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(first)
      assert.strictEqual(seen.now, 0)
      const second = yield* Effect.forkChild(whoAmI)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(second)
    }).pipe(over(http, { maxConcurrentRequests: 1 }))
  })
})
