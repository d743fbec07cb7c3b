/** When credentials end, by Effect's Clock. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { mapped } from "./Codec.js"

/** An instant that was read already, as a `Date`. */
export const InstantFromDate = mapped(
  Schema.Date.annotate({ description: "must be a date and time" }),
  Schema.DateTimeUtc,
  DateTime.makeUnsafe,
  DateTime.toDateUtc
)

/** Something that may end. */
export interface Expiring {
  readonly expiration?: DateTime.Utc | undefined
}

/** The time that is left, zero once it is over; none for what never ends. */
export const timeToExpiry = ({ expiration }: Expiring): Effect.Effect<Option.Option<Duration.Duration>> =>
  expiration === undefined
    ? Effect.succeedNone
    : Effect.map(Clock.currentTimeMillis, (now) =>
        Option.some(Duration.millis(Math.max(0, DateTime.toEpochMillis(expiration) - now)))
      )

/** Whether less than `window` is left, or none at all. */
export const expiresWithin = (self: Expiring, window: Duration.Input): Effect.Effect<boolean> =>
  Effect.map(
    timeToExpiry(self),
    Option.exists((left) => Duration.isLessThanOrEqualTo(left, Duration.fromInputUnsafe(window)))
  )

/** Adds answers about the end to a class of things that may end. */
export const Expires = <C extends new (...args: Array<any>) => Expiring>(Base: C) =>
  class extends Base {
    /** Whether their time is over. Without an expiration they never end. */
    get isExpired(): Effect.Effect<boolean> {
      return expiresWithin(this, 0)
    }

    /** Whether less than `window` is left, or none at all. */
    expiresWithin(window: Duration.Input): Effect.Effect<boolean> {
      return expiresWithin(this, window)
    }

    /** The time that is left, zero once it is over; none for what never ends. */
    get timeToExpiry(): Effect.Effect<Option.Option<Duration.Duration>> {
      return timeToExpiry(this)
    }
  }
