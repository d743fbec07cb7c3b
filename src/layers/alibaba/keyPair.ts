/**
 * Alibaba Cloud credentials from whatever a source found.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
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
  found: KeyPair.Found
): Either.Either<Credentials, StsCredentialError> =>
  Either.map(
    KeyPair.read("alibaba", place, found),
    ({ expiration, id, secret, token }) =>
      new Credentials({
        accessKeyId: id,
        accessKeySecret: secret,
        securityToken: token,
        expiration,
        source: place.origin ?? place.source
      })
  )
