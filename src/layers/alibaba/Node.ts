/**
 * Everything Alibaba Cloud's operations need on Node.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import * as Node from "../Node.js"
import * as DefaultChain from "./DefaultChain.js"
import * as SignerAcs3 from "./SignerAcs3.js"

/**
 * The default credential chain, the ACS3 signer and this package's HTTP client.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 * import { AlibabaNode } from "effect-sts/node"
 *
 * const whoAmI = Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaNode.layer))
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Signer | CredentialProvider | HttpClient.HttpClient, StsConfigError> =
  Layer.merge(DefaultChain.layer, Layer.service(HttpClient.HttpClient)).pipe(
    Layer.provideMerge(SignerAcs3.layer),
    Layer.provide(Node.layer)
  )
