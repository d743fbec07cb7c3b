/** What cannot be asked for a while: Redis, and the source of which another process of the fleet has said that it failed. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { type Cloud, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { between, memory, Pause } from "../../services/RefreshSchedule.js"
import { type Held, leftOf } from "./KeptCredentials.js"
import type { Silence } from "./steps.js"
import type { Stamp } from "./Times.js"

/** In milliseconds: it doubles. */
const rest = { first: 1_000, longest: 30_000 }

/** Redis is left alone for a while after it failed. */
export class Outage {
  private readonly resting = new Pause(rest.longest)
  private failures = 0
  /** When this process asks for others than those. */
  private alone: { readonly than: Held<unknown>; readonly at: number } | undefined

  /** @param source what is asked meanwhile */
  constructor(private readonly source: string) {}

  /** When Redis is tried again; nothing where it may be asked now. */
  endsAt(now: Stamp): number | undefined {
    return this.resting.endsAt(now.wall)
  }

  /** Redis answers, and can be written. */
  end(): void {
    this.failures = 0
    this.resting.end()
  }

  /** Leaves Redis alone for a while. Of each outage there is one warning. */
  begin(why: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const millis = Math.min(rest.longest, rest.first * 2 ** Math.min(this.failures, 10))
      const pause = millis * (0.5 + (yield* Random.next) / 2)
      this.resting.begin(now, pause)
      const log = this.failures++ === 0 ? Effect.logWarning : Effect.logDebug
      yield* log(
        `Redis cannot be used (${why}): credentials come from ${this.source} without it, and it is asked again in ${Math.ceil(pause / 1_000)} s. If Redis is far away, give it more time by its option timeout.`
      )
    })
  }

  /**
   * Until when credentials that are kept serve without Redis: a moment that each process picks by itself between when they
   * are due and their last minute, so that the fleet does not ask all at once.
   */
  servesUntil(held: Held<unknown>, now: Stamp, mandatory: number): Effect.Effect<number> {
    return Effect.gen({ self: this }, function* () {
      if (this.alone?.than === held) return this.alone.at
      const left = leftOf(held, now)
      const early = Math.max(0, left - held.window)
      const random = yield* Random.next
      this.alone = { than: held, at: now.wall + early + random * (left - mandatory - early) }
      return this.alone.at
    })
  }
}

/** What a failure of the source is called in Redis; nothing of one that is this process's own. */
export const codeOf = (error: SourceError): string | undefined => {
  if (!(error instanceof StsCredentialError)) return undefined
  const isShared = error.reason === "Unavailable" || error.reason === "Refused"
  return isShared ? `${error.reason}${error.transient === true ? "+" : ""}` : undefined
}

/**
 * How long a source that failed is left alone by the fleet: for seconds by who has nothing. By who finds what is valid for
 * as long again as that has been due, so that an outage costs few calls, and for a quarter of what is left until its last
 * minute at most: the nearer that comes, the more often the source is tried.
 */
export const silenceAfter = (
  best: Held<unknown> | undefined,
  now: Stamp,
  mandatory: number,
  random: number
): Silence => {
  const withNothing = between(memory, random)
  if (best === undefined) return { withNothing, withEntry: withNothing }
  const left = leftOf(best, now)
  const overdue = best.window - left
  return { withNothing, withEntry: Math.max(withNothing, Math.min(overdue, (left - mandatory) / 4)) }
}

/** A failure of the source that another process told of: nobody asks it for a while. */
export class SharedFailure {
  private error: StsCredentialError | undefined
  private readonly remembered = new Pause(memory.max)

  constructor(
    private readonly cloud: Cloud,
    private readonly source: string
  ) {}

  /** The failure, while it is remembered. */
  at(now: Stamp): StsCredentialError | undefined {
    return this.remembered.lasts(now.wall) ? this.error : undefined
  }

  /** What a code in Redis says, to be remembered for so many milliseconds. */
  tell(code: string, now: Stamp, millis: number): StsCredentialError {
    const refused = code.startsWith("!Refused")
    this.error = new StsCredentialError({
      cloud: this.cloud,
      source: this.source,
      reason: refused ? "Refused" : "Unavailable",
      detail: `it ${refused ? "refused" : "failed"} a moment ago when another process of the fleet asked it`,
      hint: "That process has the whole error.",
      transient: code.endsWith("+") || undefined
    })
    this.remembered.begin(now.wall, millis)
    return this.error
  }

  end(): void {
    this.error = undefined
  }
}
