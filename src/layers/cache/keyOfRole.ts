/** What the credentials of an assumed role depend on, as keys of the cache. */
import * as Effect from "effect/Effect"
import type { Purpose } from "../../protocol/cacheEntry.js"
import type { Cloud, StsConfigError } from "../../schemas/StsError.js"
import * as AlibabaEndpoint from "../../services/alibaba/Endpoint.js"
import * as AwsEndpoint from "../../services/aws/Endpoint.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Endpoint } from "../../services/Endpoint.js"
import { type Policy, RequestPolicy } from "../../services/RequestPolicy.js"
import type * as RamRoleArn from "../alibaba/RamRoleArn.js"
import type * as AssumedRole from "../aws/AssumedRole.js"
import type { CredentialsOf } from "./contents.js"

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
 */
export const keyOfRole = <C extends Cloud>(
  cloud: C,
  base: CredentialSource<CredentialsOf[C]>,
  role: RoleOf[C]
): Effect.Effect<Purpose, SourceError> =>
  Effect.gen(function* () {
    const { url } = yield* endpoints[cloud](yield* RequestPolicy)
    const { where: _, ...request } = role
    const { accessKeyId } = yield* base.get
    return { endpoint: url, by: { accessKeyId }, role: request }
  })
