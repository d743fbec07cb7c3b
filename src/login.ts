/**
 * Signing in as a person, from nothing: each flow keeps what comes of it where the vendor's own tools do, and where the
 * credential sources of `effect-sts/aws` and `effect-sts/alibaba` read it.
 *
 * @since 0.1.0
 */

/**
 * Credentials in a profile of Alibaba Cloud's command line tool.
 *
 * @since 4.0.0
 */
export * as AlibabaCliProfile from "./layers/alibaba/CliProfileWriter.js"
/**
 * Signing in to Alibaba Cloud's CloudSSO.
 *
 * @since 0.1.0
 */
export * as AlibabaCloudSsoLogin from "./layers/alibaba/CloudSsoLogin.js"
/**
 * Signing in to Alibaba Cloud with OAuth.
 *
 * @since 0.1.0
 */
export * as AlibabaOAuthLogin from "./layers/alibaba/OAuthLogin.js"
/**
 * Signing in to AWS with the console's credentials.
 *
 * @since 0.1.0
 */
export * as AwsConsoleLogin from "./layers/aws/ConsoleLogin.js"
/**
 * Credentials in a profile of AWS's shared credentials file.
 *
 * @since 4.0.0
 */
export * as AwsProfile from "./layers/aws/ProfileWriter.js"
/**
 * Signing in to IAM Identity Center.
 *
 * @since 0.1.0
 */
export * as AwsSsoLogin from "./layers/aws/SsoLogin.js"
/**
 * The person's side of signing in, on Node.
 *
 * @since 0.1.0
 */
export * as NodeSignIn from "./layers/NodeSignIn.js"
/**
 * The person's side of signing in.
 *
 * @since 0.1.0
 */
export * as SignIn from "./services/SignIn.js"
