/** Alibaba Cloud credentials from what a source found, or as the ECS metadata service and credentials URIs issue them. */

import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { ofOthers, prefixes } from "../../protocol/alibaba/settingNotes.js"
import type { Names } from "../../protocol/credentialsDocument.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { settingNames } from "../../services/setting.js"
import {
  credentialsReader,
  type Fault,
  type Found,
  type Place,
  readKeyPair,
  refreshingProvider,
  variables,
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

const environment = {
  source: "environment",
  keys: {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABA_CLOUD_SECURITY_TOKEN"
  }
} as const satisfies Place

/** The environment's key pair. */
export const inEnvironment: CredentialSource<Credentials> = {
  name: environment.source,
  get: Effect.flatMap(variables(environment.keys), (found) => Effect.fromResult(read(environment, found)))
}

const foundNothing = ({ reason, source }: { readonly source: string; readonly reason: string }): boolean =>
  source === environment.source && reason === "NotConfigured"

const withHint = (error: StsCredentialError, hint: string): StsCredentialError =>
  new StsCredentialError({
    ...error,
    hint: error.reason === "NotConfigured" ? hint : error.hint,
    attempts: error.attempts?.map((attempt) => (foundNothing(attempt) ? { ...attempt, hint } : attempt))
  })

/**
 * {@link inEnvironment}, or a chain that asks it, with errors that tell what is set up for other tools where it found
 * nothing. Who has credentials does not look for that.
 */
export const hinted = (source: CredentialSource<Credentials>): CredentialSource<Credentials> => ({
  ...source,
  get: Effect.catch(source.get, (error): Effect.Effect<never, SourceError> => {
    if (!(error instanceof StsCredentialError) || ![error, ...(error.attempts ?? [])].some(foundNothing)) {
      return error
    }
    return Effect.flatMap(Effect.forEach(prefixes, settingNames), (names) => {
      const hint = ofOthers(names.flat())
      return hint === undefined ? error : withHint(error, hint)
    })
  })
})
