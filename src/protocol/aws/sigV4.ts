/**
 * AWS Signature Version 4 in a request's headers.
 *
 * Source: "Create a signed AWS API request", IAM User Guide.
 *
 * @since 0.1.0
 */
import { createHmac } from "node:crypto"
import * as Redacted from "effect/Redacted"
import { amzDate } from "./amzDate.js"
import { canonicalRequest, type Request, sha256, signedHeaderNames } from "./canonicalRequest.js"
import { type Scope, scopeText, signingKey } from "./signingKey.js"

/**
 * The scheme's name, as the `Authorization` header starts with it.
 *
 * @category constants
 * @since 0.1.0
 */
export const algorithm = "AWS4-HMAC-SHA256"

/**
 * Whose signature it is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: Redacted.Redacted
  readonly sessionToken?: Redacted.Redacted | undefined
}

/**
 * Where and when a signature is good for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Context {
  readonly region: string
  readonly service: string
  /** Milliseconds since 1970, as the service's clock has it. */
  readonly time: number
}

/**
 * What services differ in. STS wants none of it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variant {
  /** Whether dots and empty segments are taken out of the path; they are unless this is false. */
  readonly normalizePath?: boolean
  /** Whether the session token is signed; it is unless this is false, and then it is added after signing. */
  readonly signToken?: boolean
}

/**
 * A signature, and what it was made over.
 *
 * @category models
 * @since 0.1.0
 */
export interface Signature {
  readonly canonicalRequest: string
  readonly stringToSign: string
  /** In hexadecimal. */
  readonly signature: string
}

/**
 * The text that a signature is made over.
 *
 * @category signing
 * @since 0.1.0
 */
export const stringToSign = (date: string, scope: string, canonical: string): string =>
  `${algorithm}\n${date}\n${scope}\n${sha256(canonical)}`

/**
 * The signature of a text, in hexadecimal.
 *
 * @category signing
 * @since 0.1.0
 */
export const signature = (secret: Redacted.Redacted, scope: Scope, text: string): string =>
  createHmac("sha256", signingKey(secret, scope)).update(text).digest("hex")

/**
 * The scope of a request that is made now.
 *
 * @category constructors
 * @since 0.1.0
 */
export const scopeOf = ({ region, service }: Context, date: string): Scope => ({
  day: date.slice(0, 8),
  region,
  service
})

/**
 * The headers that a signed request has beyond its own: its time, the session token, the body's hash where
 * `signBody`, and the signature. A request that states `x-amz-content-sha256` is signed with what it states.
 *
 * @category signing
 * @since 0.1.0
 */
export const sign = (
  request: Request,
  key: Key,
  context: Context,
  variant: Variant & { readonly signBody?: boolean } = {}
): Signature & { readonly headers: Readonly<Record<string, string>> } => {
  const date = amzDate(context.time)
  const scope = scopeOf(context, date)
  const payload = request.headers["x-amz-content-sha256"] ?? sha256(request.body)
  const token = key.sessionToken === undefined ? undefined : Redacted.value(key.sessionToken)

  const added: Record<string, string> = { "x-amz-date": date }
  if (variant.signBody === true) added["x-amz-content-sha256"] = payload
  if (token !== undefined && variant.signToken !== false) added["x-amz-security-token"] = token

  const headers = { ...request.headers, ...added }
  const names = signedHeaderNames(headers)
  const canonical = canonicalRequest({ ...request, headers }, names, payload, variant.normalizePath !== false)
  const credential = scopeText(scope)
  const text = stringToSign(date, credential, canonical)
  const signed = signature(key.secretAccessKey, scope, text)

  if (token !== undefined) added["x-amz-security-token"] = token
  added["authorization"] =
    `${algorithm} Credential=${key.accessKeyId}/${credential}, SignedHeaders=${names.join(";")}, Signature=${signed}`
  return { headers: added, canonicalRequest: canonical, stringToSign: text, signature: signed }
}
