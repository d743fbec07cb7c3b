import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Alibaba, Aws, RequestPolicy } from "../../src/index.js"
import { noCommand } from "../support/commands.js"
import { files } from "../support/files.js"
import { fault, scripted } from "../support/scripted.js"

const config = JSON.stringify({
  current: "default",
  profiles: [
    { name: "default", mode: "AK", access_key_id: "id", access_key_secret: "s", region_id: "cn-beijing" }
  ]
})

const both = Effect.all([Aws.region, Alibaba.region])

const stated = (env: Readonly<Record<string, string>>, asked = both) =>
  asked.pipe(
    Effect.provide(Layer.merge(Aws.SharedSettings.layer, Alibaba.DefaultChain.layer)),
    Effect.provide([
      scripted(fault("EHOSTUNREACH")).layer,
      files({
        "/home/me/.aws/config": "[default]\nregion = eu-west-1\n",
        "/home/me/.aliyun/config.json": config
      }).layer,
      Alibaba.SignerAcs3.layer,
      noCommand
    ]),
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({ HOME: "/home/me", ...env })
    )
  )

describe("the region that is stated", () => {
  it.effect("is the policy's, the environment's or the profile's, in that order", () =>
    Effect.gen(function* () {
      const policy = { aws: { region: "us-west-2" }, alibaba: { region: "cn-shanghai" } }
      assert.deepStrictEqual(yield* stated({}), ["eu-west-1", "cn-beijing"])
      assert.deepStrictEqual(yield* stated({ AWS_REGION: "us-east-2" }), ["us-east-2", "cn-beijing"])
      assert.deepStrictEqual(yield* stated({ AWS_REGION: "us-east-2" }, RequestPolicy.adjust(policy)(both)), [
        "us-west-2",
        "cn-shanghai"
      ])
    })
  )

  it.effect("is nothing where nobody states one", () =>
    Effect.gen(function* () {
      const none = ConfigProvider.fromUnknown({})
      const found = yield* Effect.provideService(both, ConfigProvider.ConfigProvider, none)
      assert.deepStrictEqual(found, [undefined, undefined])
    })
  )
})
