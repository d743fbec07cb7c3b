/**
 * Credentials of a RAM role, for the token of an identity provider: a Kubernetes service account's (RRSA), a CI
 * job's, any.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { podVariables as variables } from "../../protocol/alibaba/plan.js"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import { assumeRoleWithOIDC } from "../../services/alibaba/call.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { fromCall, type Source } from "../../services/SourceRequest.js"
import { filled, settings } from "../../services/setting.js"
import * as GithubActions from "../githubActions.js"
import * as IdentityToken from "../identityToken.js"
import { provideCaptured } from "../platform.js"
import { lastingSessionName } from "../roleSource.js"
import { refreshing } from "./credentials.js"

/**
 * Which role, and for which token. The operation checks each field.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<R = never> {
  /** For example `acs:ram::123456789012:role/reader`. */
  readonly roleArn: string
  /** The identity provider as RAM knows it, such as `acs:ram::123456789012:oidc-provider/github`. */
  readonly oidcProviderArn: string
  /** An effect that gives the token, or a file that holds it; run or read each time. */
  readonly token: IdentityToken.Token<R>
  /** What audit logs show. `effect-sts-` and letters and digits that stay the same for this source, if left out. */
  readonly roleSessionName?: string | undefined
  /** An hour where left out. */
  readonly durationSeconds?: number | undefined
  /** A policy document that narrows what the role allows. */
  readonly policy?: string | undefined
  /** Where this was configured, for errors. */
  readonly where?: Pick<Source, "file" | "line" | "profile" | "stated"> | undefined
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

interface Named<R> extends Options<R> {
  readonly source: string
  readonly sessionName: Effect.Effect<string>
}

const assumed = <R>({
  durationSeconds,
  oidcProviderArn,
  policy,
  roleArn,
  roleSessionName,
  sessionName,
  source,
  token,
  where
}: Named<R>): Effect.Effect<Credentials, SourceError, R | Services> => {
  const named: Source = { cloud: "alibaba", source, ...where }
  const tokenPlace = where?.stated?.["oidcTokenFile"]
  const needing =
    tokenPlace === undefined ? named : { ...named, file: undefined, line: undefined, ...tokenPlace }
  const statedName = filled(roleSessionName)
  const request = {
    roleArn: filled(roleArn) ?? "",
    oidcProviderArn: filled(oidcProviderArn) ?? "",
    policy: filled(policy),
    durationSeconds
  }
  return Effect.flatMap(statedName === undefined ? sessionName : Effect.succeed(statedName), (name) =>
    IdentityToken.exchanging(needing, token, (oidcToken) =>
      assumeRoleWithOIDC({ ...request, roleSessionName: name, oidcToken }).pipe(
        Effect.map(({ credentials }) => new Credentials({ ...credentials, source })),
        Effect.mapError(fromCall(named))
      )
    )
  )
}

/**
 * Exchanges the token for the role's credentials each time it is asked.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <R = never>(
  options: Options<R>
): Effect.Effect<CredentialSource<Credentials>, never, R | Services> =>
  Effect.map(provideCaptured<R | Services>(), (withServices) => {
    const source = `OIDC for role ${filled(options.roleArn) ?? ""}`
    const named = { ...options, source, sessionName: lastingSessionName() }
    return { name: source, get: withServices(assumed(named)) }
  })

const source = "OIDC"

const names = Object.values(variables)
const needed = [variables.oidcTokenFile, variables.roleArn, variables.oidcProviderArn] as const

const where = {
  stated: {
    roleArn: { key: variables.roleArn },
    oidcProviderArn: { key: variables.oidcProviderArn },
    oidcTokenFile: { key: variables.oidcTokenFile },
    roleSessionName: { key: variables.roleSessionName }
  }
}

const are = (several: ReadonlyArray<string>): string =>
  `${several.join(" and ")} ${several.length === 1 ? "is" : "are"}`

// Other sources and tools read the others too: the token's file alone asks for this one.
const notConfigured = (set: ReadonlyArray<string>): StsCredentialError =>
  new StsCredentialError({
    cloud: "alibaba",
    source,
    reason: "NotConfigured",
    detail: `${variables.oidcTokenFile} is not set${set.length === 0 ? "" : `; ${are(set)}, which does not ask for it`}`
  })

const incomplete = (missing: ReadonlyArray<string>): StsCredentialError =>
  new StsCredentialError({
    cloud: "alibaba",
    source,
    reason: "Incomplete",
    key: missing[0],
    detail: `${variables.oidcTokenFile} is set, and ${are(missing)} not`,
    hint: `Set ${needed.join(", ")}, or none of them to use another source.`
  })

/**
 * The same, for what `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE` and
 * `ALIBABA_CLOUD_ROLE_SESSION_NAME` say each time it is asked, as they are set in Kubernetes. Not configured where the
 * token's file is not set: other tools read the other variables too.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment: Effect.Effect<CredentialSource<Credentials>, never, Services> = Effect.map(
  provideCaptured<Services>(),
  (withServices) => {
    const sessionName = lastingSessionName()
    const get = Effect.flatMap(settings(names), (found) => {
      const roleArn = found[variables.roleArn]
      const oidcProviderArn = found[variables.oidcProviderArn]
      const file = found[variables.oidcTokenFile]
      if (file === undefined) {
        return Effect.fail(notConfigured(names.filter((name) => found[name] !== undefined)))
      }
      if (roleArn === undefined || oidcProviderArn === undefined) {
        return Effect.fail(incomplete(needed.filter((name) => found[name] === undefined)))
      }
      const roleSessionName = found[variables.roleSessionName]
      const token = { file }
      return assumed<never>({
        source,
        sessionName,
        roleArn,
        oidcProviderArn,
        roleSessionName,
        token,
        where
      })
    })
    return { name: source, get: withServices(get) }
  }
)

/**
 * What Alibaba Cloud expects a token to be issued for, where its OIDC provider does not say otherwise.
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
  /** Whom the token is for, as the provider is set up to expect. `sts.aliyuncs.com` where left out. */
  readonly audience?: string | undefined
} = {}): Effect.Effect<Redacted.Redacted, SourceError, HttpClient.HttpClient> =>
  GithubActions.token(audience, "alibaba")

/**
 * The role's credentials, kept and exchanged anew before they end.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <R = never>(options: Options<R>): Layer.Layer<CredentialProvider, never, R | Services> =>
  refreshing(make(options))

/**
 * What the environment says, kept and exchanged anew before it ends.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFromEnvironment: Layer.Layer<CredentialProvider, never, Services> =
  refreshing(fromEnvironment)
