import "../../../src/blocking.js"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import * as Aws from "../../../src/aws.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { RequestPolicy } from "../../../src/services/RequestPolicy.js"
import { AlibabaSeed, AwsSeed, Emulator } from "../../../src/testing.js"
import { files } from "../../support/files.js"
import { environment } from "../../support/metadata.js"

const region = RequestPolicy.adjust({ aws: { region: AwsSeed.region } })

const awsBy = (provider: Layer.Layer<Aws.CredentialProvider, never, HttpClient.HttpClient>) =>
  Effect.provide(Aws.getCallerIdentity(), Layer.merge(Aws.SignerV4.layer, provider)).pipe(region)

const alibabaBy = (provider: Layer.Layer<Alibaba.CredentialProvider, never, HttpClient.HttpClient>) =>
  Effect.provide(Alibaba.getCallerIdentity(), Layer.merge(Alibaba.SignerAcs3.layer, provider))

const container = (options: Aws.Container.Options) =>
  Layer.provide(Aws.Container.layerWith(options), files({}).layer)

const uri = `http://127.0.0.1${AlibabaSeed.credentialsUri.path}?token=${Redacted.value(AlibabaSeed.credentialsUriToken)}`

type Caller = readonly [
  call: Effect.Effect<{ readonly arn: string }, unknown, HttpClient.HttpClient>,
  arn: string
]

const callers: Readonly<Record<string, Caller>> = {
  "instance metadata": [awsBy(Aws.InstanceMetadata.layer), "assumed-role/instance/"],
  "an ECS container": [awsBy(container({ relativeUri: AwsSeed.ecsContainer.path })), "assumed-role/task/"],
  "an EKS container": [
    awsBy(
      container({
        fullUri: `http://169.254.170.23${AwsSeed.eksContainer.path}`,
        authorizationToken: AwsSeed.containerToken
      })
    ),
    "assumed-role/pod/"
  ],
  "an ECS RAM role": [alibabaBy(Alibaba.EcsRamRole.layer), "assumed-role/instance/"],
  "a credentials URI": [alibabaBy(Alibaba.CredentialsUri.layerWith({ uri })), "assumed-role/"]
}

describe("credentials that are really signed with", () => {
  it.each(Object.entries(callers))("come from %s, also under runSync", (_, [call, arn]) => {
    const me = Effect.runSync(call.pipe(Effect.provide(Emulator.layer), environment({})))
    assert.include(me.arn, arn)
  })

  it.effect("last a day's calls on an instance, asked for a handful of times", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-01-31T00:00:00Z"))
      const { requests } = yield* Emulator.Emulator
      yield* Effect.repeat(Effect.andThen(TestClock.adjust("10 minutes"), Aws.getCallerIdentity()), {
        times: 143
      })
      const count = (operation: string) =>
        Effect.map(requests, (all) => all.filter((one) => one.operation === operation).length)
      assert.strictEqual(yield* count("GetCallerIdentity"), 144)
      assert.isAtMost(yield* count("MetadataToken"), 6)
      assert.isAtMost(yield* count("MetadataCredentials"), 60)
      assert.strictEqual(yield* count("MetadataRole"), 1)
    }).pipe(
      region,
      Effect.provide(
        Layer.merge(Aws.SignerV4.layer, Aws.InstanceMetadata.layer).pipe(Layer.provideMerge(Emulator.layer))
      ),
      environment({})
    )
  )

  it.effect("are refused to a container with another token", () =>
    Effect.gen(function* () {
      const fullUri = `http://169.254.170.23${AwsSeed.eksContainer.path}`
      const error = yield* Effect.flip(awsBy(container({ fullUri, authorizationToken: "PLANTED" })))
      assert.deepInclude(error, { _tag: "StsCredentialError", reason: "Refused" })
      assert.include((error as StsCredentialError).detail, "InvalidTokenException")
      assert.notInclude(error.message, "PLANTED")
    }).pipe(Effect.provide(Emulator.layer), environment({}))
  )
})
