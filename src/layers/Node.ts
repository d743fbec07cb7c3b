/**
 * What every cloud's sources and operations need on Node.
 *
 * @since 0.1.0
 */

import type * as FileSystem from "@effect/platform/FileSystem"
import type * as PlatformHttpClient from "@effect/platform/HttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../schemas/StsError.js"
import * as HttpClient from "./HttpClient.js"

/**
 * This package's HTTP client and Node's file system. One value, so that programs that use several clouds share one
 * client.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<PlatformHttpClient.HttpClient | FileSystem.FileSystem, StsConfigError> =
  Layer.merge(HttpClient.layer(), NodeFileSystem.layer)
