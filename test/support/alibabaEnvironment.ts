/**
 * What Alibaba Cloud's sources find: files, an environment, commands, and whoever answers over HTTP.
 */

import * as NodeChildProcessSpawner from "@effect/platform-node/NodeChildProcessSpawner"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Alibaba from "../../src/alibaba.js"
import { noCommand } from "./commands.js"
import { fault, scripted } from "./scripted.js"

export const home = "/home/alice"

/** Where the command line tool keeps its profiles. */
export const configFile = `${home}/.aliyun/config.json`

/** Where the SDKs look for credentials. */
export const credentialsFile = `${home}/.alibabacloud/credentials`

/** An environment of these variables and the user's folder. */
export const environment = (variables: Readonly<Record<string, string>> = {}) =>
  Effect.provideService(
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown({ HOME: home, ...variables })
  )

/** Commands that really run. */
export const commands = Layer.provide(
  Layer.provide(NodeChildProcessSpawner.layer, NodePath.layer),
  NodeFileSystem.layer
)

/** Nobody answers. */
export const silence = scripted(fault("EHOSTUNREACH")).layer

/** What the sources need. */
export const services = (
  files: Layer.Layer<FileSystem.FileSystem>,
  http: Layer.Layer<HttpClient.HttpClient> = silence,
  executor: Layer.Layer<ChildProcessSpawner.ChildProcessSpawner> = noCommand
): Layer.Layer<Alibaba.CliProfile.Services> => Layer.mergeAll(files, http, executor, Alibaba.SignerAcs3.layer)
