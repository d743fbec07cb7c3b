/**
 * For programs on Node: the clouds with their default credential chains and this package's HTTP client.
 *
 * @since 0.1.0
 */

/**
 * Alibaba Cloud on Node.
 *
 * @since 0.1.0
 */
export * as AlibabaNode from "./layers/alibaba/Node.js"

/**
 * AWS on Node.
 *
 * @since 0.1.0
 */
export * as AwsNode from "./layers/aws/Node.js"
/**
 * The HTTP client over node:http(s), with its options.
 *
 * @since 0.1.0
 */
export * as NodeHttp from "./layers/http/NodeClient.js"
/**
 * Codes of multi-factor authentication devices, asked for at the terminal.
 *
 * @since 0.1.0
 */
export * as MfaPrompt from "./layers/MfaPrompt.js"
