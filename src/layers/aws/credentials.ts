/** AWS credentials from what a source found, or as the instance metadata service and container endpoints hand them out. */
import * as Result from "effect/Result"
import { hintOf, keys, mistaken, valueOf } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import type { Names } from "../../protocol/credentialsDocument.js"
import type { AwsKey } from "../../protocol/settingTable.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { credentialsReader, type Found, type Place, readKeyPair, refreshingProvider } from "../credentials.js"

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
export const credentialsIn = /* @__PURE__ */ credentialsReader(names, read)

/** A provider that keeps what the source gives and renews it in time. */
export const refreshing = /* @__PURE__ */ refreshingProvider("aws", CredentialProvider)

// What is missing may be in the other file, or where nothing reads it.
const elsewhere = (section: Section, error: StsCredentialError): StsCredentialError => {
  const { key } = error
  if (error.reason !== "Incomplete" || key === undefined) return error
  const other = section.overruled?.get(key)
  if (other !== undefined) {
    return new StsCredentialError({
      ...error,
      detail: `${error.detail} here and set in ${other.file}:${other.line}: a key pair is read from one file, with its own token`,
      hint: "State the id, the secret and, where there is one, the token in one of the files."
    })
  }
  const mistake = mistaken(section, key)
  if (mistake === undefined) return error
  const { file, line } = mistake
  return new StsCredentialError({ ...error, file, line, hint: hintOf(mistake) })
}

/** Reads a profile's key pair and account; half a pair is `Incomplete`. */
export const keysIn = (source: string, section: Section): Result.Result<Credentials, StsCredentialError> => {
  const value = (key: AwsKey) => valueOf(section, key)
  const present = Object.values(keys).find((key) => value(key) !== undefined)
  // A missing key belongs beside the other one.
  const { file } = section.settings.get(present ?? "") ?? section
  const lineOf = (key: string) =>
    (section.settings.get(key) ?? section.settings.get(present ?? "") ?? section).line
  const token = value(keys.token) === undefined ? keys.oldToken : keys.token
  return Result.mapError(
    read(
      { source, keys: { id: keys.id, secret: keys.secret, token }, file, profile: section.name, lineOf },
      {
        id: value(keys.id),
        secret: value(keys.secret),
        token: value(token),
        accountId: value("aws_account_id")
      }
    ),
    (error) => elsewhere(section, error)
  )
}
