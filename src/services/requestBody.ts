/** What makes a body of the platform's, whatever is in it. */
import * as HttpBody from "effect/http/HttpBody"

/** The platform knows a body by its prototype. */
export const Body = Object.getPrototypeOf(HttpBody.Raw) as abstract new () => HttpBody.HttpBody.Proto
