import * as NodeChildProcessSpawner from "@effect/platform-node/NodeChildProcessSpawner"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Aws from "../../../src/aws.js"
import { HomeDirectory } from "../../../src/layers/HomeDirectory.js"
import { noCommand } from "../../support/commands.js"
import { type Entry, files } from "../../support/files.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"
export const home = "/home/alice"
export const configFile = `${home}/.aws/config`
export const credentialsFile = `${home}/.aws/credentials`

export interface Machine {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string | Entry
  readonly credentials?: string | Entry
  readonly others?: Readonly<Record<string, string>>
  readonly answers?: ReadonlyArray<Answer>
}

const run = Layer.provide(Layer.provide(NodeChildProcessSpawner.layer, NodePath.layer), NodeFileSystem.layer)

export const machine = ({ answers = [], config, credentials, env = {}, others = {} }: Machine) => {
  const http = scripted(...(answers.length === 0 ? [fault("EHOSTUNREACH")] : answers))
  const stated = {
    ...(config === undefined ? {} : { [configFile]: config }),
    ...(credentials === undefined ? {} : { [credentialsFile]: credentials })
  }
  const disk = files(Object.assign(others, stated))
  const on =
    (commands: Layer.Layer<ChildProcessSpawner.ChildProcessSpawner>) =>
    <A, E>(effect: Effect.Effect<A, E, Aws.Profile.Services>) =>
      effect.pipe(
        Effect.provide([http.layer, disk.layer, Aws.SignerV4.layer, commands]),
        Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ HOME: home, ...env })
        )
      )
  return { sent: http.sent, read: disk.read, on: on(noCommand), withCommands: on(run) }
}

export const fromProfile = (options?: Aws.Profile.Options) =>
  Effect.flatMap(Aws.Profile.make(options), (source) => source.get)

export const fromChain = Effect.flatMap(Aws.DefaultChain.make(), (source) => source.get)

export const keys = (name: string) =>
  `aws_access_key_id = ${name}-id\naws_secret_access_key = PLANTED-${name}-SECRET\n`

export const assumed = (name: string) =>
  reply(
    200,
    `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/${name}/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>${name}-id</AccessKeyId><SecretAccessKey>PLANTED-${name}-SECRET</SecretAccessKey><SessionToken>PLANTED-${name}-TOKEN</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    { "content-type": "text/xml" }
  )

export const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}\n`
