/**
 * The account that an emulator starts with.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Aws from "../aws/Seed.js"
import type { RamDocument as Document } from "../Policy.js"
import type { AccessKey, Account, CloudSso, CredentialsUri, Instance, OAuthSignIn, Role } from "./Account.js"

/**
 * The seeded account.
 *
 * @category constants
 * @since 0.1.0
 */
export const accountId = "1234567890123456"

/**
 * The instance, whose metadata service answers with a session's token and without.
 *
 * @category constants
 * @since 0.1.0
 */
export const instance: Instance = { id: "i-bp1emulator0000000001", role: "instance" }

/**
 * What the URL of {@link credentialsUri} has to tell.
 *
 * @category constants
 * @since 0.1.0
 */
export const credentialsUriToken = Redacted.make("emulator-token-of-the-uri-000001")

/**
 * The server that gives credentials to whoever knows its URL.
 *
 * @category constants
 * @since 0.1.0
 */
export const credentialsUri: CredentialsUri = {
  path: "/credentials",
  token: credentialsUriToken,
  role: "reader",
  roleSessionName: "uri"
}

/**
 * The access configuration that Alice has, and the account that she has it in.
 *
 * @category constants
 * @since 0.1.0
 */
export const cloudSsoAccess = {
  /** The user who has signed in. */
  userName: "alice",
  /** The account, by its id. */
  accountId,
  /** The access configuration, by its id. */
  accessConfigurationId: "ac-00emulator0000001"
} as const

/**
 * The token of Alice's sign-in to CloudSSO.
 *
 * @category constants
 * @since 0.1.0
 */
export const cloudSsoToken = Redacted.make("emulator-cloudsso-token-of-alice")

/**
 * The CloudSSO directory.
 *
 * @category constants
 * @since 0.1.0
 */
export const cloudSso: CloudSso = {
  signInUrl: "https://signin-cn-shanghai.alibabacloudsso.com/emulator/login",
  assignments: [{ ...cloudSsoAccess, role: "AliyunReservedSSO-Reader" }],
  signIns: [{ userName: "alice", accessToken: cloudSsoToken }]
}

const signIn = (site: string, clientId: string): OAuthSignIn => ({
  userName: "alice",
  clientId,
  accessToken: Redacted.make(`emulator-oauth-access-token-${site}`),
  refreshToken: Redacted.make(`emulator-oauth-refresh-token-${site}`),
  role: "reader"
})

/**
 * Alice's sign-ins through OAuth, by site. The clients are those of the CLI.
 *
 * @category constants
 * @since 0.1.0
 */
export const oauth = {
  /** At the site in China. */
  cn: signIn("cn", "4038181954557748008"),
  /** At the international site. */
  intl: signIn("intl", "4103531455503354461")
} as const

const arn = (rest: string): string => `acs:ram::${accountId}:${rest}`

const key = (accessKeyId: string, secret: string, active = true): AccessKey => ({
  accessKeyId,
  accessKeySecret: Redacted.make(secret),
  active
})

const mayAssumeRoles: Document = {
  Version: "1",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }]
}

type Trust = Omit<Document["Statement"][number], "Effect" | "Action">

const trusting = (...trusts: ReadonlyArray<Trust>): Document => ({
  Version: "1",
  Statement: trusts.map((trust) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...trust }))
})

const role = (number: number, name: string, trustPolicy: Document, more?: Partial<Role>): Role => ({
  id: `39000000000000${String(number).padStart(4, "0")}`,
  name,
  maxSessionDuration: 3600,
  trustPolicy,
  policies: [],
  ...more
})

/**
 * The external id that the seeded third-party role requires.
 *
 * @category constants
 * @since 0.1.0
 */
export const externalId = "effect-sts-external-id"

/**
 * The issuer of the seeded OIDC provider.
 *
 * @category constants
 * @since 0.1.0
 */
export const oidcIssuer = "https://oidc.emulator.test"

/**
 * The audience of the seeded OIDC provider.
 *
 * @category constants
 * @since 0.1.0
 */
export const oidcClientId = "sts.aliyuncs.com"

/**
 * The default subject of OIDC tokens; the seeded role accepts any in its namespace.
 *
 * @category constants
 * @since 0.1.0
 */
export const oidcSubject = "system:serviceaccount:default:app"

/**
 * The entity id of the seeded SAML provider.
 *
 * @category constants
 * @since 0.1.0
 */
export const samlEntityId = "https://saml.emulator.test/metadata"

/**
 * Where SAML responses for roles are sent.
 *
 * @category constants
 * @since 0.1.0
 */
export const samlRecipient = "https://signin.alibabacloud.com/saml-role/sso"

/**
 * The ARNs in the seeded accounts.
 *
 * @category constants
 * @since 0.1.0
 */
