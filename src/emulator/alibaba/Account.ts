/**
 * What an Alibaba Cloud account contains, as far as STS needs it.
 *
 * @since 0.1.0
 */
import type * as Redacted from "effect/Redacted"
import type { SamlProvider } from "../IdentityProvider.js"
import type * as Metadata from "../Metadata.js"
import type { RamDocument } from "../Policy.js"
import { finder } from "../State.js"

/**
 * A long-lived access key.
 *
 * @category models
 * @since 0.1.0
 */
export interface AccessKey {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** The secret of the access key. */
  readonly accessKeySecret: Redacted.Redacted
  /** Whether it may be used. */
  readonly active: boolean
}

/**
 * A RAM user.
 *
 * @category models
 * @since 0.1.0
 */
export interface User {
  /** Its id, as RAM gives it. */
  readonly id: string
  /** Its name within the account. */
  readonly name: string
  /** The user's access keys. */
  readonly accessKeys: ReadonlyArray<AccessKey>
  /** What it may do. */
  readonly policies: ReadonlyArray<RamDocument>
}

/**
 * A RAM role.
 *
 * @category models
 * @since 0.1.0
 */
export interface Role {
  /** Its id, as RAM gives it. */
  readonly id: string
  /** Its name within the account. */
  readonly name: string
  /** In seconds: 3600 to 43200. */
  readonly maxSessionDuration: number
  /** Who may assume it. */
  readonly trustPolicy: RamDocument
  /** What it may do. */
  readonly policies: ReadonlyArray<RamDocument>
}

/**
 * An OIDC identity provider.
 *
 * @category models
 * @since 0.1.0
 */
export interface OidcProvider {
  /** Its name within the account. */
  readonly name: string
  /** The URL that its tokens state as `iss`. */
  readonly issuer: string
  /** The audiences that tokens may be for. */
  readonly clientIds: ReadonlyArray<string>
  /** The provider's public keys (a JWKS). Without them the emulator is the provider, and mints its tokens. */
  readonly keys?: {
    /** Each a JWK. */
    readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>>
  }
}

export type {
  /**
   * A SAML identity provider.
   *
   * @category models
   * @since 0.1.0
   */
  SamlProvider
} from "../IdentityProvider.js"

/**
 * An ECS instance.
 *
 * @category models
 * @since 0.1.0
 */
export type Instance = Metadata.Instance

/**
 * A local server that gives credentials to whoever knows its URL.
 *
 * @category models
 * @since 0.1.0
 */
export interface CredentialsUri {
  /** The path of its credentials. */
  readonly path: string
  /** What the parameter `token` of the query has to be. Default: none. */
  readonly token?: Redacted.Redacted | undefined
  /** The name of its role. */
  readonly role: string
  /** The session's name in audit logs. */
  readonly roleSessionName: string
}

/**
 * An access configuration that a user of CloudSSO has in an account.
 *
 * @category models
 * @since 0.1.0
 */
export interface Assignment {
  /** Who may use it. */
  readonly userName: string
  /** The account, by its id. */
  readonly accountId: string
  /** The access configuration, by its id. */
  readonly accessConfigurationId: string
  /** The name of the RAM role that stands for it in the account. */
  readonly role: string
}

/**
 * A CloudSSO directory.
 *
 * @category models
 * @since 0.1.0
 */
export interface CloudSso {
  /** Where people sign in. */
  readonly signInUrl: string
  /** Who may use which role. */
  readonly assignments: ReadonlyArray<Assignment>
  /** The users who have signed in. A token is valid until it is removed. */
  readonly signIns: ReadonlyArray<{
    /** The user who has signed in. */
    readonly userName: string
    /** What shows it. */
    readonly accessToken: Redacted.Redacted
  }>
}

/**
 * A user who signed in through OAuth.
 *
 * @category models
 * @since 0.1.0
 */
export interface OAuthSignIn {
  /** The user who has signed in. */
  readonly userName: string
  /** The client that the user signed in through. */
  readonly clientId: string
  /** Valid until it is removed; tokens issued later are valid for an hour. */
  readonly accessToken: Redacted.Redacted
  /** Valid for one new pair of tokens. */
  readonly refreshToken: Redacted.Redacted
  /** The role whose credentials the access token is exchanged for. */
  readonly role: string
}

/**
 * An account.
 *
 * @category models
 * @since 0.1.0
 */
export interface Account {
  /** 16 digits. */
  readonly id: string
  /** The access keys of the root user. */
  readonly accessKeys: ReadonlyArray<AccessKey>
  /** The account's users. */
  readonly users: ReadonlyArray<User>
  /** The account's roles. */
  readonly roles: ReadonlyArray<Role>
  /** Its OIDC identity providers. */
  readonly oidcProviders: ReadonlyArray<OidcProvider>
  /** Its SAML identity providers. */
  readonly samlProviders: ReadonlyArray<SamlProvider>
  /** The machine that the emulator's metadata service stands for; of several accounts the first counts. */
  readonly instance?: Instance | undefined
  /** The server that gives a role's credentials. Default: none. */
  readonly credentialsUri?: CredentialsUri | undefined
  /** Its CloudSSO directory. Default: none. */
  readonly cloudSso?: CloudSso | undefined
  /** Who has signed in through OAuth. Default: nobody. */
  readonly oauthSignIns?: ReadonlyArray<OAuthSignIn> | undefined
}

/**
 * The ARN of the account itself.
 *
 * @category arns
 * @since 0.1.0
 */
export const rootArn = (account: Account): string => `acs:ram::${account.id}:root`

/**
 * The ARN of something in an account, such as `acs:ram::1234567890123456:role/reader`.
 *
 * @category arns
 * @since 0.1.0
 */
export const arnOf = (
  account: Account,
  kind: "user" | "role" | "oidc-provider" | "saml-provider",
  name: string
): string => `acs:ram::${account.id}:${kind}/${name}`

/**
 * Something with the account that it is in.
 *
 * @category models
 * @since 0.1.0
 */
export interface Held<A> {
  /** The account that it is in. */
  readonly account: Account
  /** The thing itself. */
  readonly value: A
}

/**
 * A role by its ARN.
 *
 * @category lookups
 * @since 0.1.0
 */
export const findRole: (accounts: ReadonlyArray<Account>, arn: string) => Held<Role> | undefined = finder(
  ({ roles }) => roles,
  (account, { name }) => arnOf(account, "role", name)
)

/**
 * An OIDC provider by its ARN.
 *
 * @category lookups
 * @since 0.1.0
 */
export const findOidcProvider: (
  accounts: ReadonlyArray<Account>,
  arn: string
) => Held<OidcProvider> | undefined = finder(
  ({ oidcProviders }) => oidcProviders,
  (account, { name }) => arnOf(account, "oidc-provider", name)
)

/**
 * A SAML provider by its ARN.
 *
 * @category lookups
 * @since 0.1.0
 */
export const findSamlProvider: (
  accounts: ReadonlyArray<Account>,
  arn: string
) => Held<SamlProvider> | undefined = finder(
  ({ samlProviders }) => samlProviders,
  (account, { name }) => arnOf(account, "saml-provider", name)
)
