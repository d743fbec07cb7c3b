/**
 * What a process does where Redis or the source cannot be asked: it leaves them alone for a while, and gives what it keeps
 * for as long as that is safe, or what the source gives to this process alone.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { type Cloud, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { between, memory, Pause, type Renewable } from "../../services/RefreshSchedule.js"
import { type Held, type KeptCredentials, leftOf } from "./KeptCredentials.js"
import { count, type Parts, type Renewal } from "./Renewal.js"
import type { Silence } from "./steps.js"
import { type Stamp, stamp } from "./Times.js"

/** In milliseconds: it doubles. */
const rest = { first: 1_000, longest: 30_000 }

/** Redis is left alone for a while after it failed. */
class Outage {
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
        `Redis cannot be used (${why}): credentials come from ${this.source} without it, and it is tried again in ${Math.ceil(pause / 1_000)} s. If Redis is far away, set a longer timeout in its options.`
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
class SharedFailure {
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

/** What a process gives where the fleet has nothing new for it. */
export class Fallback<Credentials extends Renewable> {
  readonly outage: Outage
  readonly failure: SharedFailure
  private warned = false

  constructor(
    private readonly parts: Parts<Credentials>,
    private readonly kept: KeptCredentials<Credentials>,
    private readonly renewal: Renewal<Credentials>
  ) {
    this.outage = new Outage(parts.source.name)
    this.failure = new SharedFailure(parts.cloud, parts.source.name)
  }

  /** Gives credentials: the source's failure is over. */
  give(held: Held<Credentials>, now: Stamp, refreshAt?: number): Credentials {
    this.failure.end()
    return this.kept.give(held, now, refreshAt)
  }

  /** The source has given something: its next failure is warned of again. */
  calm(): void {
    this.warned = false
  }

  /**
   * What has not ended is used to its end where the source is down, and to its last minute where it refuses for now. A
   * failure that another process was told is warned of by that one.
   */
  goOn(
    error: SourceError,
    found: Held<Credentials> | undefined,
    isOwn: boolean
  ): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* stamp
      const best = this.kept.better(found, now)
      if (!(error instanceof StsCredentialError && error.retryable)) return yield* error
      const margin = error.reason === "Unavailable" ? 0 : this.parts.times.mandatory
      if (best === undefined || !this.kept.isGood(best, now, margin)) return yield* error
      this.warned ||= !isOwn
      yield* this.warn(`${this.parts.source.name} could not renew credentials. ${error.message}`)
      return this.give(best, now)
    })
  }

  get foreign(): Effect.Effect<Credentials, SourceError> {
    const what = `What Redis keeps of ${this.parts.source.name}`
    return Effect.andThen(
      this.warn(`${what} is neither read nor replaced: no encryption key of this process opens it`),
      this.bypass
    )
  }

  /**
   * Without Redis. What is kept serves until a moment that each process picks by itself, so that the fleet does not ask all
   * at once; where nothing is kept it waits a little for the same reason.
   */
  get bypass(): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { source, times } = this.parts
      const now = yield* stamp
      const tryAgain = this.outage.endsAt(now)
      yield* count(this.parts.cloud, "bypass")
      const serving = this.kept.lasting(now, times.mandatory)
      if (serving !== undefined) {
        const until = yield* this.outage.servesUntil(serving, now, times.mandatory)
        if (now.wall < until) return this.give(serving, now, Math.min(until, tryAgain ?? until))
      } else if (tryAgain !== undefined && this.kept.lasting(now, 0) === undefined) {
        yield* Effect.sleep(Math.ceil((yield* Random.next) * times.spread))
      }
      const asked = yield* Effect.result(source.get)
      if (Result.isFailure(asked)) return yield* this.goOn(asked.failure, undefined, true)
      if (asked.success.expiration === undefined) return asked.success
      this.warned = tryAgain === undefined && this.warned
      return this.give(yield* this.renewal.fresh(asked.success), yield* stamp, tryAgain)
    })
  }

  /** Warns once, until the source has given something again. */
  private warn(text: string): Effect.Effect<void> {
    const log = this.warned ? Effect.logDebug : Effect.logWarning
    this.warned = true
    return log(text)
  }
}
