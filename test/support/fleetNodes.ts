/** Machines of a fleet in one process: each with a cache of its own and a clock that is off. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Refreshing } from "../../src/index.js"
import type { Engine } from "../../src/layers/redis/Engine.js"
import { Times } from "../../src/layers/redis/Times.js"
import { Redis, RedisCache } from "../../src/redis.js"
import { Credentials } from "../../src/schemas/aws/Credentials.js"
import { StsCredentialError } from "../../src/schemas/StsError.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import { RedisModel } from "./redisModel.js"

/** A clock beside another, minutes ahead or behind. */
export class OffClock implements Clock.Clock {
  constructor(
    private readonly clock: Clock.Clock,
    private readonly millis: number
  ) {}

  currentTimeMillisUnsafe = (): number => this.clock.currentTimeMillisUnsafe() + this.millis
  currentTimeNanosUnsafe = (): bigint => BigInt(Math.round(this.currentTimeMillisUnsafe() * 1_000_000))
  monotonicTimeNanosUnsafe = (): bigint => this.clock.currentTimeNanosUnsafe()
  readonly monotonicTimeNanos = Effect.sync(this.monotonicTimeNanosUnsafe)
  readonly currentTimeMillis = Effect.sync(this.currentTimeMillisUnsafe)
  readonly currentTimeNanos = Effect.sync(this.currentTimeNanosUnsafe)
  sleep = (duration: Duration.Duration): Effect.Effect<void> => this.clock.sleep(duration)
}

/** STS as a fleet sees it: it counts, takes its time, and its clock is the true one. */
export class FleetSts implements CredentialSource<Credentials> {
  readonly name = "sts"
  calls = 0
  takes = 150
  seconds = 3_600
  failing: "Unavailable" | "Refused" | undefined
  underWay = 0
  mostUnderWay = 0

  constructor(readonly now: () => number) {}

  readonly get = Effect.gen({ self: this }, function* () {
    const number = ++this.calls
    const { failing } = this
    const expiration = DateTime.makeUnsafe(this.now() + this.seconds * 1_000)
    this.underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    yield* Effect.ensuring(
      Effect.sleep(this.takes),
      Effect.sync(() => {
        this.underWay--
      })
    )
    if (failing !== undefined) {
      return yield* new StsCredentialError({
        cloud: "aws",
        source: "sts",
        reason: failing,
        detail: "told to"
      })
    }
    return new Credentials({
      accessKeyId: `ASIA${number}`,
      secretAccessKey: Redacted.make(`secret-of-${number}`),
      sessionToken: Redacted.make(`token-of-${number}`),
      expiration
    })
  })
}

export const purpose = { role: "reader" }

export const fleetKey = Redacted.make(new Uint8Array(32).fill(7))

/** The cache of one machine, without a refresher above it. */
export const cacheOf = (
  engine: Engine,
  source: CredentialSource<Credentials>,
  options: Partial<RedisCache.Options> = {},
  times?: Partial<typeof Times.Service>
) =>
  Effect.gen(function* () {
    const usual = yield* Times
    return yield* RedisCache.make("aws", source, { key: purpose, encryptionKey: fleetKey, ...options }).pipe(
      Effect.provideService(Redis.Redis, engine),
      Effect.provideService(Times, { ...usual, ...times })
    )
  })

/** The cache of one machine, and the refresher that every process has above it. */
export const nodeOf = (
  engine: Engine,
  source: CredentialSource<Credentials>,
  options: Partial<RedisCache.Options> = {},
  times?: Partial<typeof Times.Service>
) => Effect.map(cacheOf(engine, source, options, times), (cache) => Refreshing.make("aws", cache))

/** A source behind a cache of its own in a model of Redis, by the clock around it. */
export const shared = <C extends "aws" | "alibaba">(
  cloud: C,
  source: CredentialSource<RedisCache.CredentialsOf[C]>
) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const { engine } = new RedisModel(() => clock.currentTimeMillisUnsafe())
    const cache = RedisCache.make(cloud, source, { key: purpose, encryptionKey: fleetKey })
    return yield* Effect.provideService(cache, Redis.Redis, engine)
  }).pipe(Effect.orDie)
