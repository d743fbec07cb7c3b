/**
 * Credentials of a RAM role, for the token of an identity provider: a Kubernetes service account's (RRSA), a CI
 * job's, any.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { podVariables as variables } from "../../protocol/alibaba/plan.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import { assumeRoleWithOIDC } from "../../services/alibaba/call.js"
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
export interface Options<R = never> {
  /** For example `acs:ram::123456789012:role/reader`. */
  readonly roleArn: string
  /** The identity provider as RAM knows it, such as `acs:ram::123456789012:oidc-provider/github`. */
  readonly oidcProviderArn: string
  /** An effect that gives the token, or a file that holds it. It is run or read each time. */
  readonly token: RoleSource.Token<R>
  /** The name in audit logs. Default: `effect-sts-`, then letters and digits that stay the same for this source. */
  readonly roleSessionName?: string | undefined
  /** Default: 1 hour. */
  readonly durationSeconds?: number | undefined
  /** A policy document that narrows what the role allows. */
  readonly policy?: string | undefined
}

const exchange: RoleSource.Exchange<Credentials, Omit<Options, "token">> = {
  cloud: "alibaba",
  name: "OIDC",
  token: ["oidcTokenFile", variables.oidcTokenFile],
  needed: { roleArn: variables.roleArn, oidcProviderArn: variables.oidcProviderArn },
  sessionVariable: variables.roleSessionName,
  call: (role, oidcToken, source) =>
    Effect.map(
      assumeRoleWithOIDC({ ...role, oidcToken }),
      ({ credentials }) => new Credentials({ ...credentials, source })
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
 * The same for what `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE` and
 * `ALIBABA_CLOUD_ROLE_SESSION_NAME` say each time it is asked, as they are set in Kubernetes. Not configured where the
 * token's file is not set: other tools read the other variables too.
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
 * The audience that Alibaba Cloud expects in a token unless its OIDC provider says otherwise.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaultAudience = "sts.aliyuncs.com"

/**
 * The token that GitHub Actions issues to the running job, which needs the permission `id-token: write`.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const deployer = Alibaba.Oidc.layer({
 *   roleArn: "acs:ram::123456789012:role/deployer",
 *   oidcProviderArn: "acs:ram::123456789012:oidc-provider/github",
 *   token: Alibaba.Oidc.githubActions()
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const githubActions = ({
  audience = defaultAudience
}: {
  /** Whom the token is for, as the provider is set up to expect. Default: `sts.aliyuncs.com`. */
  readonly audience?: string | undefined
} = {}): Effect.Effect<Redacted.Redacted, SourceError, HttpClient.HttpClient> =>
  GithubActions.token(audience, "alibaba")

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
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const provider = Alibaba.Oidc.layerConfig({
 *   roleArn: Config.String("DEPLOY_ROLE_ARN"),
 *   oidcProviderArn: Config.String("OIDC_PROVIDER_ARN"),
 *   token: Alibaba.Oidc.githubActions()
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
  refreshing(fromEnvironment)
