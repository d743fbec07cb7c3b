/**
 * What AWS's operations need in a function or a container, and nothing else.
 *
 * @since 4.0.0
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as PlatformHttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { Signer } from "../../services/aws/Signer.js"
import * as Chain from "../Chain.js"
import * as HttpClient from "../http/NodeClient.js"
import * as NodeFiles from "../NodeFiles.js"
import * as Container from "./Container.js"
import { refreshing } from "./credentials.js"
import * as Environment from "./Environment.js"
import * as SignerV4 from "./SignerV4.js"
import * as WebIdentity from "./WebIdentity.js"

/**
 * The sources that a function or a container has: the environment, as in AWS Lambda, a web identity from the environment,
 * as a service account in Amazon EKS has it (IRSA), and the container's endpoint, as in Amazon ECS and with Amazon EKS
 * Pod Identity. The first that is configured gives the credentials, which are kept and
 * renewed in time, or ends the search with its error. Files of profiles are not read and no metadata service is asked.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Aws from "effect-sts/aws"
 * import { Blocking } from "effect-sts/blocking"
 * import { AwsFunction } from "effect-sts/function"
 *
 * const blocking = AwsFunction.layerCredentials.pipe(
 *   Layer.provideMerge(Aws.SignerV4.layer),
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
  Effect.map(Effect.all([WebIdentity.fromEnvironment, Container.make()]), (others) =>
    Chain.make("aws", "function", [Environment.source, ...others])
  )
)

/**
 * The same credentials, the signer and this package's HTTP client: all that a function or a container needs of the
 * default layer on Node, in two thirds of the bytes. Region and endpoint come from the environment or a
 * `RequestPolicy`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 * import { AwsFunction } from "effect-sts/function"
 *
 * const whoAmI = Aws.getCallerIdentity().pipe(Effect.provide(AwsFunction.layer))
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layer: Layer.Layer<CredentialProvider | Signer | PlatformHttpClient.HttpClient, StsConfigError> =
  Layer.merge(Layer.provide(layerCredentials, NodeFiles.layer), SignerV4.layer).pipe(
    Layer.provideMerge(HttpClient.layer)
  )
