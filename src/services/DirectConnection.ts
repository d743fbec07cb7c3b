/**
 * Requests that no proxy may see.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * Whether this package's HTTP clients go to a host themselves, whatever proxy there is. Metadata services are asked
 * this way: they give their secrets to whoever asks, and a proxy is another machine.
 *
 * @category tags
 * @since 0.1.0
 */
export class DirectConnection extends Context.Reference<DirectConnection>()("effect-sts/DirectConnection", {
  defaultValue: () => false
}) {}
