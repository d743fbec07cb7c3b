/**
 * Credentials of a role, for the token of an identity provider: a Kubernetes service account's, a CI job's, any.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { accountIdOf } from "../../protocol/arn.js"
import type { AssumedRole } from "../../protocol/aws/cliCacheKey.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { assumeRoleWithWebIdentity } from "../../services/aws/Sts.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { fromCall, type Source } from "../../services/SourceRequest.js"
import { settings, trimmed } from "../../services/setting.js"
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
export interface Options<R = never>
  extends Pick<AssumedRole, "roleArn" | "roleSessionName" | "policy" | "policyArns"> {
  /** An effect that gives the token, or a file that holds it; run or read each time. */
  readonly token: IdentityToken.Token<R>
  /** An hour where left out. */
  readonly durationSeconds?: number | undefined
  /** Where this was configured, for errors. */
  readonly where?: Pick<Source, "file" | "line" | "profile" | "stated"> | undefined
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

interface Named<R> extends Options<R> {
  readonly source: string
  readonly sessionName: Effect.Effect<string>
}

const assumed = <R>({
  roleSessionName,
  sessionName,
  source,
  token,
  where,
  ...request
}: Named<R>): Effect.Effect<Credentials, SourceError, R | Services> => {
  const named: Source = { cloud: "aws", source, ...where }
  const needing = { ...named, ...where?.stated?.["webIdentityToken"] }
  return Effect.flatMap(
    roleSessionName === undefined ? sessionName : Effect.succeed(roleSessionName),
    (name) =>
      IdentityToken.exchanging(needing, token, (webIdentityToken) =>
        assumeRoleWithWebIdentity({ ...request, roleSessionName: name, webIdentityToken }).pipe(
          Effect.map(({ assumedRoleUser, credentials }) => {
            const accountId = accountIdOf(assumedRoleUser?.arn ?? "")
            return new Credentials({ ...credentials, accountId, source })
          }),
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
  given: Options<R>
): Effect.Effect<CredentialSource<Credentials>, never, R | Services> =>
  Effect.map(provideCaptured<R | Services>(), (withServices) => {
    const options = trimmed(given, "roleArn")
    const source = `web identity for role ${options.roleArn}`
    const named = { ...options, source, sessionName: lastingSessionName() }
    return { name: source, get: withServices(assumed(named)) }
  })

const source = "web identity"
const tokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE"
const names = [tokenFile, "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"] as const

const where = {
  stated: {
    roleArn: { key: "AWS_ROLE_ARN" },
    roleSessionName: { key: "AWS_ROLE_SESSION_NAME" },
    webIdentityToken: { key: tokenFile }
  }
}

/**
 * The same, for what `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME` say each time it is
 * asked, as they are set in Kubernetes. Not configured where the first is unset.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment: Effect.Effect<CredentialSource<Credentials>, never, Services> = Effect.map(
  provideCaptured<Services>(),
  (withServices) => {
    const sessionName = lastingSessionName()
    const get = Effect.flatMap(settings(names), (found) => {
      const { AWS_ROLE_ARN: roleArn, [tokenFile]: file } = found
      if (file === undefined) {
        const detail = "AWS_WEB_IDENTITY_TOKEN_FILE is not set"
        return Effect.fail(new StsCredentialError({ cloud: "aws", source, reason: "NotConfigured", detail }))
      }
      if (roleArn === undefined) {
        return Effect.fail(
          new StsCredentialError({
            cloud: "aws",
            source,
            reason: "Incomplete",
            key: "AWS_ROLE_ARN",
            detail: "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not",
            hint: "Set AWS_ROLE_ARN to the role that trusts the token, or unset both to use another source."
          })
        )
      }
      const roleSessionName = found.AWS_ROLE_SESSION_NAME
      const token = { file }
      return assumed<never>({ source, sessionName, roleArn, roleSessionName, token, where })
    })
    return { name: source, get: withServices(get) }
  }
)

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
  /** Whom the token is for, as the provider is set up to expect. `sts.amazonaws.com` where left out. */
  readonly audience?: string | undefined
} = {}): Effect.Effect<Redacted.Redacted, SourceError, HttpClient.HttpClient> =>
  GithubActions.token(audience, "aws")

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
  /* @__PURE__ */ refreshing(fromEnvironment)
