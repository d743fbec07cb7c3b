/**
 * When credentials are renewed, and how long a source is left alone.
 *
 * Source: the credential refresh behaviour that AWS's SDKs agreed on in 2026: windows by lifetime, and a mandatory last
 * minute.
 */
import * as DateTime from "effect/DateTime"
import * as Exit from "effect/Exit"

/**
 * Credentials that can be kept and renewed. With a token, of AWS or of Alibaba Cloud, they are temporary.
 *
 * @category models
 * @since 0.1.0
 */
export interface Renewable {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** When they end; absent if they never do, or do not say when. */
  readonly expiration?: DateTime.Utc | undefined
  /** AWS's token, if they are temporary. */
  readonly sessionToken?: unknown
  /** Alibaba Cloud's token, if they are temporary. */
  readonly securityToken?: unknown
}

/**
 * What is kept, and when it is renewed; times in milliseconds since 1970.
 *
 * @category models
 * @since 0.1.0
 */
export interface Status {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** When the credentials end; absent if they never do, or do not say when. */
  readonly expiresAt: number | undefined
  /** How many milliseconds before their end they are renewed. */
  readonly advisoryWindow: number
  /** When the next caller renews them while the others get what is kept: a random part earlier than the window. */
  readonly refreshAt: number | undefined
  /** When the source is asked again after a refresh that failed. */
  readonly retryAt: number | undefined
}

const minute = 60_000

/**
 * The window before the end of credentials in which they are renewed, in milliseconds, by their lifetime at the time
 * they were got.
 */
export const advisoryWindowOf = (lifetimeMillis: number): number => {
  if (lifetimeMillis <= 20 * minute) return 5 * minute
  return lifetimeMillis < 90 * minute ? 15 * minute : 60 * minute
}

/** How long temporary credentials that do not say when they end are kept, in milliseconds: a minute. */
export const unstatedTerm = minute

/** Whether credentials end without saying when. They must not be kept for good. */
export const endsUnstated = ({ expiration, securityToken, sessionToken }: Renewable): boolean =>
  expiration === undefined && (sessionToken ?? securityToken) !== undefined

/**
 * The part of the advisory window by which credentials are renewed even earlier, at most: so that many processes that
 * started together do not renew together.
 */
export const jitterShare = 0.1

/**
 * What a cache below knows about credentials that they do not say themselves. Times in milliseconds since 1970, by this
 * machine's clock.
 */
export interface Term {
  /** Their end by this machine's clock, which may be minutes off. */
  readonly endsAt: number
  /** When the cache wants to be asked again, where that is not when they are due. */
  readonly refreshAt?: number | undefined
  /** Where they were kept, and since when. */
  readonly origin: string
  readonly since: number
}

/** What caches know of credentials that they have given. */
export const terms: WeakMap<object, Term> = new WeakMap()

/** Credentials with the times of their renewal. */
export interface Kept<Credentials> {
  readonly value: Credentials
  readonly exit: Exit.Exit<Credentials>
  readonly expiresAt: number
  readonly window: number
  readonly refreshAt: number
  readonly mandatoryAt: number
}

/** Adds the times to credentials that have just been obtained. `stated` is a window that the program set. */
export const keep = <Credentials extends Renewable>(
  value: Credentials,
  now: number,
  stated: number | undefined,
  random: number
): Kept<Credentials> => {
  const term = terms.get(value)
  const expiresAt =
    term?.endsAt ??
    (value.expiration === undefined ? Number.POSITIVE_INFINITY : DateTime.toEpochMillis(value.expiration))
  const window = stated ?? advisoryWindowOf(expiresAt - now)
  const exit = Exit.succeed(value)
  if (endsUnstated(value)) {
    return { value, exit, expiresAt, window, refreshAt: now + unstatedTerm, mandatoryAt: now + unstatedTerm }
  }
  return {
    value,
    exit,
    expiresAt,
    window,
    refreshAt: term?.refreshAt ?? expiresAt - window * (1 + jitterShare * random),
    mandatoryAt: expiresAt - Math.min(minute, window)
  }
}

const finite = (millis: number): number | undefined => (Number.isFinite(millis) ? millis : undefined)

/** What can be said about credentials that are kept. */
export const statusOf = <Credentials extends Renewable>(
  { expiresAt, refreshAt, value, window }: Kept<Credentials>,
  retryAt: number | undefined
): Status => ({
  accessKeyId: value.accessKeyId,
  expiresAt: finite(expiresAt),
  advisoryWindow: window,
  refreshAt: finite(refreshAt),
  retryAt
})

/** How long a source that is down is left alone, in milliseconds. */
export const backoff = { min: 5 * minute, max: 10 * minute }
/** How long an error is remembered, in milliseconds. */
export const memory = { min: 1_000, max: 5_000 }
/** Between two tries of a source that refuses while what is kept is valid. */
export const longestRetry = minute

/** Somewhere between two times, by a random number. */
export const between = (
  { max, min }: { readonly min: number; readonly max: number },
  random: number
): number => min + random * (max - min)

/**
 * A pause until a time, in milliseconds. It is over if the clock was put back so far that it would last longer than any
 * pause may.
 */
export class Pause {
  private until = Number.NEGATIVE_INFINITY
  constructor(private readonly longest: number) {}

  /** Begins a pause of so many milliseconds. */
  begin(now: number, millis: number): void {
    this.until = now + millis
  }

  /** Ends it early. */
  end(): void {
    this.until = Number.NEGATIVE_INFINITY
  }

  /** Whether there is one. */
  lasts(now: number): boolean {
    if (this.until - now > this.longest) this.end()
    return now < this.until
  }

  /** When it ends, if there is one. */
  endsAt(now: number): number | undefined {
    return this.lasts(now) ? this.until : undefined
  }
}
