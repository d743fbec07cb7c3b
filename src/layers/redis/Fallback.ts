/**
 * What a process gives where the fleet has nothing new for it: what it keeps, for as long as that is safe, or what the
 * source gives to this process alone.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Renewable } from "../../services/RefreshSchedule.js"
import type { Held, KeptCredentials } from "./KeptCredentials.js"
import { Outage, SharedFailure } from "./outages.js"
import { count, type Parts, type Renewal } from "./Renewal.js"
import { type Stamp, stamp } from "./Times.js"

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
      this.warn(`${what} is not read, nor replaced: no encryption key of this process opens it`),
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
