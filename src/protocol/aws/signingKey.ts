/**
 * The keys that AWS Signature Version 4 derives from a secret: one per day, region and service.
 *
 * Source: "Create a signed AWS API request", IAM User Guide.
 *
 * @since 0.1.0
 */
import { createHmac } from "node:crypto"
import * as Redacted from "effect/Redacted"

/**
 * Where and when a key is good for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Scope {
  /** `20260131`. */
  readonly day: string
  readonly region: string
  readonly service: string
}

/**
 * A scope as requests state it.
 *
 * @category encoding
 * @since 0.1.0
 */
export const scopeText = ({ day, region, service }: Scope): string =>
  `${day}/${region}/${service}/aws4_request`

const hmac = (key: string | Uint8Array, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest()

/**
 * The key for a scope.
 *
 * @category signing
 * @since 0.1.0
 */
export const deriveKey = (secret: string, { day, region, service }: Scope): Uint8Array =>
  hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request")

const maxScopes = 8

// By the secret's own object: a key lives as long as the credentials it comes from, and no secret is kept here.
const derived = new WeakMap<Redacted.Redacted, Map<string, Uint8Array>>()

/**
 * The key for a scope, derived once for a secret's latest scopes.
 *
 * @category signing
 * @since 0.1.0
 */
export const signingKey = (secret: Redacted.Redacted, scope: Scope): Uint8Array => {
  let keys = derived.get(secret)
  if (keys === undefined) {
    keys = new Map()
    derived.set(secret, keys)
  }
  const text = scopeText(scope)
  const known = keys.get(text)
  if (known !== undefined) return known
  const key = deriveKey(Redacted.value(secret), scope)
  if (keys.size >= maxScopes) {
    for (const oldest of keys.keys()) {
      keys.delete(oldest)
      break
    }
  }
  keys.set(text, key)
  return key
}
