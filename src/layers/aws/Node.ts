/**
 * Everything AWS's operations need on Node.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { Signer } from "../../services/aws/Signer.js"
import * as Node from "../Node.js"
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
): Layer.Layer<Signer | CredentialProvider | Node.Services, StsConfigError> =>
  Layer.mergeAll(DefaultChain.layerWith(options), SharedSettings.layerWith(options)).pipe(
    Layer.provideMerge(SignerV4.layer),
    Layer.provideMerge(Node.layer)
  )

/**
 * The default credential chain, the signer, this package's HTTP client, and Node's files and processes. Region and
 * endpoints come from the shared config files too, where neither a policy nor the environment states them.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 * import { AwsNode } from "effect-sts/node"
 *
 * const whoAmI = Aws.getCallerIdentity().pipe(Effect.provide(AwsNode.layer))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer | CredentialProvider | Node.Services, StsConfigError> = layerWith({})
