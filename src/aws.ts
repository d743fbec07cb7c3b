/**
 * AWS STS: its operations, their requests and responses, its signer and credential sources.
 *
 * @since 0.1.0
 */

/**
 * Credentials of a role, assumed with another source's credentials.
 *
 * @since 0.1.0
 */
export * as AssumedRole from "./layers/aws/AssumedRole.js"
/**
 * Credentials from AWS's SDK, and for its clients.
 *
 * @since 0.1.0
 */
export * from "./layers/aws/AwsSdk.js"

/**
 * The files in which the AWS CLI keeps the credentials of roles.
 *
 * @since 0.1.0
 */
export * as CliCache from "./layers/aws/CliCache.js"
/**
 * Credentials from the endpoint that a container is given.
 *
 * @since 0.1.0
 */
export * as Container from "./layers/aws/Container.js"
/**
 * The sources that AWS's tools share.
 *
 * @since 0.1.0
 */
export * as DefaultChain from "./layers/aws/DefaultChain.js"
/**
 * Credentials from the environment.
 *
 * @since 0.1.0
 */
export * as Environment from "./layers/aws/Environment.js"
/**
 * Where credentials come from, and why from there.
 *
 * @since 0.1.0
 */
export * from "./layers/aws/explain.js"
/**
 * Guards that check whose credentials are used.
 *
 * @since 0.1.0
 */
export * from "./layers/aws/Guard.js"
/**
 * The credentials of an EC2 instance's role.
 *
 * @since 0.1.0
 */
export * as InstanceMetadata from "./layers/aws/InstanceMetadata.js"
/**
 * Credentials of the user who signed in with `aws login`.
 *
 * @since 0.1.0
 */
export * as Login from "./layers/aws/Login.js"
/**
 * Credentials that a command prints.
 *
 * @since 0.1.0
 */
export * as Process from "./layers/aws/Process.js"
/**
 * Credentials of a profile of the shared config and credentials files.
 *
 * @since 0.1.0
 */
export * as Profile from "./layers/aws/Profile.js"
/**
 * Credentials of many roles, each got once.
 *
 * @since 0.1.0
 */
export * from "./layers/aws/RoleCredentials.js"
/**
 * What the shared config files say about how requests are made.
 *
 * @since 0.1.0
 */
export * as SharedSettings from "./layers/aws/SharedSettings.js"
/**
 * AWS Signature Version 4.
 *
 * @since 0.1.0
 */
export * as SignerV4 from "./layers/aws/SignerV4.js"
/**
 * Role credentials from IAM Identity Center, for the user who signed in.
 *
 * @since 0.1.0
 */
export * as Sso from "./layers/aws/Sso.js"
/**
 * Tokens of IAM Identity Center.
 *
 * @since 0.1.0
 */
export * as SsoToken from "./layers/aws/SsoToken.js"
/**
 * Credentials that the program states itself.
 *
 * @since 0.1.0
 */
export * as Static from "./layers/aws/Static.js"

/**
 * Credentials of a role, for an identity provider's token.
 *
 * @since 0.1.0
 */
export * as WebIdentity from "./layers/aws/WebIdentity.js"
/**
 * AssumeRole's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/AssumeRole.js"
/**
 * AssumeRoleWithSAML's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/AssumeRoleWithSAML.js"
/**
 * AssumeRoleWithWebIdentity's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/AssumeRoleWithWebIdentity.js"
/**
 * AssumeRoot's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/AssumeRoot.js"
export {
  /**
   * The identity that a role's credentials act as.
   *
   * @since 0.1.0
   */
  AssumedRoleUser,
  /**
   * Credentials.
   *
   * @since 0.1.0
   */
  Credentials,
  /**
   * Credentials that STS issued.
   *
   * @since 0.1.0
   */
  TemporaryCredentials
} from "./schemas/aws/Credentials.js"
/**
 * DecodeAuthorizationMessage's request and response, and what a decoded message says.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/DecodeAuthorizationMessage.js"
/**
 * GetAccessKeyInfo's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetAccessKeyInfo.js"
/**
 * GetCallerIdentity's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetCallerIdentity.js"
/**
 * GetDelegatedAccessToken's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetDelegatedAccessToken.js"
/**
 * GetFederationToken's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetFederationToken.js"
/**
 * GetSessionToken's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetSessionToken.js"
/**
 * GetWebIdentityToken's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/aws/GetWebIdentityToken.js"
/**
 * The credentials that signed operations use.
 *
 * @since 0.1.0
 */
export * from "./services/aws/CredentialProvider.js"
/**
 * Proofs of identity that others check.
 *
 * @since 0.1.0
 */
export * from "./services/aws/IdentityProof.js"
export {
  /**
   * Which service is called, and where.
   *
   * @since 0.1.0
   */
  type SignedHttpClientOptions,
  /**
   * Signs every request of a client.
   *
   * @since 0.1.0
   */
  signedHttpClient
} from "./services/aws/SignedHttpClient.js"
/**
 * The signature scheme that signed operations use.
 *
 * @since 0.1.0
 */
export * from "./services/aws/Signer.js"
/**
 * The operations.
 *
 * @since 0.1.0
 */
export * from "./services/aws/Sts.js"
