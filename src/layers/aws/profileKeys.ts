/** The key pair that a profile states. */
import * as Result from "effect/Result"
import { keys } from "../../protocol/aws/credentialSettings.js"
import { hintOf, mistaken, valueOf } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { read } from "./credentials.js"

// What is missing may stand in the other file, or where nobody reads it.
const elsewhere = (section: Section, error: StsCredentialError): StsCredentialError => {
  const { key } = error
  if (error.reason !== "Incomplete" || key === undefined) return error
  const other = section.overruled?.get(key)
  if (other !== undefined) {
    return new StsCredentialError({
      ...error,
      detail: `${error.detail} here and stated in ${other.file}:${other.line}: a key pair is read from one file, with its own token`,
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
  const value = (key: string) => valueOf(section, key)
  const present = Object.values(keys).find((key) => value(key) !== undefined)
  // A key that is missing belongs where the other one stands.
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
