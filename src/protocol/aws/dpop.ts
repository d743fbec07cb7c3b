/**
 * Proofs that who asks for new credentials holds the key that the old ones were bound to.
 *
 * Source: RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession".
 */
import { createPrivateKey, createPublicKey, sign } from "node:crypto"
import * as Redacted from "effect/Redacted"

/** What a proof is made of. */
export interface Possession {
  /** A private key of the curve P-256, as PEM. */
  readonly key: Redacted.Redacted
  readonly method: "POST"
  readonly url: string
  /** A value that was never sent before. */
  readonly nonce: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const withoutQuery = (text: string): string => {
  const url = new URL(text)
  url.search = ""
  url.hash = ""
  return url.href
}

const signed = ({ key, method, nonce, now, url }: Possession): string | undefined => {
  const privateKey = createPrivateKey(Redacted.value(key))
  const { crv, kty, x, y } = createPublicKey(privateKey).export({ format: "jwk" })
  if (crv !== "P-256") return undefined
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } }
  const claims = { jti: nonce, htm: method, htu: withoutQuery(url), iat: Math.floor(now / 1000) }
  const message = `${part(header)}.${part(claims)}`
  const signature = sign("sha256", Buffer.from(message), { key: privateKey, dsaEncoding: "ieee-p1363" })
  return `${message}.${signature.toString("base64url")}`
}

/** The proof for one request, a JWT; none where the key is no private key of the curve P-256. */
export const proof = (possession: Possession): string | undefined => {
  try {
    return signed(possession)
  } catch {
    // The error may quote the key.
    return undefined
  }
}
