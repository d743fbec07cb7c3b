/** What headers that hold secrets are called. */

import * as Context from "effect/Context"
import * as Headers from "effect/http/Headers"

/** Ours. */
export const secretNames = /auth|token|secret|cookie|dpop|passw|credential|signature|api-?key/i

/** What the platform hands to a value that it is about to show. */
export type Shown = Context.Context<never>

/** Ours, and those of the program that shows them. */
export const redactedNames = (shown: Shown): ReadonlyArray<string | RegExp> => [
  secretNames,
  ...Context.get(shown, Headers.CurrentRedactedNames)
]
