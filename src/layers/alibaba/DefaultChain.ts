/**
 * The sources that Alibaba Cloud's tools share, in their order.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as Chain from "../Chain.js"
import * as CredentialsFile from "./CredentialsFile.js"
import * as Environment from "./Environment.js"

/**
 * The environment, then the shared credentials file.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<CredentialSource<Credentials>, never, FileSystem.FileSystem> = Effect.map(
  CredentialsFile.make(),
  (file) => Chain.make("alibaba", "default chain", [Environment.source, file])
)

/**
 * The environment, then the shared credentials file.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, FileSystem.FileSystem> = Layer.effect(
  CredentialProvider,
  make
)
