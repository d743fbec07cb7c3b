/** Alibaba Cloud credentials from what a source found, or as the ECS metadata service and credentials URIs issue them. */

import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Names } from "../../protocol/credentialsDocument.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import {
  credentialsReader,
  type Fault,
  type Found,
  type Place,
  readKeyPair,
  refreshingProvider,
  which
} from "../credentials.js"

/** What would be sent and refused by a service that does not say why. */
const faultOf =
  ({ id, token }: Place["keys"]) =>
  (found: Found): Fault | undefined => {
    const commented = which(found, (text) => /[#;]/.test(text))
    if (commented !== undefined) {
      return [
        commented,
        "contains # or ;, as if a comment followed the value directly",
        "Remove the comment."
      ]
    }
    if (found.token !== undefined || !found.id?.startsWith("STS.")) return undefined
    const words = `is missing, and ${id} begins with "STS.", as those of temporary credentials do`
    return ["token", words, `Set ${token} to the token that was issued with the key pair.`, "Incomplete"]
  }

/**
 * Reads a key pair as credentials. The id of temporary ones without their token, and a value that a comment is glued to,
 * are errors here, before anything is sent.
 */
export const read = (place: Place, given: Found): Result.Result<Credentials, StsCredentialError> =>
  Result.map(
    readKeyPair("alibaba", place, given, faultOf(place.keys)),
    ({ expiration, id, secret, token }) =>
      new Credentials({
        accessKeyId: id,
        accessKeySecret: secret,
        securityToken: token,
        expiration,
        source: place.origin ?? place.source
      })
  )

const names: Names = {
  id: "AccessKeyId",
  secret: "AccessKeySecret",
  token: "SecurityToken",
  expiration: "Expiration"
}

/** The credentials in a reply. Its `Code` must be `Success`. */
export const credentialsIn = /* @__PURE__ */ credentialsReader(names, read, true)

/** A provider that keeps what the source gives and renews it in time. */
export const refreshing = /* @__PURE__ */ refreshingProvider("alibaba", CredentialProvider)

/**
 * A chain that passes on, where nothing is configured, what one of its sources found set up for other tools.
 */
export const hinted = (
  by: CredentialSource<Credentials>,
  chain: CredentialSource<Credentials>
): CredentialSource<Credentials> => ({
  ...chain,
  get: Effect.mapError(chain.get, (error) => {
    if (!(error instanceof StsCredentialError) || error.reason !== "NotConfigured") return error
    const hint = error.attempts?.find(({ source }) => source === by.name)?.hint
    return hint === undefined ? error : new StsCredentialError({ ...error, hint })
  })
})
