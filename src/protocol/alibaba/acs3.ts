/**
 * Alibaba Cloud's ACS3-HMAC-SHA256 signature.
 *
 * Source: "Request syntax and signature method V3", Alibaba Cloud documentation.
 */
import { hash } from "node:crypto"
import * as Redacted from "effect/Redacted"
import { encodeSorted, formType, type Parameters, timestamp } from "../encoding.js"
import {
  HmacKey,
  hmacKey,
  linesOf,
  type Secret,
  SignedForm,
  type SignedNames,
  signedNames
} from "../signature.js"
import type { Call, Key } from "./rpc.js"

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
  key: Pick<Key, "accessKeyId" | "accessKeySecret">,
  names: SignedNames = signedHeaderNames(request.headers)
): { readonly authorization: string; readonly stringToSign: string } => {
  const text = stringToSign(canonicalRequest(request, names))
  const signed = signature(key.accessKeySecret, text)
  return { authorization: authorizationBy(key.accessKeyId, names.text, signed), stringToSign: text }
}

const authorizationBy = (accessKeyId: string, names: string, signed: string): string =>
  `${algorithm} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signed}`

/** A call to sign, and where it goes. */
export interface SignableCall extends Call {
  /** With the port, where it is not the scheme's own. */
  readonly host: string
  /** The parameters as a form in the order of their names, where the caller has encoded them already. */
  readonly body?: string | undefined
}

const usual: Readonly<Record<string, string>> = { accept: "application/json", "content-type": formType }

const covered =
  "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
const coveredWithToken =
  "content-type;host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"

/**
 * The headers and the body of a signed POST, and the text that was signed: the call in headers, its parameters a form. Its
 * canonical request is written out, since taking it from the headers takes half as long again.
 */
export const sign = (
  { action, host, nonce, parameters, time, version, body = encodeSorted(parameters) }: SignableCall,
  { accessKeyId, accessKeySecret, securityToken }: Key
): SignedForm => {
  const contentSha256 = sha256(body)
  const date = timestamp(time)
  const headers: Record<string, string> = { ...usual }
  headers["host"] = host
  headers["x-acs-action"] = action
  headers["x-acs-version"] = version
  headers["x-acs-date"] = date
  headers["x-acs-signature-nonce"] = nonce
  headers["x-acs-content-sha256"] = contentSha256
  let idLine = ""
  let tokenLine = ""
  let names = covered
  if (securityToken !== undefined) {
    const token = typeof securityToken === "string" ? securityToken : Redacted.value(securityToken)
    headers["x-acs-accesskey-id"] = accessKeyId
    headers["x-acs-security-token"] = token
    idLine = `\nx-acs-accesskey-id:${accessKeyId}`
    tokenLine = `\nx-acs-security-token:${token}`
    names = coveredWithToken
  }
  const canonical = `POST\n/\n\ncontent-type:${formType}\nhost:${trimmed(host)}${idLine}\nx-acs-action:${trimmed(action)}\nx-acs-content-sha256:${contentSha256}\nx-acs-date:${date}${tokenLine}\nx-acs-signature-nonce:${trimmed(nonce)}\nx-acs-version:${trimmed(version)}\n\n${names}\n${contentSha256}`
  const text = stringToSign(canonical)
  headers["authorization"] = authorizationBy(accessKeyId, names, signature(accessKeySecret, text))
  return new SignedForm(headers, body, text)
}
