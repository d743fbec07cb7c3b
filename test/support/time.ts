/**
 * Time in tests: a clock that may jump, time that goes by until an effect is done, and the processor's time.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

// As many turns as the longest chain of fibers that wait for each other may need.
const turns = 12

/** Lets all fibers go on as far as they can without time. */
export const settle = Effect.repeat(Effect.yieldNow, { times: turns })

/**
 * A clock that a test moves, and that may jump while those who sleep by it sleep as long as they wanted to. Moving it
 * takes no real time at all, which TestClock's does.
 */
export class VirtualClock implements Clock.Clock {
  private elapsed = 0
  private offset = 0
  private sleepers: ReadonlyArray<Sleeper> = []

  /** @param idle waits for what takes real time, before time goes on */
  constructor(private readonly idle: Effect.Effect<void> = Effect.void) {}

  currentTimeMillisUnsafe = (): number => this.elapsed + this.offset
  currentTimeNanosUnsafe = (): bigint => BigInt(Math.round(this.currentTimeMillisUnsafe() * 1_000_000))
  monotonicTimeNanosUnsafe = (): bigint => BigInt(Math.round(this.elapsed * 1_000_000))
  readonly monotonicTimeNanos = Effect.sync(this.monotonicTimeNanosUnsafe)
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)

  sleep = (duration: Duration.Duration): Effect.Effect<void> =>
    Effect.callback((resume) => {
      if (Duration.toMillis(duration) === 0) return resume(Effect.void)
      const sleeper = this.after(Duration.toMillis(duration), () => resume(Effect.void))
      return Effect.sync(() => this.forget(sleeper))
    })

  /** Wakes somebody so many milliseconds later. */
  after(millis: number, wake: () => void): Sleeper {
    const sleeper = { until: this.elapsed + millis, wake }
    this.sleepers = [...this.sleepers, sleeper]
    return sleeper
  }

  /** Puts the clock ahead, or back if negative. */
  jump(millis: number): void {
    this.offset += millis
  }

  /** Lets time pass, waking everybody in turn. */
  pass(millis: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const end = this.elapsed + millis
      yield* this.settled
      for (;;) {
        const next = this.first()
        if (next === undefined || next.until > end) break
        this.elapsed = next.until
        this.forget(next)
        next.wake()
        yield* this.settled
      }
      this.elapsed = end
    })
  }

  private get settled(): Effect.Effect<void> {
    return Effect.andThen(settle, this.idle)
  }

  private first(): Sleeper | undefined {
    return this.sleepers.reduce<Sleeper | undefined>(
      (first, sleeper) => (first === undefined || sleeper.until < first.until ? sleeper : first),
      undefined
    )
  }

  private forget(sleeper: Sleeper): void {
    this.sleepers = this.sleepers.filter((other) => other !== sleeper)
  }
}

/** Lets a test's time go by in steps until an effect is done; what came of it, and the milliseconds it took. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>, step = 50) =>
  Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const fiber = yield* Effect.forkChild(Effect.result(effect))
    yield* TestClock.adjust(0)
    while ((yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe())))._tag === "None")
      yield* TestClock.adjust(step)
    return { outcome: yield* Fiber.join(fiber), millis: (yield* Clock.currentTimeMillis) - begun }
  })

/** The processor's time that this process takes for it, which does not grow where the machine is busy with others. */
export const cpuMillis = (run: () => unknown): number => {
  const begun = process.cpuUsage()
  run()
  const { system, user } = process.cpuUsage(begun)
  return (user + system) / 1_000
}
