/**
 * What headers that hold secrets are called.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Headers from "effect/http/Headers"

/**
 * Ours.
 *
 * @category constants
 * @since 0.1.0
 */
export const secretNames = /auth|token|secret|cookie|dpop|passw|credential|signature|api-?key/i

/**
 * What the platform hands to a value that it is about to show.
 *
 * @category models
 * @since 0.1.0
 */
export type Shown = Context.Context<never>

/**
 * Ours, and those of the program that shows them.
 *
 * @category accessors
 * @since 0.1.0
 */
export const redactedNames = (shown: Shown): ReadonlyArray<string | RegExp> => [
  secretNames,
  ...Context.get(shown, Headers.CurrentRedactedNames)
]
