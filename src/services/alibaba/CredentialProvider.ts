/**
 * Where Alibaba Cloud credentials come from.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"

/**
 * A source of credentials.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source {
  /** The credentials to use now; asked before every attempt of a call. */
  readonly get: Effect.Effect<Credentials, StsCredentialError | StsConfigError>
}

/**
 * The credentials that Alibaba Cloud's signed operations use.
 *
 * @category tags
 * @since 0.1.0
 */
export class CredentialProvider extends Context.Tag("effect-sts/alibaba/CredentialProvider")<
  CredentialProvider,
  Source
>() {}
