// What is redacted stands in a FiberRef.
import * as Headers from "@effect/platform/Headers"
import * as FiberRefs from "effect/FiberRefs"

export const secretNames = /auth|token|secret|cookie|dpop|passw|credential|signature|api-?key/i

export type Shown = FiberRefs.FiberRefs

export const redactedNames = (shown: Shown): ReadonlyArray<string | RegExp> => [
  secretNames,
  ...FiberRefs.getOrDefault(shown, Headers.currentRedactedNames)
]
