/**
 * STS as an account sees it: it answers in its time, allows so many calls a second, and may be down. Every caller tries
 * again as this package does by default, the peers too.
 */
import { defaults } from "../../src/services/RequestPolicy.js"
import type { VirtualTime } from "./VirtualTime.js"

/** What came of an AssumeRole, its retries included: the end of the credentials in milliseconds since 1970, or why not. */
export type Answer = number | "Throttled" | "Unavailable"

export const perSecond = 100
export const takes = 150
export const life = 3_600_000

export class Sts {
  isDown = false
  calls = 0
  /** Of those, what was refused since there were too many. */
  throttled = 0
  /** The most calls in one second of the clock. */
  most = 0
  private second = 0
  private inSecond = 0
  private left = perSecond
  private filledAt: number

  constructor(
    private readonly time: VirtualTime,
    private readonly random: () => number
  ) {
    this.filledAt = time.now
  }

  assume(answer: (given: Answer) => void, attempt = 1): void {
    const refusal = this.call()
    this.time.after(takes, () => {
      if (refusal === undefined) answer(this.time.now - takes + life)
      else if (attempt === defaults.maxAttempts) answer(refusal)
      else this.time.after(this.pause(refusal, attempt), () => this.assume(answer, attempt + 1))
    })
  }

  /** Full jitter below a bound that doubles. */
  private pause(refusal: Answer, attempt: number): number {
    const first = refusal === "Throttled" ? defaults.throttledBackoff : defaults.backoff
    return this.random() * Math.min(defaults.maxBackoff, first * 2 ** (attempt - 1))
  }

  private call(): Answer | undefined {
    const { now } = this.time
    this.calls++
    const second = Math.floor(now / 1_000)
    this.inSecond = second === this.second ? this.inSecond + 1 : 1
    this.second = second
    this.most = Math.max(this.most, this.inSecond)
    if (this.isDown) return "Unavailable"
    this.left = Math.min(perSecond, this.left + ((now - this.filledAt) / 1_000) * perSecond)
    this.filledAt = now
    if (this.left < 1) {
      this.throttled++
      return "Throttled"
    }
    this.left--
    return undefined
  }
}
