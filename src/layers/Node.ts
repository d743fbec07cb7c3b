/** What every cloud's sources and operations need on Node. */

import * as NodeChildProcessSpawner from "@effect/platform-node/NodeChildProcessSpawner"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type * as FileSystem from "effect/FileSystem"
import type * as PlatformHttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type { StsConfigError } from "../schemas/StsError.js"
import * as HttpClient from "./http/NodeClient.js"

/** What the layer provides. */
export type Services =
  | PlatformHttpClient.HttpClient
  | FileSystem.FileSystem
  | ChildProcessSpawner.ChildProcessSpawner

/**
 * This package's HTTP client and Node's file system and processes. One value, so that programs that use several clouds
 * share one client.
 */
export const layer: Layer.Layer<Services, StsConfigError> = Layer.mergeAll(
  HttpClient.layer,
  Layer.provide(NodeChildProcessSpawner.layer, NodePath.layer)
).pipe(Layer.provideMerge(NodeFileSystem.layer))
