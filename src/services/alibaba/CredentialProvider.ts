/**
 * Where Alibaba Cloud credentials come from.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { CredentialSource } from "../CredentialSource.js"

/**
 * The credentials that Alibaba Cloud's signed operations use.
 * Its own name is what editors and compilers show among the requirements of both clouds.
 *
 * @category tags
 * @since 0.1.0
 */
class AlibabaCredentialProvider extends Context.Service<
  AlibabaCredentialProvider,
  CredentialSource<Credentials>
>()("effect-sts/alibaba/CredentialProvider") {}

export {
  /**
   * The credentials that Alibaba Cloud's signed operations use.
   *
   * @category tags
   * @since 0.1.0
   */
  AlibabaCredentialProvider as CredentialProvider
}
