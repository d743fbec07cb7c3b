/**
 * Everything AWS's operations need under `Effect.runSync`.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { Signer } from "../../services/aws/Signer.js"
import * as Blocking from "../blocking/Blocking.js"
import * as DefaultChain from "./DefaultChain.js"
import * as SharedSettings from "./SharedSettings.js"
import * as SignerV4 from "./SignerV4.js"

/**
 * The same as {@link layer}, with options. A profile that is stated here counts before the environment's keys.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (
  options: DefaultChain.Options
): Layer.Layer<Signer | CredentialProvider | Blocking.Services, StsConfigError> =>
  Layer.merge(DefaultChain.layerWith(options), SharedSettings.layerWith(options)).pipe(
    Layer.provideMerge(SignerV4.layer),
    Layer.provideMerge(Blocking.layer)
  )

/**
 * The default credential chain, the signer, and HTTP, files, commands and a Clock that block. Region and endpoints come
 * from the shared config files too, where neither a policy nor the environment states them.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer | CredentialProvider | Blocking.Services, StsConfigError> = layerWith(
  {}
)
