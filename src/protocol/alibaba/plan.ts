/** How a profile comes by its credentials, whichever file it stands in. */

import type * as Redacted from "effect/Redacted"
import type * as Result from "effect/Result"
import type { Fault } from "./section.js"

/** How a file calls its settings. */
export interface Names {
  readonly id: string
  readonly secret: string
  readonly token: string
  /** When temporary keys end, in seconds since 1970, where the file can say so. */
  readonly expiration?: string | undefined
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

/** Where something was configured. */
export interface At {
  readonly profile: string
  readonly line: number
}

/** A key pair, blank where it is not set. */
export interface Keys extends At {
  readonly _tag: "Keys"
  readonly found: {
    readonly id: string | undefined
    readonly secret: string | undefined
    readonly token: string | undefined
    /** As ISO 8601 has it. */
    readonly expiration: string | undefined
  }
  readonly keys: Pick<Names, "id" | "secret" | "token" | "expiration">
  readonly lines: ReadonlyMap<string, number>
}

/** A setting's text, and where it stands. */
export interface Placed {
  readonly key: string
  readonly line: number
  readonly value: string
}

/** Which STS a profile names. */
export interface Endpoint {
  readonly endpoint: Placed | undefined
  readonly region: Placed | undefined
  /** The switch that turns on the endpoint inside the VPC. */
  readonly vpc: Placed | undefined
  /** The region of the profile's other requests, for a VPC endpoint without a region of its own. */
  readonly inside: Placed | undefined
}

/** What STS is asked for, and where. */
export interface Session {
  readonly roleSessionName: string | undefined
  readonly durationSeconds: number | undefined
  readonly policy: string | undefined
  readonly endpoint: Endpoint
  /** Where the fields of the request stand, by their names. */
  readonly stated: Readonly<Record<string, Omit<Placed, "value">>>
}

/** A role that a profile assumes. */
export interface Role extends At, Session {
  readonly roleArn: string
  readonly externalId: string | undefined
}

/** A role for the token of an identity provider. What a profile leaves out, a pod's variables state. */
export interface Oidc extends At, Session {
  readonly _tag: "Oidc"
  readonly roleArn: string | undefined
  readonly oidcProviderArn: string | undefined
  readonly oidcTokenFile: string | undefined
  readonly keys: Pick<Names, "roleArn" | "oidcProviderArn" | "oidcTokenFile">
  /** The line of the profile's beginning. */
  readonly header: number
}

/** The tokens of somebody who logged in; times in seconds since 1970. */
export interface OAuthTokens {
  readonly accessToken: Redacted.Redacted | undefined
  readonly accessTokenExpire: number | undefined
  readonly refreshToken: Redacted.Redacted | undefined
}

/** What needs no other profile. */
export type Base =
  | Keys
  | (At & { readonly _tag: "EcsRamRole"; readonly roleName: string | undefined })
  | Oidc
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
 * The way to credentials: a base, and the roles over it from the first that is assumed to the last, the profile's own.
 */
export interface Plan {
  readonly profile: string
  readonly base: Base
  readonly roles: ReadonlyArray<Role>
}

/** A plan, or what is wrong with the profile. */
export type Planned = Result.Result<Plan, Fault>

/** A profile's part of a plan: a base, or a role over a base of its own or over another profile. */
export type Step =
  | { readonly base: Base; readonly role?: Role }
  | { readonly role: Role; readonly source: string; readonly base?: never }

/** A step, or what is wrong with the profile. */
export type Stepped = Result.Result<Step, Fault>
