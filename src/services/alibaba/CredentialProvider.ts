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
 *
 * @category tags
 * @since 0.1.0
 */
export class CredentialProvider extends Context.Service<CredentialProvider, CredentialSource<Credentials>>()(
  "effect-sts/alibaba/CredentialProvider"
) {}
