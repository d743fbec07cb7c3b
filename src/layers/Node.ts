/**
 * What every cloud's sources and operations need on Node.
 *
 * @since 0.1.0
 */
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as PlatformHttpClient from "@effect/platform/HttpClient"
import * as NodeCommandExecutor from "@effect/platform-node/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Layer from "effect/Layer"
import type { StsConfigError } from "../schemas/StsError.js"
import * as HttpClient from "./HttpClient.js"

/**
 * What the layer provides.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = PlatformHttpClient.HttpClient | FileSystem.FileSystem | CommandExecutor.CommandExecutor

/**
 * This package's HTTP client and Node's file system and processes. One value, so that programs that use several clouds
 * share one client.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<Services, StsConfigError> = Layer.mergeAll(
  HttpClient.layer(),
  NodeCommandExecutor.layer
).pipe(Layer.provideMerge(NodeFileSystem.layer))
