/**
 * The ACS3-HMAC-SHA256 signature: the call in headers, its parameters in the form body.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { authorization, sha256 } from "../../protocol/alibaba/acs3.js"
import type { Key } from "../../protocol/alibaba/rpc.js"
import { timestamp } from "../../protocol/alibaba/timestamp.js"
import { encodeSorted } from "../../protocol/percentEncoding.js"
import { type Signable, Signer, type Signing } from "../../services/alibaba/Signer.js"
import { formType } from "../../services/SecretRequest.js"
import type { Outgoing } from "../../services/Transport.js"
import { withKey } from "./signing.js"

// In the order that they are signed in; sorting them anew for each request takes as long as hashing its body.
const signedNames = [
  "content-type",
  "host",
  "x-acs-action",
  "x-acs-content-sha256",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-version"
]
const signedNamesWithToken = [...signedNames, "x-acs-accesskey-id", "x-acs-security-token"].sort()

const sign = ({ action, host, nonce, parameters, time, version }: Signable, key: Key): Outgoing => {
  const body = encodeSorted(parameters)
  const contentSha256 = sha256(body)
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": formType,
    "x-acs-action": action,
    "x-acs-version": version,
    "x-acs-date": timestamp(time),
    "x-acs-signature-nonce": nonce,
    "x-acs-content-sha256": contentSha256
  }
  if (key.securityToken !== undefined) {
    headers["x-acs-accesskey-id"] = key.accessKeyId
    headers["x-acs-security-token"] = key.securityToken
  }
  // The client derives the Host header from the URL: it is signed here and sent there.
  const signable = {
    method: "POST",
    path: "/",
    query: {},
    headers: Object.assign({ host }, headers),
    contentSha256
  }
  const names = key.securityToken === undefined ? signedNames : signedNamesWithToken
  const signed = authorization(signable, key, names)
  headers["authorization"] = signed.authorization
  return { headers, body, stringToSign: signed.stringToSign }
}

// An object of its own each time that it is built: it tells which calls belong together.
const signing: Signing = {
  sign: (call, credentials) => Effect.fromResult(withKey(call.action, credentials, (key) => sign(call, key)))
}

/**
 * Signs with ACS3-HMAC-SHA256, the scheme that the vendor's own clients use by default.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer> = Layer.sync(Signer, () => ({ ...signing }))
