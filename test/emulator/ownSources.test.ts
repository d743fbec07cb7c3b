/**
 * This project's own sources, in process: each gets credentials that the emulator's STS accepts.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import type * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import type { CredentialSource, SourceError } from "../../src/services/CredentialSource.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../src/testing.js"
import * as AwsCall from "./aws/support.js"
import * as AlibabaCall from "./support.js"

const host = "http://127.0.0.1"

const environment = ConfigProvider.fromMap(
  new Map([
    ["AWS_EC2_METADATA_SERVICE_ENDPOINT", host],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", `${host}${AwsSeed.eksContainer.path}`],
    ["AWS_CONTAINER_AUTHORIZATION_TOKEN", Redacted.value(AwsSeed.containerToken)],
    [
      "ALIBABA_CLOUD_CREDENTIALS_URI",
      `${host}${AlibabaSeed.credentialsUri.path}?token=${Redacted.value(AlibabaSeed.credentialsUriToken)}`
    ]
  ])
)

const world = Layer.mergeAll(
  Emulator.layer(),
  Layer.setConfigProvider(environment),
  Layer.succeed(FileSystem.FileSystem, FileSystem.makeNoop({}))
)

type Make<Credentials> = Effect.Effect<
  CredentialSource<Credentials>,
  SourceError,
  HttpClient.HttpClient | FileSystem.FileSystem
>

const textOf = (value: string | Redacted.Redacted | undefined): string =>
  Redacted.isRedacted(value) ? Redacted.value(value) : (value ?? "")

const awsCases: ReadonlyArray<readonly [string, string, Make<Aws.Credentials>]> = [
  ["instance metadata", "instance", Aws.InstanceMetadata.make()],
  ["container", "pod", Aws.Container.make()]
]

const alibabaCases: ReadonlyArray<readonly [string, string, Make<Alibaba.Credentials>]> = [
  ["ECS RAM role", "instance", Alibaba.EcsRamRole.make()],
  ["ECS RAM role, hardened", "instance", Alibaba.EcsRamRole.make({ disableV1: true })],
  ["credentials URI", "reader", Alibaba.CredentialsUri.make()]
]

describe("AWS:", () => {
  for (const [name, role, make] of awsCases) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { accessKeyId, secretAccessKey, sessionToken } = yield* (yield* make).get
        const key = {
          accessKeyId,
          secretAccessKey: textOf(secretAccessKey),
          sessionToken: textOf(sessionToken)
        }
        const me = yield* AwsCall.send(AwsCall.whoAmI({ key }))
        expect(me.text("Arn")).toContain(`:assumed-role/${role}/`)
      }).pipe(Effect.provide(world))
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
        expect(json.Arn).toContain(`:assumed-role/${role}/`)
      }).pipe(Effect.provide(world))
    )
  }
})
