/**
 * For tests, demos and local development: an emulator of the clouds' STS, and of the other endpoints that credential
 * sources ask.
 *
 * @since 0.1.0
 */

/**
 * Accounts of the emulated Alibaba Cloud.
 *
 * @since 0.1.0
 */
export * as AlibabaAccount from "./emulator/alibaba/Account.js"

/**
 * The account that the emulated Alibaba Cloud starts with: its keys, ARNs and identity providers.
 *
 * @since 0.1.0
 */
export * as AlibabaSeed from "./emulator/alibaba/Seed.js"

/**
 * Accounts of the emulated AWS.
 *
 * @since 0.1.0
 */
export * as AwsAccount from "./emulator/aws/Account.js"

/**
 * The accounts that the emulated AWS starts with: their keys, ARNs and identity providers.
 *
 * @since 0.1.0
 */
export * as AwsSeed from "./emulator/aws/Seed.js"

/**
 * The emulator, in process.
 *
 * @since 0.1.0
 */
export * as Emulator from "./emulator/Emulator.js"

/**
 * Faults on request.
 *
 * @since 0.1.0
 */
export * as Fault from "./emulator/Fault.js"
/**
 * Recorded requests.
 *
 * @since 0.1.0
 */
export * as RecordedRequest from "./emulator/RecordedRequest.js"
/**
 * The emulator on a loopback port.
 *
 * @since 0.1.0
 */
export * as EmulatorServer from "./emulator/Server.js"
