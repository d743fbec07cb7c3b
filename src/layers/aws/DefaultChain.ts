/**
 * The sources that AWS's tools share, in their order.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as Chain from "../Chain.js"
import * as Environment from "./Environment.js"

/**
 * The environment.
 *
 * @category constructors
 * @since 0.1.0
 */
export const source: CredentialSource<Credentials> = Chain.make("aws", "default chain", [Environment.source])

/**
 * The environment.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider> = Layer.succeed(CredentialProvider, source)
