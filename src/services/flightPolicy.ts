/** How long a request that many wait for may take. */
import * as Effect from "effect/Effect"
import { defaults, type Policy, RequestPolicy } from "./RequestPolicy.js"

const least = { timeout: 10_000, attemptTimeout: 5_000, maxAttempts: defaults.maxAttempts }

const widened = (policy: Policy): Policy => {
  const { attemptTimeout, maxAttempts, timeout } = policy
  const short = attemptTimeout !== undefined && attemptTimeout < least.attemptTimeout
  if (timeout >= least.timeout && maxAttempts >= least.maxAttempts && !short) return policy
  return {
    ...policy,
    timeout: Math.max(timeout, least.timeout),
    attemptTimeout: short ? least.attemptTimeout : attemptTimeout,
    maxAttempts: Math.max(maxAttempts, least.maxAttempts)
  }
}

/**
 * Runs an effect under the policy around it, with no tighter limits than these: 10 seconds, 5 for an attempt, 3
 * attempts. Who is in a hurry gives up waiting, and does not make it fail for the others.
 */
export const withFlightPolicy = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(RequestPolicy, (policy) => Effect.provideService(effect, RequestPolicy, widened(policy)))
