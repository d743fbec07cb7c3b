/**
 * Alibaba Cloud's RPC signature, version 1.0 with HMAC-SHA1, and the unsigned form of the same requests.
 *
 * Source: "Request syntax and signature method V2 for RPC APIs", Alibaba Cloud documentation.
 */
import * as Redacted from "effect/Redacted"
import { encodeSorted, type Parameters, percentEncode, timestamp } from "../encoding.js"
import { HmacKey, hmacKey, type Secret } from "../signature.js"

/**
 * The text that a signature is made over. The HTTP method is part of it: what is signed for POST does not verify
 * for GET.
 */
export const stringToSign = (method: string, parameters: Parameters): string =>
  textOver(method, encodeSorted(parameters))

const textOver = (method: string, encoded: string): string => `${method}&%2F&${percentEncode(encoded)}`

/** The signature of a text, in base64. */
export const signature = (secret: Secret, text: string): string => keyOf(secret).sign(text, "base64")

const keyOf = (secret: Secret): HmacKey => hmacKey(secret, "rpc", (plain) => new HmacKey("sha1", `${plain}&`))

/** What every request of the RPC form says of itself, signed or not. */
export interface Call {
  /** The operation's name, such as `AssumeRole`. */
  readonly action: string
  /** The API's version, such as `2015-04-01`. */
  readonly version: string
  /** The operation's own parameters, not percent-encoded. */
  readonly parameters: Parameters
  /** Milliseconds since 1970, as the service's clock has it. */
  readonly time: number
  /** A text that no other request has, so that nobody can send this one again. */
  readonly nonce: string
}

/** The parameters of an anonymous request. */
export const unsignedParameters = ({ action, nonce, parameters, time, version }: Call): Parameters => ({
  ...parameters,
  Action: action,
  Version: version,
  Format: "JSON",
  Timestamp: timestamp(time),
  SignatureNonce: nonce
})

/** Whose signature it is. */
export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: Secret
  readonly securityToken?: Secret | undefined
}

/** The body of a signed POST, and the text that was signed. The signature comes last. */
export const sign = (
  { action, nonce, parameters, time, version }: Call,
  { accessKeyId, accessKeySecret, securityToken: token }: Key
): { readonly body: string; readonly stringToSign: string } => {
  // In the order of their names.
  const common: Record<string, string> = { AccessKeyId: accessKeyId, Action: action, Format: "JSON" }
  if (token !== undefined) {
    common["SecurityToken"] = typeof token === "string" ? token : Redacted.value(token)
  }
  common["SignatureMethod"] = "HMAC-SHA1"
  common["SignatureNonce"] = nonce
  common["SignatureVersion"] = "1.0"
  common["Timestamp"] = timestamp(time)
  common["Version"] = version
  const encoded = encodeSorted(parameters, common)
  const text = textOver("POST", encoded)
  return {
    body: `${encoded}&Signature=${percentEncode(signature(accessKeySecret, text))}`,
    stringToSign: text
  }
}
