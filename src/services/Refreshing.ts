/**
 * The one place that keeps credentials: fetched once for everybody, renewed before they end, kept while their source is
 * down.
 *
 * Source: the credential refresh behaviour that AWS's SDKs agreed on in 2026. Advisory windows by lifetime, a mandatory
 * last minute, the cached credentials are served when a refresh fails, and a source that is down is then left alone for
 * 5 to 10 minutes. One that refuses is asked again sooner, and its refusal counts in the last minute.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { type Cloud, StsCredentialError } from "../schemas/StsError.js"
import { type CredentialSource, readable, type SourceError } from "./CredentialSource.js"
import { cooperating, timeLimit } from "./fiber.js"
import { providerAttributes, type RefreshOutcome, refreshes } from "./Observation.js"
import {
  backoff,
  between,
  type Kept,
  keep,
  longestRetry,
  memory,
  Pause,
  type Renewable,
  type Status,
  statusOf
} from "./RefreshSchedule.js"
import { withFlightPolicy } from "./RequestPolicy.js"

export type {
  /**
   * Credentials that can be kept and renewed.
   *
   * @since 0.1.0
   */
  Renewable,
  /**
   * What is kept, and when it is renewed.
   *
   * @since 0.1.0
   */
  Status
} from "./RefreshSchedule.js"

/**
 * When credentials are renewed, and how long that may take.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * How long before their end credentials are renewed. Default: by their lifetime, 5 minutes up to 20 minutes, 15 minutes
   * below 90, else an hour.
   */
  readonly advisoryWindow?: Duration.Input | undefined
  /**
   * How long the source may take before it counts as down. Default: 5 minutes, because a person may have to enter a code.
   */
  readonly timeout?: Duration.Input | undefined
}

/**
 * A source behind a cache.
 *
 * @category models
 * @since 0.1.0
 */
export interface RefreshingSource<Credentials> extends CredentialSource<Credentials> {
  readonly invalidate: (accessKeyId: string) => Effect.Effect<void>
  /** What is kept; nothing before the first success. */
  readonly status: Effect.Effect<Status | undefined>
}

const minute = 60_000

const patience = 5 * minute

class Refresher<Credentials extends Renewable> {
  private kept: Kept<Credentials> | undefined
  private rejected = false
  private flight: Deferred.Deferred<Credentials, SourceError> | undefined
  private failure: SourceError | undefined
  private readonly remembered = new Pause(memory.max)
  /** After a failure. */
  private readonly resting = new Pause(backoff.max)
  /** After an answer that was no newer, or a refusal while what is kept is valid. */
  private readonly waiting = new Pause(backoff.max)
  private refusals = 0
  private warned = false

  constructor(
    private readonly cloud: Cloud,
    private readonly source: CredentialSource<Credentials>,
    private readonly window: number | undefined,
    private readonly timeout: number
  ) {}

  readonly get: Effect.Effect<Credentials, SourceError> = readable(
    Effect.flatMap(Clock.currentTimeMillis, (now) => this.read(now) ?? this.join),
    (now) => this.read(now)
  )

  /** What is given without asking the source; undefined where it has to be asked. */
  private read(now: number): Exit.Exit<Credentials, SourceError> | undefined {
    if (this.failure !== undefined && this.remembered.lasts(now)) return Exit.fail(this.failure)
    const { kept } = this
    if (kept === undefined) return undefined
    const paused = this.resting.lasts(now) || (!this.rejected && this.waiting.lasts(now))
    if (paused) return kept.exit
    if (this.rejected || now >= kept.mandatoryAt) return undefined
    return now >= kept.refreshAt && this.flight === undefined ? undefined : kept.exit
  }

