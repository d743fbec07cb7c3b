/**
 * A machine that Alibaba Cloud's sources run on: its files, environment and commands, and whoever answers over HTTP.
 */

import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as NodeCommandExecutor from "@effect/platform-node/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
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
  Effect.withConfigProvider(ConfigProvider.fromJson({ HOME: home, ...variables }))

/** Commands that really run. */
export const commands = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)

/** Nobody answers. */
export const silence = scripted(fault("EHOSTUNREACH")).layer

/** What the sources need. */
export const services = (
  files: Layer.Layer<FileSystem.FileSystem>,
  http: Layer.Layer<HttpClient.HttpClient> = silence,
  executor: Layer.Layer<CommandExecutor.CommandExecutor> = noCommand
): Layer.Layer<Alibaba.CliProfile.Services> => Layer.mergeAll(files, http, executor, Alibaba.SignerAcs3.layer)
