/**
 * The Redis that a fleet shares, by the package `redis`, version 5.8 or newer or 6.
 *
 * Commands run as scripts (`EVALSHA`, and `EVAL` once where the server does not know one), on keys that begin with
 * `efsts:`; a user of an access control list needs
 * `~efsts:* &efsts:* +@read +@write +@scripting +@pubsub +@connection +time`. Without the channels, who waits looks again
 * and again instead of being told.
 *
 * @since 4.0.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Library from "redis"
import { StsConfigError } from "../../schemas/StsError.js"
import { isBlocking } from "../blocking/scheduler.js"
import { fromConfig } from "../layerConfig.js"
import {
  type Client,
  type Library as Clients,
  type Connection,
  makeConnection,
  type Outcome,
  type Settings
} from "./connection.js"
import { type Engine, type Listener, type Options, Redis, settingsOf, timeoutOf } from "./Engine.js"

export type {
  /**
   * What is used of a client that the application has.
   *
   * @since 4.0.0
   */
  Client,
  /**
   * What came of a step.
   *
   * @since 4.0.0
   */
  Outcome,
  /**
   * One run of a script.
   *
   * @since 4.0.0
   */
  Step
} from "./connection.js"
export {
  /**
   * What the cache asks of Redis.
   *
   * @since 4.0.0
   */
  type Engine,
  /**
   * Somebody who hears what is said on a channel.
   *
   * @since 4.0.0
   */
  type Listener,
  /**
   * Where Redis is, and how it is spoken to.
   *
   * @since 4.0.0
   */
  type Options,
  /**
   * The Redis that a fleet shares.
   *
   * @since 4.0.0
   */
  Redis,
  /**
   * TLS, as Node has it.
   *
   * @since 4.0.0
   */
  type Tls
} from "./Engine.js"

/** Hears by a callback; each message is waited for once. */
const listenerOf = (connection: Connection, channel: string): Effect.Effect<Listener> =>
  Effect.callback((resume) => {
    let heard = false
    let wake = () => {}
    const hear = () => {
      heard = true
      wake()
    }
    const message = Effect.callback<void>((arrived) => {
      if (heard) arrived(Effect.void)
      wake = () => arrived(Effect.void)
      return Effect.sync(() => {
        wake = () => {}
      })
    })
    void connection.listen(channel, hear).then((stop) =>
      resume(
        Effect.succeed({
          wait: (millis) =>
            Effect.andThen(
              Effect.raceFirst(Effect.sleep(millis), message),
              Effect.sync(() => {
                heard = false
              })
            ),
          stop: Effect.sync(stop)
        })
      )
    )
  })

const engineOf = (connection: Connection): Engine => ({
  run: (step) =>
    Effect.callback<Outcome>((resume) => {
      const call = connection.run(step, (outcome) => resume(Effect.succeed(outcome)))
      return Effect.sync(call.abort)
    }),
  listen: (channel) => listenerOf(connection, channel)
})

const notBlocked = (hint: string): Effect.Effect<void, StsConfigError> =>
  Effect.withFiber((fiber) =>
    isBlocking(fiber)
      ? Effect.fail(
          new StsConfigError({ key: "Redis", detail: "its client cannot be used under Effect.runSync", hint })
        )
      : Effect.void
  )

const opened = (open: () => Connection): Effect.Effect<Engine, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(Effect.sync(open), ({ close }) => Effect.sync(close)),
    engineOf
  )

/**
 * Connects, and closes the connection with the scope. It waits for nothing: a Redis that is away is found out when it is
 * asked.
 *
 * @category constructors
 * @since 4.0.0
 */
export const make = (options: Options): Effect.Effect<Engine, StsConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* notBlocked("Use RedisBlocking.layer of effect-sts/blocking, or Effect.runPromise.")
    const settings = yield* Effect.fromResult(settingsOf(options))
    return yield* opened(() => makeConnection(Library as unknown as Clients, settings, undefined))
  })

/**
 * A Redis, its connection opened by the layer and closed with it.
 *
 * @example
 * ```ts
 * import { Redis } from "effect-sts/redis"
 *
 * const redis = Redis.layer({ url: "rediss://cache.example.com:6379" })
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
 * @example
 * ```ts
 * import * as Config from "effect/Config"
 * import { Redis } from "effect-sts/redis"
 *
 * const redis = Redis.layerConfig({ url: Config.Redacted("REDIS_URL") })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)

const outer: Omit<Settings, "timeout" | "firstTimeout"> = {
  kind: "single",
  places: [],
  database: 0,
  user: {},
  sentinel: undefined,
  sentinelUser: {},
  connections: undefined,
  tls: undefined
}

/**
 * A Redis around a client that the application has, of any kind: `createClient`, a pool, `createCluster` or
 * `createSentinel`. The application connects, looks after and closes it. To hear, a second connection is made of it
 * where it can be duplicated. Give it no `socketTimeout`: that ends idle connections, some of them for good.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerClient = (
  client: Client,
  options: {
    /** How long Redis may take for an answer before credentials come without it. 250 milliseconds. */
    readonly timeout?: Duration.Input | undefined
  } = {}
): Layer.Layer<Redis, StsConfigError> =>
  Layer.effect(
    Redis,
    Effect.gen(function* () {
      yield* notBlocked(
        "A client that the application made cannot cross to the blocking worker: use RedisBlocking.layer of effect-sts/blocking, or Effect.runPromise."
      )
      const timeout = yield* Effect.fromResult(timeoutOf(options.timeout))
      return yield* opened(() =>
        makeConnection(undefined, { ...outer, timeout, firstTimeout: timeout }, client)
      )
    })
  )
