/**
 * What credentials that processes share are for, and whose they are: the key that they are found by.
 *
 * @since 4.0.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Purpose } from "../../protocol/cacheEntry.js"
import type { Credentials as AlibabaCredentials } from "../../schemas/alibaba/Credentials.js"
import type { Credentials as AwsCredentials } from "../../schemas/aws/Credentials.js"
import type { Cloud, StsConfigError } from "../../schemas/StsError.js"
import * as AlibabaEndpoint from "../../services/alibaba/Endpoint.js"
import * as AwsEndpoint from "../../services/aws/Endpoint.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Endpoint } from "../../services/Endpoint.js"
import { type Policy, RequestPolicy } from "../../services/RequestPolicy.js"
import type * as RamRoleArn from "../alibaba/RamRoleArn.js"
import type * as AssumedRole from "../aws/AssumedRole.js"

export type {
  /**
   * What credentials are for: everything that they depend on, and no secret.
   *
   * @since 0.1.0
   */
  Purpose as Key
} from "../../protocol/cacheEntry.js"

/**
 * 32 bytes, or a passphrase that a key is made of.
 *
 * @category models
 * @since 0.1.0
 */
export type EncryptionKey = Redacted.Redacted<Uint8Array> | Redacted.Redacted<string>

interface RoleOf {
  readonly alibaba: RamRoleArn.Options
  readonly aws: AssumedRole.Options
}

const endpoints: { readonly [_ in Cloud]: (policy: Policy) => Effect.Effect<Endpoint, StsConfigError> } = {
  alibaba: AlibabaEndpoint.resolve,
  aws: AwsEndpoint.resolve
}

/**
 * The key for a role: the endpoint, who assumes it, and everything that is asked for, the external id included, which
 * is no secret to the clouds. A session's name counts where it is stated.
 *
 * The base is asked each time, and its access key id tells whose credentials they are: nothing else does without doubt.
 * Two roles of single sign-on, for example, have one source and account in common, and not what they may assume. The
 * id of temporary credentials changes: a base that begins sessions itself, such as another role, is best put behind a
 * cache of its own.
 *
 * @category constructors
 * @since 0.1.0
 */
export const keyOfRole = <C extends Cloud>(
  cloud: C,
  base: CredentialSource<CredentialsOf[C]>,
  role: RoleOf[C]
): Effect.Effect<Purpose, SourceError> =>
  Effect.gen(function* () {
    const { url } = yield* endpoints[cloud](yield* RequestPolicy)
    const { accessKeyId } = yield* base.get
    return { endpoint: url, by: { accessKeyId }, role: { ...role } }
  })

/**
 * The credentials of each cloud.
 *
 * @category models
 * @since 0.1.0
 */
export interface CredentialsOf {
  /** Alibaba Cloud's. */
  readonly alibaba: AlibabaCredentials
  /** AWS's. */
  readonly aws: AwsCredentials
}
