/**
 * Everything Alibaba Cloud's operations need under `Effect.runSync`.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import * as Blocking from "../blocking/Blocking.js"
import * as DefaultChain from "./DefaultChain.js"
import * as SignerAcs3 from "./SignerAcs3.js"

/**
 * The same as {@link layer}, with options. A profile that is stated here counts before the environment's keys.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (
  options: DefaultChain.Options
): Layer.Layer<Signer | CredentialProvider | Blocking.Services, StsConfigError> =>
  DefaultChain.layerWith(options).pipe(
    Layer.provideMerge(SignerAcs3.layer),
    Layer.provideMerge(Blocking.layer)
  )

/**
 * The default credential chain, the ACS3 signer, and HTTP, files, commands and a Clock that block.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 * import { AlibabaBlocking } from "effect-sts/blocking"
 *
 * const whoAmI = () =>
 *   Effect.runSync(Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaBlocking.layer)))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer | CredentialProvider | Blocking.Services, StsConfigError> = layerWith(
  {}
)
