/**
 * Credentials of many roles, each fetched once for all who ask for the same.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import * as Endpoint from "../../services/alibaba/Endpoint.js"
import { Signer } from "../../services/alibaba/Signer.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { RefreshingSource } from "../../services/Refreshing.js"
import { KeyedSources, keyedRoles } from "../keyedRoles.js"
import * as RamRoleArn from "./RamRoleArn.js"

/**
 * Keeps the credentials of roles for {@link roleCredentials} and {@link asRole}. When the cache is full, the least recently
 * used session is dropped.
 *
 * @category tags
 * @since 0.1.0
 */
class AlibabaRoleCredentialsCache extends Context.Service<
  AlibabaRoleCredentialsCache,
  KeyedSources<Credentials>
>()("effect-sts/alibaba/RoleCredentialsCache") {
  /** Room for `capacity` sessions as long as the layer lives. */
  static layerWith({
    capacity = 1000
  }: {
    /** How many sessions' credentials are kept at once. Default: 1000. */
    readonly capacity?: number | undefined
  }): Layer.Layer<AlibabaRoleCredentialsCache> {
    return Layer.sync(AlibabaRoleCredentialsCache, () => new KeyedSources("alibaba", capacity))
  }

  /** Room for 1000 sessions as long as the layer lives. */
  static readonly layer: Layer.Layer<AlibabaRoleCredentialsCache> = AlibabaRoleCredentialsCache.layerWith({})
}

export {
  /**
   * Keeps the credentials of roles.
   *
   * @category tags
   * @since 0.1.0
   */
  AlibabaRoleCredentialsCache as RoleCredentialsCache
}

/**
 * What a role is assumed with, and where its credentials are kept.
 *
 * @category models
 * @since 0.1.0
 */
export type RoleServices = AlibabaRoleCredentialsCache | CredentialProvider | Signer | HttpClient.HttpClient

const roles = keyedRoles({
  cloud: "alibaba",
  roles: AlibabaRoleCredentialsCache,
  provider: CredentialProvider,
  signer: Signer,
  endpoint: Endpoint.resolve,
  settings: (context) => Context.get(context, Endpoint.Profile),
  make: RamRoleArn.make
})

/**
 * The source of a role's credentials. There is one for each combination of role, session, policy, tags, duration
 * and so on, base credentials, client (decorated or not), settings and endpoint; it assumes the role when
 * it is first asked for credentials, and again before they end.
 *
 * @category constructors
 * @since 0.1.0
 */
export const roleSource = (
  role: RamRoleArn.Options
): Effect.Effect<RefreshingSource<Credentials>, StsConfigError, RoleServices> => roles.source(role)

/**
 * A role's credentials, assumed with the program's own. However many callers ask for the same role at once, STS is
 * called once.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Alibaba } from "effect-sts"
 *
 * const ofTenant = (roleArn: string) => Alibaba.roleCredentials({ roleArn, durationSeconds: 900 })
 *
 * const both = Effect.all([
 *   ofTenant("acs:ram::123456789012:role/tenant"),
 *   ofTenant("acs:ram::210987654321:role/tenant")
 * ])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const roleCredentials = (
  role: RamRoleArn.Options
): Effect.Effect<Credentials, SourceError, RoleServices> => roles.credentials(role)

/**
 * Runs an effect as a role: its operations use the role's credentials. An `asRole` within it chains from this role to
 * the next.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const reader = Alibaba.asRole({ roleArn: "acs:ram::123456789012:role/reader" })
 * const whoReads = reader(Alibaba.getCallerIdentity())
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const asRole =
  (role: RamRoleArn.Options) =>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | StsConfigError, Exclude<R, CredentialProvider> | RoleServices> =>
    roles.as(role)(effect)
