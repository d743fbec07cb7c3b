/**
 * What both Alibaba Cloud signers share.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { Key } from "../../protocol/alibaba/rpc.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsSignatureError } from "../../schemas/StsError.js"
import type { Outgoing } from "../../services/Transport.js"

const reveal = (secret: Redacted.Redacted | undefined): string | undefined =>
  secret === undefined ? undefined : Redacted.value(secret)

const headerText = /^[\x21-\x7e]*$/

/**
 * Signs with the plain key, which goes no further than the given function. Fails where the secret has been wiped
 * from memory, or where the key holds characters that no header can carry.
 *
 * @category signing
 * @since 0.1.0
 */
export const withKey = (
  operation: string,
  credentials: Credentials,
  sign: (key: Key) => Outgoing
): Either.Either<Outgoing, StsSignatureError> => {
  const unsignable = (detail: string) =>
    Either.left(new StsSignatureError({ cloud: "alibaba", operation, detail }))
  let key: Key
  try {
    key = {
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: Redacted.value(credentials.accessKeySecret),
      securityToken: reveal(credentials.securityToken)
    }
  } catch {
    return unsignable("the secret has been wiped from memory")
  }
  if (!headerText.test(key.accessKeyId)) return unsignable("accessKeyId holds a space or a control character")
  if (!headerText.test(key.securityToken ?? "")) {
    return unsignable("securityToken holds a space or a control character")
  }
  return Either.right(sign(key))
}
