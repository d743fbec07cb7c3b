/**
 * AWS credentials from whatever a source found.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import * as KeyPair from "../keyPair.js"

/**
 * Reads a key pair as credentials.
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = (
  place: KeyPair.Place,
  found: KeyPair.Found & { readonly accountId?: string | undefined }
): Either.Either<Credentials, StsCredentialError> =>
  Either.map(
    KeyPair.read("aws", place, found),
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
