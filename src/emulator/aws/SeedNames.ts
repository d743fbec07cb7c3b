/** The names of what the emulated AWS starts with. */

/**
 * The account that nearly everything seeded belongs to. It manages the organization of {@link memberAccountId}.
 */
export const accountId = "123456789012"

/** A member of the organization, for AssumeRoot. */
export const memberAccountId = "210987654321"

/** A region to sign for. Every other region will do as well. */
export const region = "us-east-1"

const arn = (rest: string): string => `arn:aws:iam::${accountId}:${rest}`

/** What the seeded third party must name as its ExternalId. */
export const externalId = "effect-sts-external-id"

/** The issuer of the seeded OIDC provider. */
export const oidcIssuer = "https://oidc.emulator.test"

/** The audience that the seeded OIDC provider knows. */
export const oidcClientId = "sts.amazonaws.com"

/** The subject of OIDC tokens where none is given; the seeded role takes any of its namespace. */
export const oidcSubject = "system:serviceaccount:default:app"

/** The entity id of the seeded SAML provider. */
export const samlEntityId = "https://saml.emulator.test/metadata"

/** Where SAML responses for roles are sent. */
export const samlRecipient = "https://signin.aws.amazon.com/saml"

/** Who issues the web identity tokens of the seeded account. */
export const webIdentityIssuer = "https://00000000-0000-4000-8000-123456789012.tokens.sts.global.api.aws"

/** The names under which things of the seeded accounts are found. */
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
  /** Trusts EC2. */
  instanceRole: arn("role/instance"),
  /** Trusts the tasks of ECS. */
  taskRole: arn("role/task"),
  /** Trusts the pods of EKS. */
  podRole: arn("role/pod"),
  /** Of IAM Identity Center's making. */
  ssoRole: arn("role/AWSReservedSSO_Reader_0000000000000001"),
  oidcProvider: arn("oidc-provider/oidc.emulator.test"),
  samlProvider: arn("saml-provider/emulator"),
  /** A role of the member account, which trusts {@link accountId}. */
  memberRole: `arn:aws:iam::${memberAccountId}:role/visitor`
} as const
