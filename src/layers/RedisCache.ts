/**
 * Credentials that the machines of a fleet share through Redis: however many there are, each session is started once
 * for all of them, and renewed once.
 *
 * They are always encrypted, with AES-256-GCM: whoever reads Redis learns neither the credentials nor what they are
 * for, and whoever writes there cannot make anyone take other credentials. Their names are hashes of what they are for,
 * so a guess of it can be tested.
 *
 * @since 4.0.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Keyring, limitName, namedKey, namesOf } from "../protocol/redisEntry.js"
import { type Cloud, StsConfigError } from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import { fromContent, type Sharing, secretOf, toKept } from "./cache/entryFile.js"
import type { CredentialsOf, EncryptionKey } from "./cache/Purpose.js"
import { provideCaptured } from "./platform.js"
import { Redis } from "./redis/Engine.js"
import { SharedEntry } from "./redis/SharedEntry.js"
import type { Rate } from "./redis/steps.js"
import { Times } from "./redis/Times.js"

/**
 * What the credentials are for.
 *
 * @since 4.0.0
 */
export * from "./cache/Purpose.js"

/**
 * Keys: the first one encrypts, all of them decrypt.
 *
 * @category models
 * @since 4.0.0
 */
export type EncryptionKeys = EncryptionKey | ReadonlyArray<EncryptionKey>

/**
 * How many calls of STS a fleet makes, over all its roles.
 *
 * @category models
 * @since 4.0.0
 */
export interface RateLimit {
  /** Whose calls they are: the account's id, and for AWS also the region. It is hashed. */
  readonly account: string
  /** How many a second. */
  readonly perSecond: number
  /** How many may come at once after a quiet time. Default: as many as in a second. */
  readonly burst?: number | undefined
}

/**
 * What the credentials are for, what encrypts them, and how long processes wait for each other.
 *
 * @category models
 * @since 4.0.0
 */
export interface Options extends Sharing {
  /**
   * Encrypts what is kept: 32 bytes, or a passphrase, which is weaker. Of several the first one encrypts and all of them
   * decrypt: to change it, first let all processes have the new one as the second, then as the first, then drop the old
   * one. An effect gives it once, when the source is made.
   */
  readonly encryptionKey: EncryptionKeys | Effect.Effect<EncryptionKeys, unknown>
  /**
   * How long a process that asks the source holds up the others after it has died. A living one renews the lease every
   * third of that time; one whose machine is too busy to do so loses it, which costs one more call. Default: 15
   * seconds.
   */
  readonly lease?: Duration.Input | undefined
  /**
   * The longest time to wait at random before the source is asked where Redis cannot be used and nothing is kept, so
   * that the machines of a fleet that starts do not all ask at once. Default: 2 seconds.
   */
  readonly spread?: Duration.Input | undefined
  /** Keeps the calls of the fleet below a rate, except while Redis cannot be used. */
  readonly rateLimit?: RateLimit | undefined
}

/**
 * Where the last credentials came from. Times in milliseconds since 1970, by this machine's clock.
 *
 * @category models
 * @since 4.0.0
 */
export interface Status {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** Where they came from: `Redis`, or `its source`. */
  readonly origin: string
  /** When a process of the fleet got them. */
  readonly since: number
  /** When they end. */
  readonly expiresAt: number
}

/**
 * A source behind the fleet's cache.
 *
 * @category models
 * @since 4.0.0
 */
export interface RedisSource<Credentials> extends CredentialSource<Credentials> {
  /** Removes the credentials with this id from Redis, and no others. */
  readonly invalidate: (accessKeyId: string) => Effect.Effect<void>
  /** Where the last credentials came from; undefined before the first. */
  readonly status: Effect.Effect<Status | undefined>
}

const wrong = (key: string, detail: string): StsConfigError =>
  new StsConfigError({ key: `RedisCache.${key}`, detail })

const keyringOf = (stated: EncryptionKeys | undefined): Effect.Effect<Keyring, StsConfigError> =>
  Effect.gen(function* () {
    const keys: ReadonlyArray<EncryptionKey | undefined> = Array.isArray(stated) ? stated : [stated]
    const named = yield* Effect.forEach(keys, (key) =>
      Effect.fromResult(
        Result.mapBoth(secretOf(key), {
          onFailure: (detail) => wrong("encryptionKey", detail),
          onSuccess: namedKey
        })
      )
    )
    const [first, ...others] = named
    return first === undefined ? yield* wrong("encryptionKey", "is missing") : [first, ...others]
  })

