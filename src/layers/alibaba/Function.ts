/**
 * What Alibaba Cloud's operations need in a function or a container, and nothing else.
 *
 * @since 4.0.0
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as PlatformHttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import * as Chain from "../Chain.js"
import * as HttpClient from "../http/NodeClient.js"
import * as NodeFiles from "../NodeFiles.js"
import { hinted, inEnvironment, refreshing } from "./credentials.js"
import * as Oidc from "./Oidc.js"
import * as SignerAcs3 from "./SignerAcs3.js"

/**
 * The sources that a function or a container has: the environment's key pair, as in Function Compute, and the
 * environment's OIDC token, as a service account in ACK has it (RRSA). The first that is configured gives the
 * credentials, which are kept and renewed in time, or ends the search with its error. Files of profiles are not read and
 * no metadata service is asked.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Alibaba from "effect-sts/alibaba"
 * import { Blocking } from "effect-sts/blocking"
 * import { AlibabaFunction } from "effect-sts/function"
 *
 * const blocking = AlibabaFunction.layerCredentials.pipe(
 *   Layer.provideMerge(Alibaba.SignerAcs3.layer),
 *   Layer.provideMerge(Blocking.layer)
 * )
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerCredentials: Layer.Layer<
  CredentialProvider,
  never,
  PlatformHttpClient.HttpClient | FileSystem.FileSystem
> = refreshing(
  Effect.map(Oidc.fromEnvironment, (oidc) => hinted(Chain.make("alibaba", "function", [inEnvironment, oidc])))
)

/**
 * The same credentials, the ACS3 signer and this package's HTTP client: all that a function or a container needs of the
 * default layer on Node, in two thirds of the bytes. Region and endpoint come from the environment or a
 * `RequestPolicy`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 * import { AlibabaFunction } from "effect-sts/function"
 *
 * const whoAmI = Alibaba.getCallerIdentity().pipe(Effect.provide(AlibabaFunction.layer))
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layer: Layer.Layer<CredentialProvider | Signer | PlatformHttpClient.HttpClient, StsConfigError> =
  Layer.merge(Layer.provide(layerCredentials, NodeFiles.layer), SignerAcs3.layer).pipe(
    Layer.provideMerge(HttpClient.layer)
  )
