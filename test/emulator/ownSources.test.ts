/**
 * This project's own sources, in process: each gets credentials that the emulator's STS accepts.
 */

import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import {
  ChildProcessSpawner as CommandExecutor,
  make as makeExecutor
} from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import { Disk } from "../support/files.js"
import { homeFiles } from "../support/signedInHome.js"
import * as AlibabaCall from "./alibaba/support.js"
import * as AwsCall from "./aws/support.js"

const host = "http://127.0.0.1"

const environment = ConfigProvider.fromUnknown({
  HOME: "/home/alice",
  AWS_REGION: AwsSeed.region,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: host,
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${host}${AwsSeed.eksContainer.path}`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: Redacted.value(AwsSeed.containerToken),
  ALIBABA_CLOUD_CREDENTIALS_URI: `${host}${AlibabaSeed.credentialsUri.path}?token=${Redacted.value(AlibabaSeed.credentialsUriToken)}`
})

/** The home directory of who has just signed in everywhere. */
const home = Layer.unwrap(
  Effect.gen(function* () {
    const { aws, now } = yield* Emulator.Emulator
    const { content, ...login } = yield* aws.login()
    const files = homeFiles("/home/alice", { ...login, content: Redacted.value(content) }, host, yield* now)
    return new Disk(files).layer
  })
)

const noCommands = Layer.succeed(
  CommandExecutor,
  makeExecutor(() => Effect.die(new Error("no source here runs a command")))
)

const services = Layer.provideMerge(
  Layer.mergeAll(home, noCommands, Alibaba.SignerAcs3.layer, ConfigProvider.layer(environment)),
  Emulator.layer
)

type Make<Credentials> = Effect.Effect<
  CredentialSource<Credentials>,
  never,
  HttpClient.HttpClient | FileSystem.FileSystem | CommandExecutor | Alibaba.Signer
>

const sso = (sessionName: string) => {
  const { accountId, roleName } = AwsSeed.ssoRole
  const { region, startUrl } = AwsSeed.identityCenter
  return Aws.Sso.make({ startUrl, region, accountId, roleName, sessionName })
}

const awsCases: ReadonlyArray<readonly [string, string, Make<Aws.Credentials>]> = [
  ["instance metadata", ":assumed-role/instance/", Aws.InstanceMetadata.make()],
  ["container", ":assumed-role/pod/", Aws.Container.make()],
  ["SSO", ":assumed-role/AWSReservedSSO_Reader_", sso("fresh")],
  ["SSO with a token that has ended", ":assumed-role/AWSReservedSSO_Reader_", sso("stale")],
  ["a login about to end", AwsSeed.arns.user, Aws.Login.make({ loginSession: AwsSeed.arns.user })]
]

const alibabaCases: ReadonlyArray<readonly [string, string, Make<Alibaba.Credentials>]> = [
  ["ECS RAM role", "instance", Alibaba.EcsRamRole.make()],
  ["ECS RAM role, hardened", "instance", Alibaba.EcsRamRole.make({ disableV1: true })],
  ["credentials URI", "reader", Alibaba.CredentialsUri.make()],
  ["CloudSSO", "AliyunReservedSSO-Reader", Alibaba.CliProfile.make({ profile: "cloud-sso" })],
  ["OAuth, its token about to end", "reader", Alibaba.CliProfile.make({ profile: "oauth" })]
]

const textOf = (value: Redacted.Redacted | undefined): string =>
  value === undefined ? "" : Redacted.value(value)

describe("AWS:", () => {
  for (const [name, arn, make] of awsCases) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { accessKeyId, secretAccessKey, sessionToken } = yield* (yield* make).get
        const key = {
          accessKeyId,
          secretAccessKey: textOf(secretAccessKey),
          sessionToken: textOf(sessionToken)
        }
        assert.include((yield* AwsCall.send(AwsCall.whoAmI({ key }))).text("Arn"), arn)
      }).pipe(Effect.provide(services))
    )
  }
})

describe("Alibaba Cloud:", () => {
  for (const [name, role, make] of alibabaCases) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { accessKeyId, accessKeySecret, securityToken } = yield* (yield* make).get
        const key = {
          accessKeyId,
          accessKeySecret: textOf(accessKeySecret),
          securityToken: textOf(securityToken)
        }
        const { json } = yield* AlibabaCall.send({ action: "GetCallerIdentity", key })
        assert.include(json.Arn, `:assumed-role/${role}/`)
      }).pipe(Effect.provide(services))
    )
  }
})
