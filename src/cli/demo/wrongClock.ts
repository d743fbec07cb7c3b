/** A clock that is wrong. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** How far the wrong clock is ahead. */
export const ahead = Duration.minutes(20)

/** Effect's Clock, but ahead. */
export const wrongClock = Layer.unwrap(
  Effect.clockWith((clock) => {
    const millis = () => clock.currentTimeMillisUnsafe() + Duration.toMillis(ahead)
    const nanos = () => BigInt(millis()) * 1_000_000n
    const wrong: Clock.Clock = Object.create(clock)
    return Effect.succeed(
      Layer.succeed(
        Clock.Clock,
        Object.assign(wrong, {
          currentTimeMillisUnsafe: millis,
          currentTimeNanosUnsafe: nanos,
          currentTimeMillis: Effect.sync(millis),
          currentTimeNanos: Effect.sync(nanos)
        })
      )
    )
  })
)