  invalidate(accessKeyId: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.kept?.value.accessKeyId === accessKeyId) this.rejected = true
      return this.source.invalidate?.(accessKeyId) ?? Effect.void
    })
  }

  readonly status: Effect.Effect<Status | undefined> = Effect.map(Clock.currentTimeMillis, (now) => {
    const { kept } = this
    const retryAt = this.resting.endsAt(now) ?? (this.refusals > 0 ? this.waiting.endsAt(now) : undefined)
    return kept === undefined ? undefined : statusOf(kept, retryAt)
  })

  /** Waits for the flight that is under way, or starts one in a fiber of its own, which does not end with its waiters. */
  private readonly join: Effect.Effect<Credentials, SourceError> = cooperating(
    Effect.uninterruptibleMask((restore) => {
      if (this.flight !== undefined) return restore(Deferred.await(this.flight))
      return Effect.flatMap(Deferred.make<Credentials, SourceError>(), (flight) => {
        // Another caller may have started one in the meantime.
        if (this.flight !== undefined) return restore(Deferred.await(this.flight))
        this.flight = flight
        return Effect.andThen(Effect.forkDetach(this.fly(flight)), restore(Deferred.await(flight)))
      })
    })
  )

  private fly(flight: Deferred.Deferred<Credentials, SourceError>): Effect.Effect<void> {
    return Effect.exit(Effect.interruptible(this.ask)).pipe(
      Effect.flatMap((answer) => this.land(answer)),
      // Whatever breaks, even a tracer: a flight that never ended would block every caller for ever.
      Effect.exit,
      Effect.flatMap((outcome) => {
        this.flight = undefined
        return Deferred.done(flight, outcome)
      })
    )
  }

  private readonly ask: Effect.Effect<Credentials, SourceError> = Effect.suspend(() =>
    timeLimit(this.source.get, this.timeout, () => this.tooSlow())
  ).pipe(withFlightPolicy, (asking) =>
    Effect.suspend(() =>
      Effect.withSpan(asking, "effect_sts.credential.refresh", {
        attributes: {
          ...providerAttributes(this.cloud),
          "effect_sts.source": this.source.name
        }
      })
    )
  )

  private tooSlow(): StsCredentialError {
    const detail = `it gave no answer within ${this.timeout / 1_000} s`
    return new StsCredentialError({
      cloud: this.cloud,
      source: this.source.name,
      reason: "Unavailable",
      detail
    })
  }

  private land(answer: Exit.Exit<Credentials, SourceError>): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const random = yield* Random.next
      if (Exit.isSuccess(answer)) {
        const fresh = keep(answer.value, now, this.window, random)
        const ended = this.kept !== undefined && fresh.expiresAt <= now
        return yield* ended
          ? this.keepOld(now, random, "it gave credentials that have expired")
          : this.take(fresh, now, random)
      }
      const failure = Cause.findErrorOption(answer.cause)
      if (Option.isNone(failure)) return yield* answer
      const error = failure.value
      if (error instanceof StsCredentialError && error.reason === "Unavailable") {
        return yield* this.kept === undefined
          ? Effect.andThen(this.count("failed"), Effect.fail(error))
          : this.keepOld(now, random, error.message)
      }
      const passes = error instanceof StsCredentialError && error.retryable
      if (passes && this.kept !== undefined && this.isEarly(this.kept, now)) {
        return yield* this.goOn(this.kept, now, random, error.message)
      }
      this.failure = error
      this.remembered.begin(now, between(memory, random))
      yield* this.count("failed")
      return yield* error
    })
  }

  private take(fresh: Kept<Credentials>, now: number, random: number): Effect.Effect<Credentials> {
    const renewed = this.kept !== undefined
    this.kept = fresh
    this.rejected = false
    this.failure = undefined
    this.refusals = 0
    this.warned = false
    this.resting.end()
    this.waiting.end()
    // Not every caller asks a source that has nothing newer yet.
    if (renewed && now >= fresh.refreshAt) {
      this.waiting.begin(
        now,
        Math.max(memory.min, Math.min(between(backoff, random), fresh.mandatoryAt - now))
      )
    }
    return Effect.as(this.count("refreshed"), fresh.value)
  }

  /** Whether what is kept is certainly valid: not refused, and not in its last minute. */
  private isEarly({ mandatoryAt }: Kept<Credentials>, now: number): boolean {
    return !this.rejected && now < mandatoryAt
  }

  /** The source is down, perhaps for many callers: it is left alone, and what is kept is served however old it is. */
  private keepOld(now: number, random: number, why: string): Effect.Effect<Credentials> {
    const kept = this.kept as Kept<Credentials>
    const rest = between(backoff, random)
    // What lasts only minutes would end in the meantime, although the source may be available again before that.
    const isShort = kept.window <= backoff.min && this.isEarly(kept, now)
    const pause = isShort ? Math.min(rest, kept.mandatoryAt - now) : rest
    this.resting.begin(now, pause)
    return this.served(kept, pause, why)
  }

  /**
   * The source refuses what it may grant soon: it is asked again repeatedly, and its refusal counts in the last minute.
   */
  private goOn(
    kept: Kept<Credentials>,
    now: number,
    random: number,
    why: string
  ): Effect.Effect<Credentials> {
    const next = between(memory, random) * 2 ** Math.min(this.refusals++, 10)
    const pause = Math.min(next, longestRetry, kept.mandatoryAt - now)
    this.waiting.begin(now, pause)
    return this.served(kept, pause, why)
  }

  /** Warns once, until the source has given something again. */
  private served({ value }: Kept<Credentials>, pause: number, why: string): Effect.Effect<Credentials> {
    const log = this.warned ? Effect.logDebug : Effect.logWarning
    this.warned = true
    return log(
      `${this.source.name} could not renew credentials, and will be asked again in ${Math.ceil(pause / 1_000)} s: ${why}`
    ).pipe(Effect.andThen(this.count("kept")), Effect.as(value))
  }

  private count(outcome: RefreshOutcome): Effect.Effect<void> {
    return Metric.update(refreshes(this.cloud, outcome), 1)
  }
}

