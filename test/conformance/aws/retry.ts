/**
 * Attempts, waits and the retry budget, on the pure functions that every call's retries are made of.
 */
import { strictEqual } from "node:assert"
import { remedyOf } from "../../../src/protocol/aws/errorCodes.js"
import { delayMillis, type Patience, RetryBudget, type RetryKind } from "../../../src/protocol/retry.js"
import { pure, readJson, type Suite } from "../Suite.js"

interface Reply {
  readonly status_code: number
  readonly error_code?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Given {
  readonly max_attempts: number
  readonly initial_retry_tokens: number
  readonly exponential_base?: number
  readonly max_backoff_time: number
  readonly service?: string
  readonly long_polling?: boolean
}

interface Expected {
  readonly outcome: string
  readonly retry_quota?: number
  readonly delay?: number
}

interface Vector {
  readonly name: string
  readonly given: Given
  readonly responses: ReadonlyArray<{ readonly response: Reply; readonly expected: Expected }>
  /** Behaviour of services with long polling, which STS has not. */
  readonly not_applicable_to_sts?: boolean
}

const kinds: Readonly<Record<string, RetryKind>> = { throttled: "throttled", server: "transient" }

const kindOf = ({ error_code = "", status_code }: Reply): RetryKind | undefined =>
  kinds[remedyOf(error_code, status_code).category]

const retryAfterOf = ({ headers }: Reply): number | undefined => {
  const header = headers?.["x-amz-retry-after"]
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined
}

class Attempts {
  private made = 0
  private taken = 0
  private readonly budget: RetryBudget
  private readonly bounds: Omit<Patience, "maxAttempts">

  constructor(private readonly given: Given) {
    this.budget = new RetryBudget(given.initial_retry_tokens)
    this.bounds = { backoff: 50, throttledBackoff: 1_000, maxBackoff: given.max_backoff_time * 1000 }
  }

  after(reply: Reply): Expected {
    this.made++
    if (reply.status_code < 400) {
      this.budget.putBack(this.taken)
      // What comes after is another call, with the same budget.
      this.made = 0
      this.taken = 0
      return this.outcome("success")
    }
    const kind = kindOf(reply)
    if (kind === undefined) return this.outcome("fail_request")
    if (this.made >= this.given.max_attempts) return this.outcome("max_attempts_exceeded")
    this.taken = this.budget.take(kind)
    if (this.taken === 0) return this.outcome("retry_quota_exceeded")
    const random = this.given.exponential_base ?? 1
    const delay = delayMillis(this.bounds, kind, this.made - 1, random, retryAfterOf(reply)) / 1000
    return { ...this.outcome("retry_request"), delay }
  }

  private outcome(outcome: string): Expected {
    return { outcome, retry_quota: this.budget.tokens }
  }
}

/** Other services wait otherwise, or poll. */
const isOfSts = ({ given: { long_polling, service = "sts" }, not_applicable_to_sts }: Vector): boolean =>
  not_applicable_to_sts !== true && long_polling !== true && service === "sts"

export const retry: Suite = {
  name: "aws/retry.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path)
      .tests.filter(isOfSts)
      .map(({ given, name, responses }) =>
        pure(name, () => {
          const attempts = new Attempts(given)
          for (const { expected, response } of responses) {
            const actual = attempts.after(response)
            strictEqual(actual.outcome, expected.outcome)
            strictEqual(actual.delay, expected.delay)
            if (expected.retry_quota !== undefined) strictEqual(actual.retry_quota, expected.retry_quota)
          }
        })
      )
}
