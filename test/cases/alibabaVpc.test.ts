/** The endpoint inside a VPC: whichever region the environment or the profile names, and an error where none does. */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import { configFile, credentialsFile, environment, services } from "../support/alibabaEnvironment.js"
import { asking, type Setup } from "../support/alibabaOutcomes.js"
import { files } from "../support/files.js"
import { bothWays } from "../support/runners.js"
import { assumed, identity, scripted } from "../support/scripted.js"

const secret = "PLANTED-SECRET"
const keys = (id: string) => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: id,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret
})

describe("B18: VPC set by a profile or the program, without a region", () => {
  const roleArn = "acs:ram::123456789012:role/reader"
  const profile = { name: "dev", mode: "RamRoleArn", access_key_id: "LTAIFILE", access_key_secret: secret }
  bothWays("the error has file and line of the profile's VPC setting", () =>
    Effect.map(
      asking(Alibaba.CliProfile.make(), {
        files: {
          [configFile]: `{"current": "dev", "profiles": [\n${JSON.stringify({ ...profile, ram_role_arn: roleArn, enable_vpc: true }, null, 1)}]}`
        }
      }),
      ({ error, sent }) => {
        assert.deepInclude(
          { ...error },
          { _tag: "StsConfigError", key: "sts_region", file: configFile, line: 8 }
        )
        assert.include(error?.message, "enable_vpc")
        assert.notInclude(error?.message, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
        assert.lengthOf(sent, 0)
      }
    )
  )
})

describe("B18: VPC set by the environment, without a region", () => {
  const vpc = { ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: "true" }
  const pair = { access_key_id: "LTAIFILE", access_key_secret: secret }
  const calling = (
    layer: Layer.Layer<Alibaba.CredentialProvider, never, Alibaba.CliProfile.Services>,
    setup: Setup
  ) =>
    Effect.suspend(() => {
      const http = scripted(identity)
      const needs = services(files(setup.files ?? {}).layer, http.layer)
      return Alibaba.getCallerIdentity().pipe(
        Effect.provide(Layer.provideMerge(layer, needs)),
        environment({ ...vpc, ...setup.variables }),
        Effect.match({
          onFailure: (error) => error.message,
          onSuccess: () => new URL(http.sent[0]?.url ?? "").host
        })
      )
    })
  const cli = (settings: object): Setup => ({
    files: {
      [configFile]: JSON.stringify({
        current: "dev",
        profiles: [
          { name: "dev", mode: "AK", ...pair, ...settings },
          { name: "other", mode: "AK", ...pair, region_id: "us-west-1" }
        ]
      })
    }
  })
  const file = (lines: string): Setup => ({
    files: { [credentialsFile]: `[default]\naccess_key_id = LTAI\naccess_key_secret = ${secret}\n${lines}` }
  })

  for (const [what, layer, setup, host] of [
    [
      "region_id",
      Alibaba.DefaultChain.layer,
      cli({ region_id: "cn-hangzhou" }),
      "sts-vpc.cn-hangzhou.aliyuncs.com"
    ],
    [
      "its case",
      Alibaba.DefaultChain.layer,
      cli({ region_id: " CN-Hangzhou " }),
      "sts-vpc.cn-hangzhou.aliyuncs.com"
    ],
    [
      "sts_region before region_id",
      Alibaba.DefaultChain.layerWith({ continueOnFailure: true }),
      cli({ region_id: "cn-hangzhou", sts_region: "cn-beijing" }),
      "sts-vpc.cn-beijing.aliyuncs.com"
    ],
    [
      "the profile that is named",
      Alibaba.DefaultChain.layerWith({ profile: "other" }),
      cli({ region_id: "cn-hangzhou" }),
      "sts-vpc.us-west-1.aliyuncs.com"
    ],
    [
      "the CLI profile alone",
      Alibaba.CliProfile.layer,
      cli({ region_id: "cn-hangzhou" }),
      "sts-vpc.cn-hangzhou.aliyuncs.com"
    ],
    [
      "the credentials file",
      Alibaba.DefaultChain.layer,
      file("region_id = cn-hangzhou\n"),
      "sts-vpc.cn-hangzhou.aliyuncs.com"
    ],
    [
      "the credentials file alone",
      Alibaba.CredentialsFile.layer,
      file("sts_region = cn-hangzhou\n"),
      "sts-vpc.cn-hangzhou.aliyuncs.com"
    ],
    [
      "the variable before the profile",
      Alibaba.DefaultChain.layer,
      { ...cli({ region_id: "cn-hangzhou" }), variables: { ALIBABA_CLOUD_STS_REGION: "eu-central-1" } },
      "sts-vpc.eu-central-1.aliyuncs.com"
    ],
    [
      "an endpoint before all",
      Alibaba.DefaultChain.layer,
      { ...cli({}), variables: { ALIBABA_CLOUD_STS_ENDPOINT: "sts.example.com" } },
      "sts.example.com"
    ],
    [
      "no VPC, and the profile's region is its other requests'",
      Alibaba.DefaultChain.layer,
      {
        ...cli({ region_id: "cn-hangzhou" }),
        variables: { ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: "false" }
      },
      "sts.aliyuncs.com"
    ]
  ] as const) {
    bothWays(what, () => Effect.map(calling(layer, setup), (found) => assert.strictEqual(found, host)))
  }

  const withoutRegion: ReadonlyArray<Setup> = [cli({}), file(""), { variables: keys("LTAI") }]
  for (const setup of withoutRegion) {
    bothWays(`neither, in ${Object.keys(setup.files ?? setup.variables ?? {})}`, () =>
      Effect.map(calling(Alibaba.DefaultChain.layer, setup), (message) => {
        assert.include(message, "ALIBABA_CLOUD_STS_REGION")
        assert.include(message, "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
      })
    )
  }

  bothWays("a misspelt region of a profile is reported with its line", () =>
    Effect.map(calling(Alibaba.DefaultChain.layer, cli({ region_id: "cn-hangzou" })), (message) => {
      assert.include(message, "did you mean cn-hangzhou?")
      assert.include(message, `${configFile}:1`)
    })
  )

  const role = { ram_role_arn: "acs:ram::123456789012:role/reader" }
  for (const [what, settings, host] of [
    ["region_id", { region_id: "cn-hangzhou" }, "sts-vpc.cn-hangzhou.aliyuncs.com"],
    ["sts_region", { region_id: "cn-hangzhou", sts_region: "cn-beijing" }, "sts-vpc.cn-beijing.aliyuncs.com"],
    ["enable_vpc", { region_id: "cn-hangzhou", enable_vpc: true }, "sts-vpc.cn-hangzhou.aliyuncs.com"]
  ] as const) {
    bothWays(`a role of a profile with ${what}`, () =>
      Effect.map(
        asking(Alibaba.CliProfile.make(), {
          ...cli({ mode: "RamRoleArn", ...role, ...settings }),
          variables: what === "enable_vpc" ? {} : vpc,
          answer: assumed
        }),
        ({ error, sent }) => assert.strictEqual(new URL(sent[0]?.url ?? "x:").host, host, error?.message)
      )
    )
  }

  bothWays("a source that needs no region does not fail", () =>
    Effect.map(asking(Alibaba.DefaultChain.make(), { ...cli({}), variables: vpc }), ({ credentials }) =>
      assert.strictEqual(credentials?.accessKeyId, "LTAIFILE")
    )
  )
})
