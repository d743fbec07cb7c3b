/**
 * For functions and containers: little to load, and the few places where credentials are there.
 *
 * @since 4.0.0
 */

/**
 * Alibaba Cloud in Function Compute and ACK.
 *
 * @since 4.0.0
 */
export * as AlibabaFunction from "./layers/alibaba/Function.js"

/**
 * AWS in Lambda, ECS and EKS.
 *
 * @since 4.0.0
 */
export * as AwsFunction from "./layers/aws/Function.js"
