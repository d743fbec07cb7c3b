/**
 * The accounts that the emulated AWS starts with.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import type { IamDocument as Document } from "../Policy.js"
import type { AccessKey, Account, Container, IdentityCenter, Instance, MfaDevice, Role } from "./Account.js"

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
 * A region to sign for. Any other region works too.
 *
 * @category constants
 * @since 0.1.0
 */
export const region = "us-east-1"

const arn = (rest: string): string => `arn:aws:iam::${accountId}:${rest}`

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
export const oidcClientId = "sts.amazonaws.com"

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
export const samlRecipient = "https://signin.aws.amazon.com/saml"

/**
 * Who issues the web identity tokens of the seeded account.
 *
 * @category constants
 * @since 0.1.0
 */
export const webIdentityIssuer = "https://00000000-0000-4000-8000-123456789012.tokens.sts.global.api.aws"

/**
 * The ARNs in the seeded accounts.
 *
 * @category constants
 * @since 0.1.0
 */
export const arns = {
  /** The account itself. */
  root: arn("root"),
  /** A user who may use all of STS. */
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
  /** Trusts users with MFA. */
  mfaRole: arn("role/mfa"),
  /** Trusts {@link arns.oidcProvider}. */
  oidcRole: arn("role/oidc"),
  /** Trusts {@link arns.samlProvider}. */
  samlRole: arn("role/saml"),
  /** Trusts nobody. */
  nobodysRole: arn("role/nobody"),
  /** Trusts EC2. */
  instanceRole: arn("role/instance"),
  /** Trusts the tasks of ECS. */
  taskRole: arn("role/task"),
  /** Trusts the pods of EKS. */
  podRole: arn("role/pod"),
  /** Created by IAM Identity Center. */
  ssoRole: arn("role/AWSReservedSSO_Reader_0000000000000001"),
  /** The OIDC provider of the emulator. */
  oidcProvider: arn("oidc-provider/oidc.emulator.test"),
  /** The SAML provider of the emulator. */
  samlProvider: arn("saml-provider/emulator"),
  /** A role of the member account, which trusts {@link accountId}. */
  memberRole: `arn:aws:iam::${memberAccountId}:role/visitor`
} as const

/**
 * The instance, whose metadata service answers with a session's token and without.
 *
 * @category constants
 * @since 0.1.0
 */
export const instance: Instance = { id: "i-0e11a7042eeeeee01", role: "instance" }

/**
 * The container of an ECS task, which asks without a token.
 *
 * @category constants
 * @since 0.1.0
 */
export const ecsContainer: Container = {
  kind: "ecs",
  path: "/v2/credentials/00000000-0000-4000-8000-000000000001",
  role: "task",
  roleSessionName: "0e11a7042eeeeee0000000000000001"
}

/**
 * The authorization token of {@link eksContainer}.
 *
 * @category constants
 * @since 0.1.0
 */
export const containerToken = Redacted.make("emulator-token-of-the-pod-000001")

/**
 * The container of an EKS pod, which sends a token.
 *
 * @category constants
 * @since 0.1.0
 */
export const eksContainer: Container = {
  kind: "eks",
  path: "/v1/credentials",
  role: "pod",
  roleSessionName: "eks-emulator-app",
  token: containerToken
}

/**
 * The permission set that Alice has, and the account that she has it in.
 *
 * @category constants
 * @since 0.1.0
 */
export const ssoRole = {
  /** The user who has it. */
  userName: "alice",
  /** The account, by its id. */
  accountId,
  /** The permission set's name. */
  roleName: "Reader"
} as const

/**
 * Alice's sign-in.
 *
 * @category constants
 * @since 0.1.0
 */
export const ssoSignIn = {
  /** The user who has signed in. */
  userName: ssoRole.userName,
  /** The client that the user signed in through. */
  clientId: "emulator-client",
  /** The client's secret. */
  clientSecret: Redacted.make("emulator-secret-of-the-client-1"),
  /** The access token. */
  accessToken: Redacted.make("emulator-access-token-of-alice-1"),
  /** Valid for one new pair of tokens. */
  refreshToken: Redacted.make("emulator-refresh-token-of-alice-1")
} as const

/**
 * The instance of IAM Identity Center.
 *
 * @category constants
 * @since 0.1.0
 */
export const identityCenter: IdentityCenter = {
  startUrl: "https://emulator.awsapps.com/start",
  region,
  assignments: [{ ...ssoRole, role: "AWSReservedSSO_Reader_0000000000000001" }],
  signIns: [ssoSignIn]
}

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

const trustingService = (name: string): Document =>
  trusting("sts:AssumeRole", { Principal: { Service: `${name}.amazonaws.com` } })

const role = (id: string, name: string, trustPolicy: Document, more?: Partial<Role>): Role => ({
  id,
  name,
  maxSessionDuration: 3600,
  trustPolicy,
  policies: [],
  ...more
})

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
  serialNumber: `arn:aws:iam::${accountId}:mfa/alice`,
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
  role("AROAEMULATORNOBODY001", "nobody", trusting("sts:AssumeRole")),
  role("AROAEMULATORINSTANCE1", "instance", trustingService("ec2"), { policies: [mayUseSts] }),
  role("AROAEMULATORTASK00001", "task", trustingService("ecs-tasks"), { policies: [mayUseSts] }),
  role("AROAEMULATORPOD000001", "pod", trustingService("pods.eks"), { policies: [mayUseSts] }),
  role(
    "AROAEMULATORSSO000001",
    "AWSReservedSSO_Reader_0000000000000001",
    trusting("sts:AssumeRoleWithSAML", { Principal: { Federated: arns.samlProvider } }),
    { policies: [mayUseSts] }
  )
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
    webIdentityIssuer,
    instance,
    containers: [ecsContainer, eksContainer],
    identityCenter
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
