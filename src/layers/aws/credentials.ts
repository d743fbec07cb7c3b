/** AWS credentials from what a source found, or as the instance metadata service and container endpoints hand them out. */
import * as Result from "effect/Result"
import type { Names } from "../../protocol/credentialsDocument.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { type Found, type Place, readKeyPair, refreshingProvider } from "../credentials.js"
import { credentialsReader } from "../metadata/answer.js"

/** Reads a key pair as credentials. */
export const read = (
  place: Place,
  found: Found & { readonly accountId?: string | undefined }
): Result.Result<Credentials, StsCredentialError> =>
  Result.map(
    readKeyPair("aws", place, found),
    ({ expiration, id, secret, token }) =>
      new Credentials({
        accessKeyId: id,
        secretAccessKey: secret,
        sessionToken: token,
        expiration,
        accountId: found.accountId || undefined,
        source: place.origin ?? place.source
      })
  )

const names: Names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "Token",
  expiration: "Expiration",
  accountId: "AccountId"
}

/** The credentials in a reply. */
export const credentialsIn = credentialsReader(names, read)

/** A provider that keeps what the source gives and renews it in time. */
export const refreshing = refreshingProvider("aws", CredentialProvider)
