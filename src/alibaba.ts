/**
 * Alibaba Cloud STS: its operations, their requests and responses, its signers and credential sources.
 *
 * @since 0.1.0
 */

/**
 * Credentials from Alibaba Cloud's SDK, and for its clients.
 *
 * @since 0.1.0
 */
export * from "./layers/alibaba/AlibabaSdk.js"

/**
 * Credentials of a profile of the vendor's command line tool.
 *
 * @since 0.1.0
 */
export * as CliProfile from "./layers/alibaba/CliProfile.js"
/**
 * Credentials of the user who logged in to CloudSSO.
 *
 * @since 0.1.0
 */
export * as CloudSso from "./layers/alibaba/CloudSso.js"
/**
 * Credentials from the shared credentials file.
 *
 * @since 0.1.0
 */
export * as CredentialsFile from "./layers/alibaba/CredentialsFile.js"
/**
 * Credentials from a local or nearby URL.
 *
 * @since 0.1.0
 */
export * as CredentialsUri from "./layers/alibaba/CredentialsUri.js"
/**
 * The sources that Alibaba Cloud's tools share, in their order.
 *
 * @since 0.1.0
 */
export * as DefaultChain from "./layers/alibaba/DefaultChain.js"
/**
 * The credentials of an ECS instance's RAM role.
 *
 * @since 0.1.0
 */
export * as EcsRamRole from "./layers/alibaba/EcsRamRole.js"
/**
 * Credentials from the environment.
 *
 * @since 0.1.0
 */
export * as Environment from "./layers/alibaba/Environment.js"
/**
 * Credentials that a command prints.
 *
 * @since 0.1.0
 */
export * as External from "./layers/alibaba/External.js"
/**
 * Where credentials come from, and why from there.
 *
 * @since 0.1.0
 */
export * from "./layers/alibaba/explain.js"
/**
 * Guards that check whose credentials are used.
 *
 * @since 0.1.0
 */
export * from "./layers/alibaba/Guard.js"
/**
 * Credentials of the user who logged in with the vendor's command line tool (OAuth).
 *
 * @since 0.1.0
 */
export * as OAuth from "./layers/alibaba/OAuth.js"
/**
 * Credentials of a RAM role, for an identity provider's token.
 *
 * @since 0.1.0
 */
export * as Oidc from "./layers/alibaba/Oidc.js"
/**
 * Credentials of a RAM role, assumed with another source's credentials.
 *
 * @since 0.1.0
 */
export * as RamRoleArn from "./layers/alibaba/RamRoleArn.js"
/**
 * Credentials of many roles, each got once.
 *
 * @since 0.1.0
 */
export * from "./layers/alibaba/RoleCredentials.js"
/**
 * The ACS3-HMAC-SHA256 signature.
 *
 * @since 0.1.0
 */
export * as SignerAcs3 from "./layers/alibaba/SignerAcs3.js"
/**
 * The RPC signature, version 1.0.
 *
 * @since 0.1.0
 */
export * as SignerRpc from "./layers/alibaba/SignerRpc.js"
/**
 * Credentials that the program states itself.
 *
 * @since 0.1.0
 */
export * as Static from "./layers/alibaba/Static.js"
/**
 * AssumeRole's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/alibaba/AssumeRole.js"
/**
 * AssumeRoleWithOIDC's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/alibaba/AssumeRoleWithOIDC.js"
/**
 * AssumeRoleWithSAML's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/alibaba/AssumeRoleWithSAML.js"

export {
  /**
   * Whom a role's credentials act as.
   *
   * @since 0.1.0
   */
  AssumedRoleUser,
  /**
   * An access key pair, or temporary credentials.
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
} from "./schemas/alibaba/Credentials.js"

/**
 * GetCallerIdentity's request and response.
 *
 * @since 0.1.0
 */
export * from "./schemas/alibaba/GetCallerIdentity.js"
/**
 * The credentials that signed operations use.
 *
 * @since 0.1.0
 */
export * from "./services/alibaba/CredentialProvider.js"
/**
 * Any Alibaba Cloud API through a signed HTTP client.
 *
 * @since 0.1.0
 */
export * from "./services/alibaba/SignedHttpClient.js"
/**
 * The signature scheme that signed operations use.
 *
 * @since 0.1.0
 */
export * from "./services/alibaba/Signer.js"
/**
 * The operations.
 *
 * @since 0.1.0
 */
export * from "./services/alibaba/Sts.js"
