/**
 * Where AWS credentials come from.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { CredentialSource } from "../CredentialSource.js"

/**
 * The credentials that AWS's signed operations use.
 * Its own name is what editors and compilers show among the requirements of both clouds.
 *
 * @category tags
 * @since 0.1.0
 */
class AwsCredentialProvider extends Context.Service<AwsCredentialProvider, CredentialSource<Credentials>>()(
  "effect-sts/aws/CredentialProvider"
) {}

export {
  /**
   * The credentials that AWS's signed operations use.
   *
   * @category tags
   * @since 0.1.0
   */
  AwsCredentialProvider as CredentialProvider
}
