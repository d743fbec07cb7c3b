/**
 * Temporary cloud credentials for Effect applications.
 *
 * @since 0.1.0
 */
export * as Alibaba from "./alibaba.js"
export * as Chain from "./layers/Chain.js"
export * from "./schemas/StsError.js"
export type { CredentialSource } from "./services/CredentialSource.js"
export * as Metrics from "./services/Metrics.js"
export { Nonce } from "./services/Nonce.js"
export { type Options as RequestPolicyOptions, type Policy, RequestPolicy } from "./services/RequestPolicy.js"
