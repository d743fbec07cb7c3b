/**
 * Credentials of a role, for the token of an identity provider: a Kubernetes service account's, a CI job's, any.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { accountIdOf } from "../../protocol/arn.js"
import type { AssumedRole } from "../../protocol/aws/cliCacheKey.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { assumeRoleWithWebIdentity } from "../../services/aws/Sts.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import * as GithubActions from "../githubActions.js"
import { type Configurable, fromConfig } from "../layerConfig.js"
import * as RoleSource from "../roleSource.js"
import { refreshing } from "./credentials.js"

export type {
  /**
   * Where a token comes from: an effect that gives it, or a file that holds it. It is run or read each time.
   *
   * @category models
   * @since 0.1.0
   */
  Token
} from "../roleSource.js"

/**
 * Which role, and which token is exchanged for it. The operation checks each field.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<R = never>
  extends Pick<AssumedRole, "roleArn" | "roleSessionName" | "policy" | "policyArns"> {
  /** An effect that gives the token, or a file that holds it. It is run or read each time. */
  readonly token: RoleSource.Token<R>
  /** Default: 1 hour. */
  readonly durationSeconds?: number | undefined
}

const exchange: RoleSource.Exchange<Credentials, Omit<Options, "token">> = {
  cloud: "aws",
  name: "web identity",
  token: ["webIdentityToken", "AWS_WEB_IDENTITY_TOKEN_FILE"],
  needed: { roleArn: "AWS_ROLE_ARN" },
  sessionVariable: "AWS_ROLE_SESSION_NAME",
  call: (role, webIdentityToken, source) =>
    Effect.map(
      assumeRoleWithWebIdentity({ ...role, webIdentityToken }),
      ({ assumedRoleUser, credentials }) =>
        new Credentials({ ...credentials, accountId: accountIdOf(assumedRoleUser?.arn ?? ""), source })
    )
}

/**
 * Exchanges the token for the role's credentials each time it is asked.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <R = never>({
  token,
  ...role
}: Options<R>): Effect.Effect<CredentialSource<Credentials>, never, R | RoleSource.Services> =>
  RoleSource.forToken(exchange, role, token)

/**
 * The same, for what `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME` say each time it is
 * asked, as they are set in Kubernetes. Not configured where the first is unset.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment: Effect.Effect<
  CredentialSource<Credentials>,
  never,
  RoleSource.Services
> = /* @__PURE__ */ RoleSource.fromEnvironment(exchange)

/**
 * What AWS expects a token to be issued for.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultAudience = "sts.amazonaws.com"

/**
 * The token that GitHub Actions issues to the running job, which needs the permission `id-token: write`.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const deployer = Aws.WebIdentity.layer({
 *   roleArn: "arn:aws:iam::123456789012:role/deployer",
 *   token: Aws.WebIdentity.githubActions()
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const githubActions = ({
  audience = defaultAudience
}: {
  /** Whom the token is for, as the provider is set up to expect. Default: `sts.amazonaws.com`. */
  readonly audience?: string | undefined
} = {}): Effect.Effect<Redacted.Redacted, SourceError, HttpClient.HttpClient> =>
  GithubActions.token(audience, "aws")

/**
 * The role's credentials, cached and renewed before expiry.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <R = never>(
  options: Options<R>
): Layer.Layer<CredentialProvider, never, R | RoleSource.Services> => refreshing(make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @example
 * ```ts
 * import * as Config from "effect/Config"
 * import * as Aws from "effect-sts/aws"
 *
 * const provider = Aws.WebIdentity.layerConfig({
 *   roleArn: Config.String("DEPLOY_ROLE_ARN"),
 *   token: Aws.WebIdentity.githubActions()
 * })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = <R = never>(
  options: Configurable<Options<R>>
): Layer.Layer<CredentialProvider, StsConfigError, R | RoleSource.Services> =>
  fromConfig<Options<R>, CredentialProvider, never, R | RoleSource.Services>(layer)(options)

/**
 * What the environment says, cached and renewed before expiry.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFromEnvironment: Layer.Layer<CredentialProvider, never, RoleSource.Services> =
  /* @__PURE__ */ refreshing(fromEnvironment)
