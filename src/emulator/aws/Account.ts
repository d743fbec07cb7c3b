/**
 * What an AWS account contains, as far as STS needs it.
 *
 * @since 0.1.0
 */
import type * as Redacted from "effect/Redacted"
import type { SamlProvider } from "../IdentityProvider.js"
import type * as Metadata from "../Metadata.js"
import type { IamDocument } from "../Policy.js"
import { finder } from "../State.js"

/**
 * A long-term access key.
 *
 * @category models
 * @since 0.1.0
 */
export interface AccessKey {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** The secret of the access key. */
  readonly secretAccessKey: Redacted.Redacted
  /** Whether it may be used. */
  readonly active: boolean
}

/**
 * A virtual MFA device.
 *
 * @category models
 * @since 0.1.0
 */
export interface MfaDevice {
  /** Its ARN. */
  readonly serialNumber: string
  /** What its codes are computed from, in base32. */
  readonly secret: Redacted.Redacted
}

/**
 * An IAM user.
 *
 * @category models
 * @since 0.1.0
 */
export interface User {
  /** For example `AIDAEMULATORALICE0001`. */
  readonly id: string
  /** Its name within the account. */
  readonly name: string
  /** The user's access keys. */
  readonly accessKeys: ReadonlyArray<AccessKey>
  /** The user's MFA devices. */
  readonly mfaDevices: ReadonlyArray<MfaDevice>
  /** What it may do. */
  readonly policies: ReadonlyArray<IamDocument>
}

/**
 * An IAM role.
 *
 * @category models
 * @since 0.1.0
 */
export interface Role {
  /** For example `AROAEMULATORREADER001`. */
  readonly id: string
  /** Its name within the account. */
  readonly name: string
  /** In seconds: 3600 to 43200. */
  readonly maxSessionDuration: number
  /** Who may assume it. */
  readonly trustPolicy: IamDocument
  /** What it may do. */
  readonly policies: ReadonlyArray<IamDocument>
}

/**
 * An OIDC identity provider.
 *
 * @category models
 * @since 0.1.0
 */
export interface OidcProvider {
  /** Its ARN ends with it, without the scheme. */
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
 * An EC2 instance.
 *
 * @category models
 * @since 0.1.0
 */
export interface Instance extends Metadata.Instance {
  /** Whether the service has the extended API, which gives the account. Default: true. */
  readonly extended?: boolean | undefined
}

/**
 * A container of an ECS task or of an EKS pod.
 *
 * @category models
 * @since 0.1.0
 */
export interface Container {
  /** The service that answers it. */
  readonly kind: "ecs" | "eks"
  /** The path of its credentials. */
  readonly path: string
  /** The name of its role. */
  readonly role: string
  /** The session's name in audit logs. */
  readonly roleSessionName: string
  /** The `Authorization` header that it has to send. Default: none. */
  readonly token?: Redacted.Redacted | undefined
}

/**
 * A permission set that a user has in an account.
 *
 * @category models
 * @since 0.1.0
 */
export interface Assignment {
  /** Who may use it. */
  readonly userName: string
  /** The account, by its id. */
  readonly accountId: string
  /** The permission set's name, by which the role is asked for. */
  readonly roleName: string
  /** The name of the IAM role that stands for it in the account. */
  readonly role: string
}

/**
 * A user who has signed in, for a program that is registered as a client.
 *
 * @category models
 * @since 0.1.0
 */
export interface SignIn {
  /** The user who has signed in. */
  readonly userName: string
  /** The client that the user signed in through. */
  readonly clientId: string
  /** The client's secret. */
  readonly clientSecret: Redacted.Redacted
  /** Valid until it is removed; tokens issued later are valid for an hour. */
  readonly accessToken: Redacted.Redacted
  /** Valid for one new pair of tokens. */
  readonly refreshToken: Redacted.Redacted
}

/**
 * An instance of IAM Identity Center.
 *
 * @category models
 * @since 0.1.0
 */
export interface IdentityCenter {
  /** The portal's URL, where people sign in. */
  readonly startUrl: string
  /** The region it is in. */
  readonly region: string
  /** Who may use which role. */
  readonly assignments: ReadonlyArray<Assignment>
  /** The users who have signed in. */
  readonly signIns: ReadonlyArray<SignIn>
}

/**
 * An account.
 *
 * @category models
 * @since 0.1.0
 */
export interface Account {
  /** 12 digits. */
  readonly id: string
  /** The access keys of the root user. */
  readonly accessKeys: ReadonlyArray<AccessKey>
  /** The root user's. */
  readonly mfaDevices: ReadonlyArray<MfaDevice>
  /** The account's users. */
  readonly users: ReadonlyArray<User>
  /** The account's roles. */
  readonly roles: ReadonlyArray<Role>
  /** Its OIDC identity providers. */
  readonly oidcProviders: ReadonlyArray<OidcProvider>
  /** Its SAML identity providers. */
  readonly samlProviders: ReadonlyArray<SamlProvider>
  /** The account that manages its organization, where it is a member of one. */
  readonly managementAccountId?: string | undefined
  /** The issuer of its web identity tokens. Without it, outbound identity federation is disabled. */
  readonly webIdentityIssuer?: string | undefined
  /** The machine that the emulator's instance metadata service stands for; of several accounts the first counts. */
  readonly instance?: Instance | undefined
  /** Containers that are given credentials. Default: none. */
  readonly containers?: ReadonlyArray<Container> | undefined
  /** Its instance of IAM Identity Center. Default: none. */
  readonly identityCenter?: IdentityCenter | undefined
}

/**
 * The ARN of the root user.
 *
 * @category arns
 * @since 0.1.0
 */
export const rootArn = (account: Account): string => `arn:aws:iam::${account.id}:root`

/**
 * The ARN of something in an account, such as `arn:aws:iam::123456789012:role/reader`.
 *
 * @category arns
 * @since 0.1.0
 */
export const arnOf = (
  account: Account,
  kind: "user" | "role" | "oidc-provider" | "saml-provider",
  name: string
): string => `arn:aws:iam::${account.id}:${kind}/${name}`

/**
 * An OIDC provider's name in its ARN and in condition keys: its issuer without the scheme.
 *
 * @category arns
 * @since 0.1.0
 */
export const nameOf = ({ issuer }: OidcProvider): string => issuer.replace(/^https?:\/\//, "")

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
