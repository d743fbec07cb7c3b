/**
 * Credentials that the program states itself.
 *
 * @since 0.1.0
 */

import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { stating } from "../credentials.js"
import { fromConfig } from "../layerConfig.js"
import { read } from "./credentials.js"

/**
 * An access key pair, with a session token where it is temporary. Secrets may be plain or `Redacted`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The id of the access key; no secret. At least one character. */
  readonly accessKeyId: string
  /** The secret of the access key, plain or redacted. At least one character. */
  readonly secretAccessKey: string | Redacted.Redacted
  /** What makes credentials temporary; a key pair of a user has none. */
  readonly sessionToken?: string | Redacted.Redacted | undefined
}

const stated = stating({
  provider: CredentialProvider,
  isCredentials: (given): given is Credentials => given instanceof Credentials,
  keys: { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" },
  read
})

/**
 * Always gives the same credentials: an access key pair, or those of a response. An empty or malformed value
 * fails the layer with a `StsCredentialError`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  credentials: Options | Credentials
): Layer.Layer<CredentialProvider, StsCredentialError> => stated(credentials)

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @example
 * ```ts
 * import * as Config from "effect/Config"
 * import * as Aws from "effect-sts/aws"
 *
 * const provider = Aws.Static.layerConfig({
 *   accessKeyId: Config.String("MY_KEY_ID"),
 *   secretAccessKey: Config.Redacted("MY_KEY_SECRET")
 * })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig<Options, CredentialProvider, StsCredentialError, never>(
  layer
)
