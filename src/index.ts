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
 * Credential sources asked one after the other.
 *
 * @since 0.1.0
 */
export * as Chain from "./layers/Chain.js"

/**
 * The errors.
 *
 * @since 0.1.0
 */
export * from "./schemas/StsError.js"

/**
 * What a credential source is.
 *
 * @since 0.1.0
 */
export type { CredentialSource } from "./services/CredentialSource.js"

/**
 * What calls count of themselves.
 *
 * @since 0.1.0
 */
export * as Metrics from "./services/Metrics.js"

/**
 * Where nonces come from.
 *
 * @since 0.1.0
 */
export { Nonce } from "./services/Nonce.js"

/**
 * Everything adjustable about how requests are made.
 *
 * @since 0.1.0
 */
export {
  type AlibabaEndpoint,
  type Options as RequestPolicyOptions,
  type Policy,
  RequestPolicy
} from "./services/RequestPolicy.js"
