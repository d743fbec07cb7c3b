/**
 * What makes a body of the platform's, whatever is in it.
 *
 * @since 0.1.0
 */
import * as HttpBody from "effect/http/HttpBody"

/**
 * The platform knows a body by its prototype.
 *
 * @category models
 * @since 0.1.0
 */
export const Body = Object.getPrototypeOf(HttpBody.Raw) as abstract new () => HttpBody.HttpBody.Proto
