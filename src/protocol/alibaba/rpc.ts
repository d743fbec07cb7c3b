/**
 * Alibaba Cloud's RPC signature, version 1.0 with HMAC-SHA1, and the unsigned form of the same requests.
 *
 * Source: "Request syntax and signature method V2 for RPC APIs", Alibaba Cloud documentation.
 *
 * @since 0.1.0
 */
import { createHmac } from "node:crypto"
import { encodeSorted, type Parameters, percentEncode } from "../percentEncoding.js"
import { timestamp } from "./timestamp.js"

/**
 * The text that a signature is made over. The HTTP method is part of it: what is signed for POST does not verify
 * for GET.
 *
 * @category signing
 * @since 0.1.0
 */
export const stringToSign = (method: string, parameters: Parameters): string =>
  `${method}&%2F&${percentEncode(encodeSorted(parameters))}`

/**
 * The signature of a text, in base64.
 *
 * @category signing
 * @since 0.1.0
 */
export const signature = (secret: string, text: string): string =>
  createHmac("sha1", `${secret}&`).update(text).digest("base64")

/**
 * What every request of the RPC form says of itself, signed or not.
 *
 * @category models
 * @since 0.1.0
 */
export interface Call {
  readonly action: string
  readonly version: string
  readonly parameters: Parameters
  /** Milliseconds since 1970, as the service's clock has it. */
  readonly time: number
  readonly nonce: string
}

/**
 * The parameters of an anonymous request.
 *
 * @category signing
 * @since 0.1.0
 */
export const unsignedParameters = ({ action, nonce, parameters, time, version }: Call): Parameters => ({
  ...parameters,
  Action: action,
  Version: version,
  Format: "JSON",
  Timestamp: timestamp(time),
  SignatureNonce: nonce
})

/**
 * Whose signature it is.
 *
 * @category models
 * @since 0.1.0
 */
export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

/**
 * A signed POST: the parameters with the signature among them, and the text that was signed.
 *
 * @category signing
 * @since 0.1.0
 */
export const sign = (
  call: Call,
  key: Key
): { readonly parameters: Parameters; readonly stringToSign: string } => {
  const parameters = {
    ...unsignedParameters(call),
    ...(key.securityToken === undefined ? undefined : { SecurityToken: key.securityToken }),
    AccessKeyId: key.accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0"
  }
  const text = stringToSign("POST", parameters)
  return {
    parameters: { ...parameters, Signature: signature(key.accessKeySecret, text) },
    stringToSign: text
  }
}
