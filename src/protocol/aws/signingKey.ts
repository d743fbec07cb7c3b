/**
 * The keys that AWS Signature Version 4 derives from a secret: one per day, region and service.
 *
 * Source: "Create a signed AWS API request", IAM User Guide.
 *
 * @since 0.1.0
 */
import { createHmac, hash } from "node:crypto"
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

const blockLength = 64
const digestLength = 32
const usualLength = 512

/**
 * A derived key, made ready to sign many texts. Its HMAC-SHA256 is written out as the two hashes it consists of (RFC
 * 2104), which for texts this short takes half the time of an Hmac object.
 *
 * @category signing
 * @since 0.1.0
 */
export class SigningKey {
  // The key's block, and room for what is hashed after it.
  private inner = Buffer.alloc(blockLength + usualLength, 0x36)
  private readonly outer = Buffer.alloc(blockLength + digestLength, 0x5c)

  constructor(key: Uint8Array) {
    for (const [index, byte] of key.entries()) {
      this.inner[index] = byte ^ 0x36
      this.outer[index] = byte ^ 0x5c
    }
  }

  /** The signature of a text, in hexadecimal. */
  sign(text: string): string {
    // No character takes more than three bytes for each of its UTF-16 units.
    const longest = blockLength + text.length * 3
    if (longest > this.inner.length) this.inner = Buffer.concat([this.inner], longest)
    const end = blockLength + this.inner.write(text, blockLength)
    this.outer.write(hash("sha256", this.inner.subarray(0, end), "binary"), blockLength, "binary")
    return hash("sha256", this.outer, "hex")
  }
}

const maxScopes = 8

// By the secret's own object: a key lives as long as the credentials it comes from, and no secret is kept here.
const derived = new WeakMap<Redacted.Redacted, Map<string, SigningKey>>()

/**
 * The key for a scope, derived once for a secret's latest scopes. Throws where the secret has been wiped from memory.
 *
 * @category signing
 * @since 0.1.0
 */
export const signingKey = (secret: Redacted.Redacted, scope: Scope): SigningKey => {
  const plain = Redacted.value(secret)
  let keys = derived.get(secret)
  if (keys === undefined) {
    keys = new Map()
    derived.set(secret, keys)
  }
  const text = scopeText(scope)
  const known = keys.get(text)
  if (known !== undefined) return known
  const key = new SigningKey(deriveKey(plain, scope))
  if (keys.size >= maxScopes) {
    for (const oldest of keys.keys()) {
      keys.delete(oldest)
      break
    }
  }
  keys.set(text, key)
  return key
}
