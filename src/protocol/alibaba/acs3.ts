/**
 * Alibaba Cloud's ACS3-HMAC-SHA256 signature.
 *
 * Source: "Request syntax and signature method V3", Alibaba Cloud documentation.
 */
import { hash } from "node:crypto"
import { encodeSorted, type Parameters } from "../encoding.js"
import { HmacKey, hmacKey, linesOf, type Secret, type SignedNames, signedNames } from "../signature.js"

/** The scheme's name, as the `Authorization` header starts with it. */
export const algorithm = "ACS3-HMAC-SHA256"

/** A SHA-256 digest in hexadecimal. */
export const sha256 = (data: string | Uint8Array): string => hash("sha256", data, "hex")

/** What is signed of a request. Header names are in lower case. */
export interface Signable {
  readonly method: string
  readonly path: string
  readonly query: Parameters
  readonly headers: Readonly<Record<string, string>>
  /** SHA-256 of the body, in hexadecimal. */
  readonly contentSha256: string
}

const isSigned = (name: string): boolean =>
  name === "host" || name === "content-type" || name.startsWith("x-acs-")

/**
 * The names of the headers that the signature covers: `host`, `content-type` and everything that starts with
 * `x-acs-`, in order.
 */
export const signedHeaderNames = signedNames(isSigned)

const trimmed = (value: string): string => value.trim()

/** The request in its canonical form. */
export const canonicalRequest = (
  { contentSha256, headers, method, path, query }: Signable,
  names: SignedNames = signedHeaderNames(headers)
): string => {
  const lines = linesOf(names, headers, trimmed)
  return `${method}\n${path}\n${encodeSorted(query)}\n${lines}\n${names.text}\n${contentSha256}`
}

/** The text that a signature is made over. */
export const stringToSign = (canonical: string): string => `${algorithm}\n${sha256(canonical)}`

/** The signature of a text, in hexadecimal. */
export const signature = (secret: Secret, text: string): string => keyOf(secret).sign(text, "hex")

const keyOf = (secret: Secret): HmacKey => hmacKey(secret, "acs3", (plain) => new HmacKey("sha256", plain))

/** The `Authorization` header, and the text that was signed. */
export const authorization = (
  request: Signable,
  key: { readonly accessKeyId: string; readonly accessKeySecret: Secret },
  names: SignedNames = signedHeaderNames(request.headers)
): { readonly authorization: string; readonly stringToSign: string } => {
  const text = stringToSign(canonicalRequest(request, names))
  return {
    authorization: `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${names.text},Signature=${signature(key.accessKeySecret, text)}`,
    stringToSign: text
  }
}
