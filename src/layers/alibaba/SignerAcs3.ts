/**
 * The ACS3-HMAC-SHA256 signature: the call in headers, its parameters in the form body.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { authorization, sha256 } from "../../protocol/alibaba/acs3.js"
import { encodeSorted, timestamp } from "../../protocol/encoding.js"
import { headerFault } from "../../protocol/signature.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type Signable, type Signed, Signer, type Signing } from "../../services/alibaba/Signer.js"
import { formType } from "../../services/HttpRequest.js"

const query = {}

const sign = (
  { action, host, nonce, parameters, time, version, body = encodeSorted(parameters) }: Signable,
  { accessKeyId, accessKeySecret, securityToken }: Credentials
): Signed => {
  const contentSha256 = sha256(body)
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": formType,
    host,
    "x-acs-action": action,
    "x-acs-version": version,
    "x-acs-date": timestamp(time),
    "x-acs-signature-nonce": nonce,
    "x-acs-content-sha256": contentSha256
  }
  if (securityToken !== undefined) {
    headers["x-acs-accesskey-id"] = accessKeyId
    headers["x-acs-security-token"] = Redacted.value(securityToken)
  }
  const signable = { method: "POST", path: "/", query, headers, contentSha256 }
  const signed = authorization(signable, { accessKeyId, accessKeySecret })
  headers["authorization"] = signed.authorization
  return { headers, body, stringToSign: signed.stringToSign }
}

// A new object each time it is built: it tells which calls belong together.
const signing: Signing = {
  sign: (call, credentials) => {
    const fault = headerFault("alibaba", call.action, credentials)
    return fault === undefined ? Effect.succeed(sign(call, credentials)) : Effect.fail(fault)
  }
}

/**
 * Signs with ACS3-HMAC-SHA256, the scheme that the vendor's own clients use by default.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
