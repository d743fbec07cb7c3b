/**
 * Credentials that a whole fleet shares through Redis: `effect-sts/redis`. It needs the package `redis`.
 *
 * @since 4.0.0
 */

/**
 * Credentials that the machines of a fleet share.
 *
 * @since 4.0.0
 */
export * as RedisCache from "./layers/RedisCache.js"
/**
 * The Redis that a fleet shares.
 *
 * @since 4.0.0
 */
export * as Redis from "./layers/redis/Redis.js"
