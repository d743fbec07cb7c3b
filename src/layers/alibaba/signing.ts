/**
 * What both Alibaba Cloud signers share.
 *
 * @since 0.1.0
 */

import * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import type { Key } from "../../protocol/alibaba/rpc.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsSignatureError } from "../../schemas/StsError.js"
import type { Outgoing } from "../../services/Transport.js"
import * as Signable from "../signable.js"

/**
 * Signs with the plain key, which goes no further than the given function.
 *
 * @category signing
 * @since 0.1.0
 */
export const withKey = (
  operation: string,
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
  sign: (key: Key) => Outgoing
): Result.Result<Outgoing, StsSignatureError> =>
  Signable.check("alibaba", operation, { accessKeyId, accessKeySecret, securityToken }, () =>
    sign({
      accessKeyId,
      accessKeySecret: Redacted.value(accessKeySecret),
      securityToken: securityToken === undefined ? undefined : Redacted.value(securityToken)
    })
  )
