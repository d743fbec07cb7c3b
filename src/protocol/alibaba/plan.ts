/**
 * How a profile comes by its credentials, whichever file it stands in.
 *
 * @since 0.1.0
 */
import type * as Either from "effect/Either"
import type * as Redacted from "effect/Redacted"
import type { Fault } from "./section.js"

/**
 * How a file calls its settings.
 *
 * @category models
 * @since 0.1.0
 */
export interface Names {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly roleArn: string
  readonly roleSessionName: string
  readonly durationSeconds: string
  readonly externalId: string
  readonly policy: string
  readonly roleName: string
  readonly oidcProviderArn: string
  readonly oidcTokenFile: string
  readonly uri: string
}

/**
 * Where something was configured.
 *
 * @category models
 * @since 0.1.0
 */
export interface At {
  readonly profile: string
  readonly line: number
}

/**
 * A key pair, blank where it is not set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Keys extends At {
  readonly _tag: "Keys"
  readonly found: {
    readonly id: string | undefined
    readonly secret: string | undefined
    readonly token: string | undefined
  }
  readonly keys: Pick<Names, "id" | "secret" | "token">
  readonly lines: ReadonlyMap<string, number>
}

/**
 * What STS is asked for, and where.
 *
 * @category models
 * @since 0.1.0
 */
export interface Session {
  readonly roleArn: string
  readonly roleSessionName: string | undefined
  readonly durationSeconds: number | undefined
  readonly policy: string | undefined
  readonly endpoint: Endpoint
}

/**
 * Which STS a profile names.
 *
 * @category models
 * @since 0.1.0
 */
export interface Endpoint {
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly network: "vpc" | undefined
}

/**
 * A role, and what assumes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Role extends At, Session {
  readonly _tag: "Role"
  readonly base: Plan
  readonly externalId: string | undefined
}

/**
 * The tokens of somebody who logged in; times in seconds since 1970.
 *
 * @category models
 * @since 0.1.0
 */
export interface OAuthTokens {
  readonly accessToken: Redacted.Redacted | undefined
  readonly accessTokenExpire: number | undefined
  readonly refreshToken: Redacted.Redacted | undefined
}

/**
 * The way to credentials.
 *
 * @category models
 * @since 0.1.0
 */
export type Plan =
  | Keys
  | Role
  | (At & { readonly _tag: "EcsRamRole"; readonly roleName: string | undefined })
  | (At &
      Session & { readonly _tag: "Oidc"; readonly oidcProviderArn: string; readonly oidcTokenFile: string })
  | (At & { readonly _tag: "CredentialsUri"; readonly uri: Redacted.Redacted | undefined })
  | (At & { readonly _tag: "External"; readonly command: Redacted.Redacted })
  | (At & {
      readonly _tag: "CloudSso"
      readonly signInUrl: string
      readonly accountId: string
      readonly accessConfiguration: string
      readonly accessToken: Redacted.Redacted
      readonly accessTokenExpire: number
    })
  | (At & { readonly _tag: "OAuth"; readonly site: "CN" | "INTL"; readonly tokens: OAuthTokens })

/**
 * A plan, or what is wrong with the profile.
 *
 * @category models
 * @since 0.1.0
 */
export type Planned = Either.Either<Plan, Fault>
