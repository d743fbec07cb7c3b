/**
 * Credentials of many roles, each fetched once for all who ask for the same.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import * as Endpoint from "../../services/aws/Endpoint.js"
import { SharedConfig } from "../../services/aws/Settings.js"
import { Signer } from "../../services/aws/Signer.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { RefreshingSource } from "../../services/Refreshing.js"
import { KeyedSources, keyedRoles } from "../keyedRoles.js"
import * as AssumedRole from "./AssumedRole.js"

/**
 * Keeps the credentials of roles for {@link roleCredentials} and {@link asRole}. When the cache is full, the least recently
 * used session is dropped.
 *
 * @category tags
 * @since 0.1.0
 */
class AwsRoleCredentialsCache extends Context.Service<AwsRoleCredentialsCache, KeyedSources<Credentials>>()(
  "effect-sts/aws/RoleCredentialsCache"
) {
  /** Room for `capacity` sessions as long as the layer lives. */
  static layerWith({
    capacity = 1000
  }: {
    /** How many sessions' credentials are kept at once. Default: 1000. */
    readonly capacity?: number | undefined
  }): Layer.Layer<AwsRoleCredentialsCache> {
    return Layer.sync(AwsRoleCredentialsCache, () => new KeyedSources("aws", capacity))
  }

  /** Room for 1000 sessions as long as the layer lives. */
  static readonly layer: Layer.Layer<AwsRoleCredentialsCache> = AwsRoleCredentialsCache.layerWith({})
}

export {
  /**
   * Keeps the credentials of roles.
   *
   * @category tags
   * @since 0.1.0
   */
  AwsRoleCredentialsCache as RoleCredentialsCache
}

/**
 * What a role is assumed with, and where its credentials are kept.
 *
 * @category models
 * @since 0.1.0
 */
export type RoleServices = AwsRoleCredentialsCache | CredentialProvider | Signer | HttpClient.HttpClient

const roles = keyedRoles({
  cloud: "aws",
  roles: AwsRoleCredentialsCache,
  provider: CredentialProvider,
  signer: Signer,
  endpoint: Endpoint.resolve,
  settings: (context) => Context.get(context, SharedConfig),
  make: AssumedRole.make
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
  role: AssumedRole.Options
): Effect.Effect<RefreshingSource<Credentials>, StsConfigError, RoleServices> => roles.source(role)

/**
 * A role's credentials, assumed with the program's own. However many callers ask for the same role at once, STS is
 * called once.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Aws } from "effect-sts"
 *
 * const ofTenant = (roleArn: string) => Aws.roleCredentials({ roleArn, durationSeconds: 900 })
 *
 * const both = Effect.all([
 *   ofTenant("arn:aws:iam::123456789012:role/tenant"),
 *   ofTenant("arn:aws:iam::210987654321:role/tenant")
 * ])
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const roleCredentials = (
  role: AssumedRole.Options
): Effect.Effect<Credentials, SourceError, RoleServices> => roles.credentials(role)

/**
 * Runs an effect as a role: its operations use the role's credentials. An `asRole` within it chains from this role to
 * the next.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const reader = Aws.asRole({ roleArn: "arn:aws:iam::123456789012:role/reader" })
 * const whoReads = reader(Aws.getCallerIdentity())
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const asRole =
  (role: AssumedRole.Options) =>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | StsConfigError, Exclude<R, CredentialProvider> | RoleServices> =>
    roles.as(role)(effect)
