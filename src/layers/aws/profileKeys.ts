/**
 * The key pair that a profile states.
 *
 * @since 0.1.0
 */
import type * as Either from "effect/Either"
import { keys } from "../../protocol/aws/profileBase.js"
import { valueOf } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import { read } from "./keyPair.js"

/**
 * Reads a profile's key pair and account; half a pair is `Incomplete`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const keysIn = (source: string, section: Section): Either.Either<Credentials, StsCredentialError> => {
  const value = (key: string) => valueOf(section, key)
  const present = Object.values(keys).find((key) => value(key) !== undefined)
  // A key that is missing belongs where the other one stands.
  const { file } = section.settings.get(present ?? "") ?? section
  const lineOf = (key: string) =>
    (section.settings.get(key) ?? section.settings.get(present ?? "") ?? section).line
  const token = value(keys.token) === undefined ? keys.oldToken : keys.token
  return read(
    { source, keys: { id: keys.id, secret: keys.secret, token }, file, profile: section.name, lineOf },
    {
      id: value(keys.id),
      secret: value(keys.secret),
      token: value(token),
      accountId: value("aws_account_id")
    }
  )
}
