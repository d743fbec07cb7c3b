/**
 * The Redis that a fleet shares, for programs that block: the blocking worker speaks to it.
 *
 * A client that the application made cannot cross to the worker: the connection is made there, by options. It lasts as long
 * as the worker, and serves every layer with the same options.
 *
 * @since 4.0.0
 */
import * as NodeModule from "node:module"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { StsConfigError } from "../../schemas/StsError.js"
import { ownPlace } from "../http/clientOptions.js"
import { fromConfig } from "../layerConfig.js"
import type { Outcome } from "../redis/connection.js"
import { deaf, type Engine, type Options, Redis, settingsOf } from "../redis/Engine.js"
import { sharedWorker, working } from "./HttpWorker.js"
import { sharedLot } from "./ParkingLot.js"
import type { RedisOpening, RedisReply } from "./worker.js"

export type {
  /**
   * What the cache asks of Redis.
   *
   * @since 4.0.0
   */
  Engine,
  /**
   * Where Redis is, and how it is spoken to.
   *
   * @since 4.0.0
   */
  Options
} from "../redis/Engine.js"

const place: Effect.Effect<string, StsConfigError> = Effect.try({
  try: () => NodeModule.createRequire(ownPlace()).resolve("redis"),
  catch: () =>
    new StsConfigError({ key: "Redis", detail: "needs the package `redis`, which is not installed" })
})

const stepOf =
  (opening: RedisOpening): Engine["run"] =>
  (step) =>
    Effect.map(
      working<RedisReply>(sharedLot, sharedWorker, () => sharedWorker.redis(opening, step)),
      (settled): Outcome =>
        settled.kind === "redis"
          ? settled.outcome
          : { _tag: "Away", why: `the worker ended, ${settled.code}` }
    )

/**
 * Checks the options. The worker connects with the first look.
 *
 * @category constructors
 * @since 4.0.0
 */
export const make = (options: Options): Effect.Effect<Engine, StsConfigError> =>
  Effect.gen(function* () {
    const settings = yield* Effect.fromResult(settingsOf(options))
    const run = stepOf({ path: yield* place, settings })
    // Who waits for another process looks again and again: a blocked thread hears nothing.
    return { run, listen: () => Effect.succeed(deaf) }
  })

/**
 * A Redis for `RedisCache` under `Effect.runSync`, beside `Blocking.layer`, `AwsBlocking.layer` or
 * `AlibabaBlocking.layer`.
 *
 * @example
 * ```ts
 * import { RedisBlocking } from "effect-sts/blocking"
 *
 * const redis = RedisBlocking.layer({ url: "rediss://cache.example.com:6379" })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layer = (options: Options): Layer.Layer<Redis, StsConfigError> =>
  Layer.effect(Redis, make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
