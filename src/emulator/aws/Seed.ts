/**
 * The accounts that the emulated AWS starts with.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import type { AccessKey, Account, MfaDevice, Role } from "./Account.js"
import type { Document } from "./Policy.js"

/**
 * The account that nearly everything seeded belongs to. It manages the organization of {@link memberAccountId}.
 *
 * @category constants
 * @since 0.1.0
 */
export const accountId = "123456789012"

/**
 * A member of the organization, for AssumeRoot.
 *
 * @category constants
 * @since 0.1.0
 */
export const memberAccountId = "210987654321"

/**
 * A region to sign for. Every other region will do as well.
 *
 * @category constants
 * @since 0.1.0
 */
export const region = "us-east-1"

const arn = (rest: string): string => `arn:aws:iam::${accountId}:${rest}`

const key = (accessKeyId: string, secret: string, active = true): AccessKey => ({
  accessKeyId,
  secretAccessKey: Redacted.make(secret),
  active
})

const version = "2012-10-17"

const mayUseSts: Document = {
  Version: version,
  Statement: [{ Effect: "Allow", Action: "sts:*", Resource: "*" }]
}

type Trust = Omit<Exclude<Document["Statement"], ReadonlyArray<unknown>>, "Effect" | "Action">

const trusting = (action: string, ...trusts: ReadonlyArray<Trust>): Document => ({
  Version: version,
  Statement: trusts.map((trust) => ({
    Effect: "Allow",
    Action: [action, "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"],
    ...trust
  }))
})

const role = (id: string, name: string, trustPolicy: Document, more?: Partial<Role>): Role => ({
  id,
  name,
  maxSessionDuration: 3600,
  trustPolicy,
  policies: [],
  ...more
})

/**
 * What the seeded third party must name as its ExternalId.
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
 * The audience that the seeded OIDC provider knows.
 *
 * @category constants
 * @since 0.1.0
 */
export const oidcClientId = "sts.amazonaws.com"

/**
 * The subject of OIDC tokens where none is given; the seeded role takes any of its namespace.
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
export const samlRecipient = "https://signin.aws.amazon.com/saml"

/**
 * Who issues the web identity tokens of the seeded account.
 *
 * @category constants
 * @since 0.1.0
 */
export const webIdentityIssuer = "https://00000000-0000-4000-8000-123456789012.tokens.sts.global.api.aws"

/**
 * The names under which things of the seeded accounts are found.
 *
 * @category constants
 * @since 0.1.0
 */
export const arns = {
  root: arn("root"),
  user: arn("user/alice"),
  userWithoutPermission: arn("user/bob"),
  /** Trusts the account; its sessions may assume further roles. */
  role: arn("role/reader"),
  /** Trusts the account, for up to twelve hours. */
  longRole: arn("role/operator"),
  /** Trusts whoever names {@link externalId}. */
  externalIdRole: arn("role/third-party"),
  /** Trusts only sessions of {@link arns.role}. */
  chainedRole: arn("role/chained"),
  /** Trusts who shows a device. */
  mfaRole: arn("role/mfa"),
  /** Trusts {@link arns.oidcProvider}. */
  oidcRole: arn("role/oidc"),
  /** Trusts {@link arns.samlProvider}. */
  samlRole: arn("role/saml"),
  /** Trusts nobody. */
  nobodysRole: arn("role/nobody"),
  oidcProvider: arn("oidc-provider/oidc.emulator.test"),
  samlProvider: arn("saml-provider/emulator"),
  /** A role of the member account, which trusts {@link accountId}. */
  memberRole: `arn:aws:iam::${memberAccountId}:role/visitor`
} as const

/**
 * The access keys of the seeded accounts.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys = {
  /** Of a user who may use STS. */
  user: key("AKIARZPUZDIKALICEAAA", "emulator-secret-of-alice-00001-aws-00000"),
  /** Of the same user, disabled. */
  inactive: key("AKIARZPUZDIKALICEBBB", "emulator-secret-of-alice-00002-aws-00000", false),
  /** Of a user without any permission. */
  userWithoutPermission: key("AKIARZPUZDIKBOBAAAAA", "emulator-secret-of-bob-000001-aws-00000"),
  /** Of the root user. */
  root: key("AKIARZPUZDIKAROOTAAA", "emulator-secret-of-root-00001-aws-00000")
} as const

/**
 * The MFA device of the user whose key {@link keys.user} is.
 *
 * @category constants
 * @since 0.1.0
 */
export const mfaDevice: MfaDevice = {
  serialNumber: arn("mfa/alice"),
  secret: Redacted.make("EMULATORALICEDEVICE234567ABCDEFG")
}

const account: Trust = { Principal: { AWS: arns.root } }

const roles: ReadonlyArray<Role> = [
  role("AROAEMULATORREADER001", "reader", trusting("sts:AssumeRole", account), { policies: [mayUseSts] }),
  role("AROAEMULATOROPERATOR1", "operator", trusting("sts:AssumeRole", account), {
    maxSessionDuration: 43_200
  }),
  role(
    "AROAEMULATORTHIRD0001",
    "third-party",
    trusting("sts:AssumeRole", {
      ...account,
      Condition: { StringEquals: { "sts:ExternalId": externalId } }
    })
  ),
  role("AROAEMULATORCHAINED01", "chained", trusting("sts:AssumeRole", { Principal: { AWS: arns.role } }), {
    maxSessionDuration: 7200
  }),
  role(
    "AROAEMULATORMFA000001",
    "mfa",
    trusting("sts:AssumeRole", { ...account, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })
  ),
  role(
    "AROAEMULATOROIDC00001",
    "oidc",
    trusting("sts:AssumeRoleWithWebIdentity", {
      Principal: { Federated: arns.oidcProvider },
      Condition: {
        StringEquals: { "oidc.emulator.test:aud": oidcClientId },
        StringLike: { "oidc.emulator.test:sub": "system:serviceaccount:default:*" }
      }
    })
  ),
  role(
    "AROAEMULATORSAML00001",
    "saml",
    trusting("sts:AssumeRoleWithSAML", {
      Principal: { Federated: arns.samlProvider },
      Condition: { StringEquals: { "SAML:aud": samlRecipient } }
    })
  ),
  role("AROAEMULATORNOBODY001", "nobody", trusting("sts:AssumeRole"))
]

/**
 * The accounts that the emulated AWS starts with.
 *
 * @category constants
 * @since 0.1.0
 */
export const accounts: ReadonlyArray<Account> = [
  {
    id: accountId,
    accessKeys: [keys.root],
    mfaDevices: [],
    users: [
      {
        id: "AIDAEMULATORALICE0001",
        name: "alice",
        accessKeys: [keys.user, keys.inactive],
        mfaDevices: [mfaDevice],
        policies: [mayUseSts]
      },
      {
        id: "AIDAEMULATORBOB000001",
        name: "bob",
        accessKeys: [keys.userWithoutPermission],
        mfaDevices: [],
        policies: []
      }
    ],
    roles,
    oidcProviders: [{ issuer: oidcIssuer, clientIds: [oidcClientId] }],
    samlProviders: [{ name: "emulator", entityId: samlEntityId }],
    webIdentityIssuer
  },
  {
    id: memberAccountId,
    accessKeys: [],
    mfaDevices: [],
    users: [],
    roles: [role("AROAEMULATORVISITOR01", "visitor", trusting("sts:AssumeRole", account))],
    oidcProviders: [],
    samlProviders: [],
    managementAccountId: accountId
  }
]
