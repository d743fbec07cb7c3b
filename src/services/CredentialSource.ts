/**
 * What every source of credentials is, whatever the cloud.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type { StsConfigError, StsCredentialError } from "../schemas/StsError.js"

/**
 * A source of credentials. `NotConfigured` is the one reason that lets a chain ask the next source; a source that is
 * configured and broken says what is wrong.
 *
 * @category models
 * @since 0.1.0
 */
export interface CredentialSource<Credentials> {
  /** How errors and traces call it, for example `environment`. */
  readonly name: string
  /** The credentials to use now. Asked before every attempt of a call; nothing is read earlier. */
  readonly get: Effect.Effect<Credentials, StsCredentialError | StsConfigError>
}
