/**
 * The HTTP client for throughput: `effect-sts/undici`. It needs the package `undici`.
 *
 * @since 0.1.0
 */

/**
 * An HTTP client over undici.
 *
 * @since 0.1.0
 */
export * as UndiciHttp from "./layers/http/UndiciClient.js"