export const arns = {
  /** The account itself. */
  root: arn("root"),
  /** A user who may assume roles. */
  user: arn("user/alice"),
  /** A user who may do nothing. */
  userWithoutPermission: arn("user/bob"),
  /** Trusts the account; its sessions may assume further roles. */
  role: arn("role/reader"),
  /** Trusts the account, for up to twelve hours. */
  longRole: arn("role/operator"),
  /** Trusts the account with {@link externalId}. */
  externalIdRole: arn("role/third-party"),
  /** Trusts only sessions of {@link arns.role}. */
  chainedRole: arn("role/chained"),
  /** Trusts {@link arns.oidcProvider}. */
  oidcRole: arn("role/oidc"),
  /** Trusts {@link arns.samlProvider}. */
  samlRole: arn("role/saml"),
  /** Trusts nobody. */
  nobodysRole: arn("role/nobody"),
  /** Trusts {@link arns.awsOidcProvider}. */
  awsRole: arn("role/aws"),
  /** Trusts ECS. */
  instanceRole: arn("role/instance"),
  /** Created by CloudSSO. */
  cloudSsoRole: arn("role/AliyunReservedSSO-Reader"),
  /** The OIDC provider of the emulator. */
  oidcProvider: arn("oidc-provider/emulator"),
  /** The emulated AWS, which issues web identity tokens. */
  awsOidcProvider: arn("oidc-provider/aws"),
  /** The SAML provider of the emulator. */
  samlProvider: arn("saml-provider/emulator")
} as const

/**
 * The access keys of the seeded account.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys = {
  /** Of a user who may assume roles. */
  user: key("LTAI5tEmulatorAlice00001", "emulator-secret-of-alice-00001"),
  /** Of the same user, disabled. */
  inactive: key("LTAI5tEmulatorAlice00002", "emulator-secret-of-alice-00002", false),
  /** Of a user without any permission. */
  userWithoutPermission: key("LTAI5tEmulatorBob0000001", "emulator-secret-of-bob-0000001"),
  /** Of the account itself. */
  root: key("LTAI5tEmulatorRoot000001", "emulator-secret-of-root-000001")
} as const

const roles: ReadonlyArray<Role> = [
  role(1, "reader", trusting({ Principal: { RAM: arns.root } }), { policies: [mayAssumeRoles] }),
  role(2, "operator", trusting({ Principal: { RAM: arns.root } }), { maxSessionDuration: 43_200 }),
  role(
    3,
    "third-party",
    trusting({
      Principal: { RAM: arns.root },
      Condition: { StringEquals: { "sts:ExternalId": externalId } }
    })
  ),
  role(4, "chained", trusting({ Principal: { RAM: arns.role } }), { maxSessionDuration: 7200 }),
  role(
    5,
    "oidc",
    trusting({
      Principal: { Federated: arns.oidcProvider },
      Condition: {
        StringEquals: { "oidc:iss": oidcIssuer, "oidc:aud": oidcClientId },
        StringLike: { "oidc:sub": "system:serviceaccount:default:*" }
      }
    })
  ),
  role(
    6,
    "saml",
    trusting({
      Principal: { Federated: arns.samlProvider },
      Condition: { StringEquals: { "saml:recipient": samlRecipient } }
    })
  ),
  role(7, "nobody", trusting()),
  role(
    8,
    "aws",
    trusting({
      Principal: { Federated: arns.awsOidcProvider },
      Condition: {
        StringEquals: { "oidc:iss": Aws.webIdentityIssuer, "oidc:aud": oidcClientId },
        StringLike: { "oidc:sub": `arn:aws:iam::${Aws.accountId}:*` }
      }
    })
  ),
  role(9, "instance", trusting({ Principal: { Service: "ecs.aliyuncs.com" } }), {
    policies: [mayAssumeRoles]
  }),
  role(10, "AliyunReservedSSO-Reader", trusting({ Principal: { Federated: arns.samlProvider } }), {
    policies: [mayAssumeRoles]
  })
]

/**
 * The account that an emulator starts with.
 *
 * @category constants
 * @since 0.1.0
 */
export const account: Account = {
  id: accountId,
  accessKeys: [keys.root],
  users: [
    {
      id: "290000000000000001",
      name: "alice",
      accessKeys: [keys.user, keys.inactive],
      policies: [mayAssumeRoles]
    },
    { id: "290000000000000002", name: "bob", accessKeys: [keys.userWithoutPermission], policies: [] }
  ],
  roles,
  oidcProviders: [
    { name: "emulator", issuer: oidcIssuer, clientIds: [oidcClientId] },
    { name: "aws", issuer: Aws.webIdentityIssuer, clientIds: [oidcClientId] }
  ],
  samlProviders: [{ name: "emulator", entityId: samlEntityId }],
  instance,
  credentialsUri,
  cloudSso,
  oauthSignIns: [oauth.cn, oauth.intl]
}
