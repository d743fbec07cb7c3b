/**
 * The credentials that a process of a fleet keeps, and how long they last on.
 *
 * No machine's wall clock decides: how long an entry lasts is told by the server's time in the reply that brought it, and
 * counted from when the question was sent, so it never seems to live longer than it does.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Content } from "../../protocol/cacheEntry.js"
import type { Decoded } from "../../protocol/redisEntry.js"
import { type Renewable, terms } from "../../services/RefreshSchedule.js"
import { passed, type Stamp, stamp } from "./Times.js"

/** Credentials and how long they last from a moment on, in milliseconds. */
export interface Held<Credentials> {
  readonly credentials: Credentials
  readonly left: number
  readonly at: Stamp
  /** So long before their end they are due. */
  readonly window: number
  readonly origin: string
  /** How old they were then. */
  readonly age: number
}

/** How long they last on. */
export const leftOf = ({ at, left }: Held<unknown>, now: Stamp): number => left - passed(at, now)

export class KeptCredentials<Credentials extends Renewable> {
  /** What was last given. */
  last: Held<Credentials> | undefined
  /** The id of those that were last invalidated: they serve no more, wherever they stand. */
  rejected: string | undefined

  constructor(private readonly fromContent: (content: Content) => Result.Result<Credentials, string>) {}

  /** What an entry holds, unless it was rejected. `now` is the server's time, as told in the reply to what was sent `at`. */
  read(found: Decoded, now: number, at: Stamp): Held<Credentials> | undefined {
    if (found._tag !== "Read") return undefined
    const credentials = Result.getOrUndefined(this.fromContent(found.content))
    if (credentials === undefined || credentials.accessKeyId === this.rejected) return undefined
    const { dueAt, endsAt, issuedAt } = found.head
    return {
      credentials,
      left: endsAt - now,
      at,
      window: endsAt - dueAt,
      origin: "Redis",
      age: now - issuedAt
    }
  }

  /** Whether they last for longer than a margin. */
  isGood(held: Held<Credentials>, now: Stamp, margin: number): boolean {
    return held.credentials.accessKeyId !== this.rejected && leftOf(held, now) > margin
  }

  /** What was last given, if it lasts for longer than a margin. */
  lasting(now: Stamp, margin: number): Held<Credentials> | undefined {
    const { last } = this
    return last !== undefined && this.isGood(last, now, margin) ? last : undefined
  }

  /** What lasts longer of what was found and what this process has. */
  better(found: Held<Credentials> | undefined, now: Stamp): Held<Credentials> | undefined {
    const last = this.lasting(now, 0)
    if (last === undefined) return found
    return found !== undefined && leftOf(found, now) >= leftOf(last, now) ? found : last
  }

  /** Gives credentials, and tells the cache above when they end by this machine's clock. */
  give(held: Held<Credentials>, now: Stamp, refreshAt?: number): Credentials {
    const { age, at, credentials, origin } = held
    this.last = held
    const since = now.wall - age - passed(at, now)
    terms.set(credentials, { endsAt: now.wall + leftOf(held, now), refreshAt, origin, since })
    return credentials
  }

  /** Whose credentials were last given, from where and since when, in milliseconds since 1970. */
  readonly status = Effect.map(stamp, (now) => {
    const { last } = this
    if (last === undefined) return undefined
    const { age, at, credentials, origin } = last
    return {
      accessKeyId: credentials.accessKeyId,
      origin,
      since: now.wall - age - passed(at, now),
      expiresAt: now.wall + leftOf(last, now)
    }
  })
}
