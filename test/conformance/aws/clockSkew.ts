/**
 * When the clock is corrected, by how much and when not: whole calls, with the clock faked.
 */
import { strictEqual } from "node:assert"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { RequestPolicy } from "../../../src/index.js"
import { type Answer, reply, scripted } from "../../support/scripted.js"
import { readJson, type Suite } from "../Suite.js"

interface Attempt {
  readonly clientTimeAtSend: string
  readonly clientTimeAtReceive: string
  readonly expectedSigningTime: string
  readonly response: {
    readonly statusCode: number
    readonly headers: Readonly<Record<string, string>>
    readonly errorCode?: string
  }
}

interface Operation {
  readonly initialClientSkew: number
  readonly maxAttempts?: number
  readonly attempts: ReadonlyArray<Attempt>
  readonly expectedClientSkew: number
  readonly expectedOutcome: "success" | "error"
}

interface Vector {
  readonly description: string
  readonly operations: ReadonlyArray<Operation>
}

const identity =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><UserId>u</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>"

const refusal = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`

const compact = (time: string) => time.replace(/[-:]/g, "")

const setTime = (time: string) => TestClock.setTime(Date.parse(time))

const answer =
  ({ clientTimeAtReceive, expectedSigningTime, response }: Attempt): Answer =>
  (request, sent) =>
    Effect.gen(function* () {
      strictEqual(sent.headers["x-amz-date"], compact(expectedSigningTime))
      yield* setTime(clientTimeAtReceive)
      const { errorCode, headers, statusCode } = response
      const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
      return yield* reply(statusCode, errorCode === undefined ? identity : refusal(errorCode), {
        "content-type": "text/xml",
        ...Object.fromEntries(named)
      })(request, sent)
    })

/** A call that teaches the offset which the first operation begins with, half a minute before it. */
const teaching = ({ attempts: [first], initialClientSkew }: Operation): Operation => {
  const time = Date.parse(first?.clientTimeAtSend ?? "") - 30_000
  const clientTime = `${new Date(time).toISOString().slice(0, 19)}Z`
  const served = new Date(time + initialClientSkew * 1000).toUTCString()
  return {
    initialClientSkew: 0,
    attempts: [
      {
        clientTimeAtSend: clientTime,
        clientTimeAtReceive: clientTime,
        expectedSigningTime: clientTime,
        response: { statusCode: 200, headers: { Date: served } }
      }
    ],
    expectedClientSkew: initialClientSkew,
    expectedOutcome: "success"
  }
}

const withOffset = (operations: ReadonlyArray<Operation>): ReadonlyArray<Operation> => {
  const [first] = operations
  return first === undefined || first.initialClientSkew === 0 ? operations : [teaching(first), ...operations]
}

const check = (vector: Vector) => {
  const operations = withOffset(vector.operations)
  const http = scripted(...operations.flatMap(({ attempts }) => attempts.map(answer)))
  let sent = 0
  return Effect.forEach(operations, (operation) =>
    Effect.gen(function* () {
      const { attempts, expectedClientSkew, expectedOutcome, initialClientSkew, maxAttempts = 3 } = operation
      strictEqual((yield* Aws.timeOffset) / 1000, initialClientSkew)
      yield* setTime(attempts[0]?.clientTimeAtSend ?? "")
      const exit = yield* Aws.getCallerIdentity().pipe(RequestPolicy.adjust({ maxAttempts }), Effect.exit)
      strictEqual(exit._tag === "Success" ? "success" : "error", expectedOutcome)
      strictEqual((yield* Aws.timeOffset) / 1000, expectedClientSkew)
      sent += attempts.length
      strictEqual(http.sent.length, sent)
    })
  ).pipe(
    RequestPolicy.adjust({ timeout: "1 day", aws: { region: "us-east-1" } }),
    Effect.provide([
      http.layer,
      Aws.SignerV4.layer,
      Aws.Static.layer({ accessKeyId: "id", secretAccessKey: "secret" })
    ]),
    Effect.provide(TestClock.layer()),
    Effect.asVoid
  )
}

export const clockSkew: Suite = {
  name: "aws/clock-skew.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path).tests.map((vector) => ({
      name: vector.description,
      check: check(vector)
    }))
}