/**
 * Caches a source's credentials for all callers, and asks it again
 *
 * - in the advisory window: one caller waits for the new ones, the others go on with what is kept;
 * - in the last minute, after {@link CredentialSource.invalidate}, or where nothing is kept: all wait for one flight.
 *
 * Where the source is down (`Unavailable`), or gives credentials that have ended, what is kept is still served, even
 * past its end, and the source is left alone for 5 to 10 minutes, or for less where what is kept lasts only minutes.
 * Where it refuses with an error that may pass ({@link StsCredentialError}'s `transient`), what is kept is served until
 * its last minute, and the source asked again in seconds at first and at least every minute. There is one warning for
 * each outage. Any other error, after which a person has to act, and every refusal in the last minute or later or of
 * credentials that were invalidated, is raised at once and for the next 1 to 5 seconds. A caller that is interrupted or
 * in a hurry stops waiting; the flight and the other callers go on.
 *
 * Temporary credentials that do not say when they end are kept for a minute, key pairs without a token for good.
 *
 * No fiber outlives a flight. All time is Effect's Clock.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 * import { Aws, Refreshing, type CredentialSource } from "effect-sts"
 *
 * const vault: CredentialSource<Aws.Credentials> = {
 *   name: "vault",
 *   get: Effect.succeed(new Aws.Credentials({ accessKeyId: "ASIAEXAMPLE", secretAccessKey: Redacted.make("secret") }))
 * }
 *
 * const kept = Refreshing.make("aws", vault)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <Credentials extends Renewable>(
  cloud: Cloud,
  source: CredentialSource<Credentials>,
  options: Options = {}
): RefreshingSource<Credentials> => {
  const { advisoryWindow, timeout = patience } = options
  const window = advisoryWindow === undefined ? undefined : Duration.toMillis(advisoryWindow)
  const refresher = new Refresher(cloud, source, window, Duration.toMillis(timeout))
  return {
    name: source.name,
    get: refresher.get,
    invalidate: (accessKeyId) => refresher.invalidate(accessKeyId),
    status: refresher.status
  }
}

/**
 * A cloud's `CredentialProvider` behind the cache.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <Id, Credentials extends Renewable>(
  cloud: Cloud,
  provider: Context.Service<Id, CredentialSource<Credentials>>,
  options?: Options
): Layer.Layer<Id, never, Id> =>
  Layer.effect(
    provider,
    Effect.map(provider, (source) => make(cloud, source, options))
  )

// How long the background fiber waits where nothing says when to look next, or where a person has to act first.
const idle = minute

const renewForever = <Credentials extends Renewable>({
  get,
  status
}: RefreshingSource<Credentials>): Effect.Effect<never> =>
  Effect.all([Effect.exit(get), status, Clock.currentTimeMillis]).pipe(
    Effect.flatMap(([exit, state, now]) => {
      const next = Exit.isFailure(exit) ? undefined : (state?.retryAt ?? state?.refreshAt)
      return Effect.sleep(next === undefined ? idle : Math.max(1_000, Math.min(next - now, 60 * minute)))
    }),
    Effect.forever
  )

/**
 * The same, with a fiber that renews in the background, so that no caller ever waits for a renewal. It ends with the
 * layer's scope. Not for `Effect.runSync`, which would wait for it.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerBackground = <Id, Credentials extends Renewable>(
  cloud: Cloud,
  provider: Context.Service<Id, CredentialSource<Credentials>>,
  options?: Options
): Layer.Layer<Id, never, Id> =>
  Layer.effect(
    provider,
    Effect.flatMap(provider, (source) => {
      const kept = make(cloud, source, options)
      return Effect.as(Effect.forkScoped(renewForever(kept)), kept)
    })
  )