const positive = (name: string, input: Duration.Input, least = 1): Effect.Effect<number, StsConfigError> => {
  const millis = Duration.toMillis(input)
  return millis >= least && millis <= 3_600_000
    ? Effect.succeed(Math.ceil(millis))
    : Effect.fail(wrong(name, `must be between ${least} ms and an hour`))
}

const rateOf = (cloud: Cloud, limit: RateLimit): Effect.Effect<Rate, StsConfigError> => {
  const { account, burst = Math.max(1, Math.floor(limit.perSecond)), perSecond } = limit
  return perSecond > 0 && perSecond <= 1e6 && Number.isSafeInteger(burst) && burst > 0
    ? Effect.succeed({ name: limitName(cloud, account), perSecond, burst })
    : Effect.fail(
        wrong(
          "rateLimit",
          "must have a perSecond above 0, at most a million, and a burst that is a whole number above 0"
        )
      )
}

/**
 * A source that asks another only where Redis has no credentials that are still good: of all processes of the fleet that
 * find none, one asks, and the others wait for what it gets. Where credentials are due and another process is renewing
 * them, or the source is down, those there are serve until they end. Credentials that never end are not kept.
 *
 * A process that dies while it asks holds the others up for the rest of its lease; what it writes after somebody else was
 * granted the lease is refused. When something ends is told by the Redis server's clock alone.
 *
 * Where Redis is away, slow, full, read-only or refuses the password there is one warning, and credentials come without
 * it: those that are kept serve on, and each process asks the source at a moment of its own; where nothing is kept that is
 * within the limit of Redis and `spread`. What the source gives meanwhile is offered to the others when Redis is back.
 *
 * It keeps one set of credentials in memory: put it below `Refreshing`, which asks it when they are due.
 *
 * @example
 * ```ts
 * import * as Config from "effect/Config"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { Aws, Refreshing } from "effect-sts"
 * import { Redis, RedisCache } from "effect-sts/redis"
 *
 * const role = { roleArn: "arn:aws:iam::123456789012:role/reader" }
 * const base = Aws.Environment.source
 * const encryptionKey = Effect.gen(function* () {
 *   return yield* Config.Redacted("FLEET_KEY")
 * })
 *
 * const reader = Aws.AssumedRole.make(base, role).pipe(
 *   Effect.flatMap((source) =>
 *     RedisCache.make("aws", source, { key: RedisCache.keyOfRole("aws", base, role), encryptionKey })
 *   )
 * )
 *
 * const provider = Layer.effect(
 *   Aws.CredentialProvider,
 *   Effect.map(reader, (source) => Refreshing.make("aws", source))
 * ).pipe(Layer.provide(Redis.layer({ url: "rediss://cache.example.com:6379" })))
 * ```
 *
 * @category constructors
 * @since 4.0.0
 */
export const make = <C extends Cloud>(
  cloud: C,
  source: CredentialSource<CredentialsOf[C]>,
  { encryptionKey, key, lease, maxWait, rateLimit, spread }: Options
): Effect.Effect<RedisSource<CredentialsOf[C]>, StsConfigError, Redis> =>
  Effect.gen(function* () {
    const engine = yield* Redis
    const defaults = yield* Times
    const stated = Effect.isEffect(encryptionKey)
      ? yield* Effect.mapError(encryptionKey, () =>
          wrong("encryptionKey", "could not be read: its effect failed")
        )
      : encryptionKey
    const withServices = yield* provideCaptured<never>()
    const purpose = Effect.isEffect(key) ? withServices(key) : Effect.succeed(key)
    const entry = new SharedEntry<CredentialsOf[C]>({
      cloud,
      source,
      engine,
      keyring: yield* keyringOf(stated),
      names: Effect.map(purpose, (one) => namesOf(cloud, one)),
      toContent: (credentials, issuedAt, expiresAt) => ({
        ...toKept(cloud, credentials),
        issuedAt,
        expiresAt
      }),
      fromContent: (content) => fromContent(cloud, content),
      rate: rateLimit === undefined ? undefined : yield* rateOf(cloud, rateLimit),
      times: {
        ...defaults,
        lease: yield* positive("lease", lease ?? defaults.lease, 100),
        patience: yield* positive("maxWait", maxWait ?? defaults.patience),
        spread: yield* positive("spread", spread ?? defaults.spread, 0)
      }
    })
    return {
      name: source.name,
      get: entry.get,
      invalidate: (accessKeyId) => entry.invalidate(accessKeyId),
      status: entry.status
    }
  })
