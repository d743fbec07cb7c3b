/**
 * For programs that block: everything under `Effect.runSync`, over real HTTP.
 *
 * @since 0.1.0
 */

/**
 * Alibaba Cloud under `Effect.runSync`.
 *
 * @since 0.1.0
 */
export * as AlibabaBlocking from "./layers/alibaba/Blocking.js"

/**
 * AWS under `Effect.runSync`.
 *
 * @since 0.1.0
 */
export * as AwsBlocking from "./layers/aws/Blocking.js"

/**
 * HTTP, files, commands and a Clock for any program under `Effect.runSync`.
 *
 * @since 0.1.0
 */
export * as Blocking from "./layers/blocking/Blocking.js"

/**
 * Codes of multi-factor authentication devices, asked for at the terminal.
 *
 * @since 0.1.0
 */
export * as MfaPrompt from "./layers/blocking/MfaPrompt.js"

/**
 * The Redis that a fleet shares, for programs that block.
 *
 * @since 4.0.0
 */
export * as RedisBlocking from "./layers/blocking/RedisBlocking.js"
