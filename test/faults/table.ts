/**
 * What becomes of a call when something goes wrong: the same for each cloud, whatever the HTTP client, blocked or not.
 */
import type { RequestPolicyOptions } from "../../src/index.js"
import { Fault } from "../../src/testing.js"
import type { Words } from "./clouds.js"

export interface Expected {
  /** `Success`, or the error's tag. */
  readonly tag: string
  /** The error's reason or code. */
  readonly why?: string
  readonly retryable?: boolean
  /** Requests that the server saw. */
  readonly requests: number
  readonly atLeastMillis?: number
}

export interface Row {
  readonly name: string
  readonly fault?: Fault.Fault
  /** How many requests meet the fault; all of them where left out. */
  readonly times?: number
  readonly policy?: RequestPolicyOptions
  /** Asks where nobody listens. */
  readonly nobodyListens?: boolean
  /** A client without sockets cannot meet it. */
  readonly socketsOnly?: boolean
  readonly expected: Expected
}

const success = (requests: number, more?: Partial<Expected>): Expected => ({
  tag: "Success",
  requests,
  ...more
})

const failure =
  (tag: string) =>
  (why: string, retryable: boolean, requests: number): Expected => ({ tag, why, retryable, requests })

const refusal = failure("StsApiError")
const noAnswer = failure("StsTransportError")
const otherAnswer = failure("StsResponseError")

const minute = 60_000
const late = "5 seconds"
const whole: RequestPolicyOptions = { timeout: 300 }
const perAttempt: RequestPolicyOptions = { attemptTimeout: 300, maxAttempts: 2 }
// The second attempt is answered: in time also on a busy machine.
const patient: RequestPolicyOptions = { attemptTimeout: 1_200, maxAttempts: 2 }

/** However an answer is late, these are the ways to wait for it. */
const lateness = (name: string, fault: Fault.Fault): ReadonlyArray<Row> => [
  { name, fault, policy: whole, expected: noAnswer("Timeout", false, 1) },
  {
    name: `${name}, by attempt`,
    fault,
    policy: perAttempt,
    expected: noAnswer("Timeout", true, 2)
  },
  { name: `${name} once, by attempt`, fault, times: 1, policy: patient, expected: success(2) }
]

/** The table, in a cloud's words. */
export const rows = ({ broken, denied, page, throttled, wrongTime }: Words): ReadonlyArray<Row> => [
  { name: "nothing", times: 0, expected: success(1) },
  {
    name: "connection refused",
    nobodyListens: true,
    socketsOnly: true,
    expected: noAnswer("Refused", true, 0)
  },
  { name: "reset before the reply", fault: Fault.resetBeforeReply, expected: noAnswer("Reset", true, 3) },
  { name: "reset before the reply once", fault: Fault.resetBeforeReply, times: 1, expected: success(2) },
  { name: "reset during the reply", fault: Fault.resetDuringReply(), expected: noAnswer("Reset", true, 3) },
  { name: "reset during the reply once", fault: Fault.resetDuringReply(), times: 1, expected: success(2) },
  { name: "a cut document", fault: Fault.cutBody(), expected: otherAnswer("Malformed", false, 1) },
  { name: "HTML 502", fault: Fault.badGateway, expected: otherAnswer(page, true, 3) },
  { name: "HTML 502 twice", fault: Fault.badGateway, times: 2, expected: success(3) },
  ...[301, 302, 303, 307, 308].map(
    (status): Row => ({
      name: `a redirect to the same host, ${status}`,
      fault: Fault.redirect("/", status),
      expected: otherAnswer("Redirect", false, 1)
    })
  ),
  {
    name: "a redirect to another host",
    fault: Fault.redirect("https://elsewhere.test/"),
    expected: otherAnswer("Redirect", false, 1)
  },
  {
    name: "500",
    fault: Fault.serverError(500, broken),
    expected: refusal(broken, true, 3)
  },
  {
    name: "500 of five attempts",
    fault: Fault.serverError(500, broken),
    policy: { maxAttempts: 5 },
    expected: refusal(broken, true, 5)
  },
  { name: "500 once", fault: Fault.serverError(500, broken), times: 1, expected: success(2) },
  {
    name: "a refusal for good",
    fault: Fault.refused(403, denied),
    expected: refusal(denied, false, 1)
  },
  { name: "throttled", fault: Fault.throttled(), expected: refusal(throttled, true, 3) },
  {
    name: "throttled once, with the wait asked for",
    fault: Fault.throttled({ retryAfter: 150 }),
    times: 1,
    expected: success(2, { atLeastMillis: 145 })
  },
  ...lateness("late", Fault.latency(late)),
  ...lateness("slow headers", Fault.slowHeaders(late)),
  ...lateness("slow body", Fault.slowBody(late)),
  {
    name: "oversized reply",
    fault: Fault.oversizedReply(20_000),
    policy: { maxReplyBytes: 10_000 },
    expected: otherAnswer("TooLarge", false, 1)
  },
  {
    name: "a reply as large as allowed",
    fault: Fault.oversizedReply(10_000),
    policy: { maxReplyBytes: 10_000 },
    expected: success(1)
  },
  {
    name: "wrong content type",
    fault: Fault.contentType("image/png"),
    expected: otherAnswer("ContentType", false, 1)
  },
  { name: "a clock that is ahead", fault: Fault.skewedClock(20 * minute), expected: success(2) },
  { name: "a clock that is behind", fault: Fault.skewedClock(-20 * minute), expected: success(2) },
  {
    name: "a clock that is ahead and not corrected",
    fault: Fault.skewedClock(20 * minute),
    policy: { correctClockSkew: false },
    expected: refusal(wrongTime, false, 1)
  }
]
