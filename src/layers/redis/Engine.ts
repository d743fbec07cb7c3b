/** What the fleet's cache asks of Redis, and where Redis is. */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { StsConfigError } from "../../schemas/StsError.js"
import type { Outcome, Settings, Step, User } from "./connection.js"

/**
 * Somebody who hears what is said on a channel.
 *
 * @category models
 * @since 4.0.0
 */
export interface Listener {
  /** Waits for a message that came since the last wait, for so many milliseconds at most. */
  readonly wait: (millis: number) => Effect.Effect<void>
  /** Ends it. */
  readonly stop: Effect.Effect<void>
}

/**
 * What the cache asks of Redis: two things, behind which another engine can be put that runs the steps by their names.
 *
 * @category models
 * @since 4.0.0
 */
export interface Engine {
  /**
   * Runs one of the protocol's scripts, whole or not at all, and answers within a time limit of its own. A step that was
   * given up may still be carried out later: then its `undo` is run.
   */
  readonly run: (step: Step) => Effect.Effect<Outcome>
  /** Begins to hear, if it can; who waits looks again by himself too. */
  readonly listen: (channel: string) => Effect.Effect<Listener>
}

/**
 * The Redis that a fleet shares.
 *
 * @category tags
 * @since 4.0.0
 */
export class Redis extends Context.Service<Redis, Engine>()("effect-sts/Redis") {}

/**
 * TLS, as Node has it; by the system's certificates where nothing is set.
 *
 * @category models
 * @since 4.0.0
 */
export interface Tls {
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string | undefined
  /** The client's own certificate in PEM. */
  readonly cert?: string | undefined
  /** The key of that certificate in PEM. */
  readonly key?: Redacted.Redacted<string> | undefined
  /** The name that the server's certificate must have, where it is not the host's. */
  readonly servername?: string | undefined
}

/**
 * Where Redis is, and how it is spoken to.
 *
 * @category models
 * @since 4.0.0
 */
export interface Options {
  /**
   * `redis://host:port`, or `rediss://` for TLS; user, password and database may stand in it, those of a cluster in the
   * first one. Of a cluster or of sentinels, some of them. User and password in the URL of a sentinel are for sentinels.
   */
  readonly url: string | Redacted.Redacted<string> | ReadonlyArray<string>
  /** The user of an access control list, if not the URL's. */
  readonly username?: string | undefined
  /** That user's password, or the one of `requirepass`. */
  readonly password?: Redacted.Redacted<string> | undefined
  /** TLS, whatever the URL says of it. */
  readonly tls?: Tls | undefined
  /** Whether the servers are a Redis Cluster. False. */
  readonly cluster?: boolean | undefined
  /** What sentinels call the servers; the URLs are those of the sentinels then. */
  readonly sentinel?: string | undefined
  /** How many connections a pool has at most. Default: one connection and no pool, which does for every program. */
  readonly connections?: number | undefined
  /**
   * How long Redis may take for an answer before credentials come without it. 250 milliseconds, which is too little
   * for a Redis that is far away: it must be more than a round trip by far. Only time counts in which the process, or the
   * worker of a program that blocks, could have read the answer. The first connection of a program that has just started
   * may take 2 seconds, unless it is refused.
   */
  readonly timeout?: Duration.Input | undefined
}

const invalid = (key: string, detail: string, hint?: string): StsConfigError =>
  new StsConfigError({ key: `Redis.${key}`, detail, hint })

const defaultTimeout = 250
const firstTimeout = 2_000

/** The time limit in milliseconds. */
export const timeoutOf = (timeout: Duration.Input | undefined): Result.Result<number, StsConfigError> => {
  const millis = Duration.toMillis(timeout ?? defaultTimeout)
  return millis > 0 && millis <= 60_000
    ? Result.succeed(Math.ceil(millis))
    : Result.fail(invalid("timeout", "must be longer than 0 and at most a minute"))
}

/** Only what is there: the client takes what is undefined for stated. */
const present = <A extends object>(values: A): Partial<A> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<A>

/** What a URL says. */
interface Place {
  readonly host: string
  readonly port: number | undefined
  readonly database: number
  readonly user: User
  readonly isSecure: boolean
}

const written = (text: string): string | undefined => (text === "" ? undefined : decodeURIComponent(text))

/** Reads a URL; nothing where it is not one of Redis. */
const placeOf = (text: string): Place | undefined =>
  Result.getOrUndefined(
    Result.try(() => {
      const { hostname, password, pathname, port, protocol, username } = new URL(text)
      const database = /^\/?(\d{0,6})$/.exec(pathname)?.[1]
      if (!/^rediss?:$/.test(protocol) || hostname === "" || database === undefined) return undefined
      return {
        host: hostname.replace(/^\[|\]$/g, ""),
        port: port === "" ? undefined : Number(port),
        database: Number(database),
        user: { username: written(username), password: written(password) },
        isSecure: protocol === "rediss:"
      }
    })
  )

const kindOf = ({ cluster, connections, sentinel }: Options): Settings["kind"] => {
  if (sentinel !== undefined) return "sentinel"
  if (cluster === true) return "cluster"
  return connections === undefined ? "single" : "pool"
}

/** Checks options. What they hold is never quoted: a URL may have a password in it. */
export const settingsOf = (options: Options): Result.Result<Settings, StsConfigError> =>
  Result.gen(function* () {
    const { connections, password, sentinel, tls, url, username } = options
    const stated = Redacted.isRedacted(url) ? Redacted.value(url as Redacted.Redacted<string>) : url
    const urls = typeof stated === "string" ? [stated] : [...stated]
    const places = urls.flatMap((text) => placeOf(text) ?? [])
    const [first] = places
    if (first === undefined || places.length < urls.length) {
      return yield* Result.fail(invalid("url", "must be a redis: or rediss: URL with a host"))
    }
    if (connections !== undefined && !(Number.isSafeInteger(connections) && connections > 0)) {
      return yield* Result.fail(invalid("connections", "must be a whole number above 0"))
    }
    const kind = kindOf(options)
    const own = kind === "sentinel" ? {} : first.user
    const { key, ...others } = tls ?? {}
    const secure = { ...others, ...(key === undefined ? {} : { key: Redacted.value(key) }) }
    const timeout = yield* timeoutOf(options.timeout)
    return {
      kind,
      places: places.map(({ host, port = kind === "sentinel" ? 26_379 : 6_379 }) => ({ host, port })),
      database: first.database,
      user: present({
        username: username ?? own.username,
        password: password === undefined ? own.password : Redacted.value(password)
      }),
      sentinel,
      sentinelUser: kind === "sentinel" ? present(first.user) : {},
      connections,
      tls: tls !== undefined || places.some(({ isSecure }) => isSecure) ? present(secure) : undefined,
      timeout,
      firstTimeout: Math.max(timeout, firstTimeout)
    }
  })

/** What is waited where nothing can be heard. */
export const deaf: Listener = { wait: (millis) => Effect.sleep(millis), stop: Effect.void }
