/**
 * Temporary cloud credentials for Effect applications.
 *
 * @since 0.1.0
 */

/**
 * Alibaba Cloud STS.
 *
 * @since 0.1.0
 */
export * as Alibaba from "./alibaba.js"

/**
 * AWS STS.
 *
 * @since 0.1.0
 */
export * as Aws from "./aws.js"

/**
 * Credential sources asked one after the other.
 *
 * @since 0.1.0
 */
export * as Chain from "./layers/Chain.js"

/**
 * Credentials that all processes of one machine share.
 *
 * @since 0.1.0
 */
export * as FileCache from "./layers/FileCache.js"

/**
 * Identity tokens of GitHub Actions jobs.
 *
 * @since 0.1.0
 */
export * as GithubActions from "./layers/githubActions.js"
export {
  /**
   * Where the user's folder is when the environment does not say.
   *
   * @since 0.1.0
   */
  HomeDirectory
} from "./layers/HomeDirectory.js"
export type {
  /**
   * Options each of which may be a `Config`, as a `layerConfig` takes them.
   *
   * @since 4.0.0
   */
  Configurable
} from "./layers/layerConfig.js"
export {
  /**
   * How host names are resolved that sources check before they connect.
   *
   * @since 0.1.0
   */
  HostResolver,
  /**
   * Finds all addresses of a host's name.
   *
   * @since 0.1.0
   */
  type ResolveHost
} from "./layers/metadata/Destination.js"
export type {
  /**
   * Which of Alibaba Cloud STS's networks a program is in.
   *
   * @since 0.1.0
   */
  Network as AlibabaNetwork
} from "./protocol/alibaba/endpoint.js"
/**
 * What an explanation of credentials holds.
 *
 * @since 0.1.0
 */
export * from "./schemas/Explanation.js"
/**
 * The errors.
 *
 * @since 0.1.0
 */
export * from "./schemas/StsError.js"
export type {
  /**
   * What a credential source is.
   *
   * @since 0.1.0
   */
  CredentialSource,
  /**
   * What a source can fail with.
   *
   * @since 0.1.0
   */
  SourceError
} from "./services/CredentialSource.js"
/**
 * Metrics of calls.
 *
 * @since 0.1.0
 */
export * as Metrics from "./services/Metrics.js"
export {
  /**
   * Gets the code of an MFA device.
   *
   * @since 0.1.0
   */
  MfaTokenCode
} from "./services/MfaTokenCode.js"
export type {
  /**
   * How a call was answered, beside the response.
   *
   * @since 0.1.0
   */
  ReplyMetadata,
  /**
   * The result of `Aws.withReply` and `Alibaba.withReply`.
   *
   * @since 0.1.0
   */
  WithReply
} from "./services/Observation.js"
export type {
  /**
   * What an anonymous operation can fail with.
   *
   * @since 0.1.0
   */
  AnonymousError,
  /**
   * What a signed operation can fail with.
   *
   * @since 0.1.0
   */
  SignedError
} from "./services/Operations.js"
/**
 * The cache that renews credentials.
 *
 * @since 0.1.0
 */
export * as Refreshing from "./services/Refreshing.js"
export {
  /**
   * The endpoint of Alibaba Cloud STS.
   *
   * @since 0.1.0
   */
  type AlibabaEndpoint,
  /**
   * The endpoint of AWS STS.
   *
   * @since 0.1.0
   */
  type AwsEndpoint,
  /**
   * What can be adjusted.
   *
   * @since 0.1.0
   */
  type Options as RequestPolicyOptions,
  /**
   * A checked policy.
   *
   * @since 0.1.0
   */
  type Policy,
  /**
   * The policy of whatever runs in its context.
   *
   * @since 0.1.0
   */
  RequestPolicy
} from "./services/RequestPolicy.js"
export {
  /**
   * Where nonces come from.
   *
   * @since 0.1.0
   */
  Nonce
} from "./services/Signing.js"
