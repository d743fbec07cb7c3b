/**
 * Regions of Alibaba Cloud: which host they lead to, and what looks like a slip in their names.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Alibaba from "../../src/alibaba.js"
import { RequestPolicy } from "../../src/index.js"
import { regionOf } from "../../src/protocol/alibaba/endpoint.js"
import { environment } from "../support/alibabaEnvironment.js"
import { explaining } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"
import { identity, scripted } from "../support/scripted.js"

/** Where a call goes, or what is wrong with the settings. */
const hostWith = (
  variables: Readonly<Record<string, string>>,
  alibaba: { readonly region?: string; readonly network?: "public" | "vpc" } = {}
) =>
  Effect.suspend(() => {
    const http = scripted(identity)
    return Alibaba.getCallerIdentity().pipe(
      RequestPolicy.adjust({ alibaba }),
      Effect.provide([
        http.layer,
        Alibaba.SignerAcs3.layer,
        Alibaba.Static.layer({ accessKeyId: "LTAIOWN", accessKeySecret: "PLANTED-SECRET" })
      ]),
      environment(variables),
      Effect.match({
        onFailure: (error) => ({ error, host: undefined, sent: http.sent }),
        onSuccess: () => ({
          error: undefined,
          host: new URL(http.sent[0]?.url ?? "").host,
          sent: http.sent
        })
      })
    )
  })

const variable = "ALIBABA_CLOUD_STS_REGION"
const inside = { ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: "true" }

const right: ReadonlyArray<readonly [stated: string, publicHost: string, vpcHost: string | undefined]> = [
  ["cn-hangzhou", "sts.cn-hangzhou.aliyuncs.com", "sts-vpc.cn-hangzhou.aliyuncs.com"],
  ["CN-HANGZHOU", "sts.cn-hangzhou.aliyuncs.com", "sts-vpc.cn-hangzhou.aliyuncs.com"],
  ["Ap-SouthEast-1", "sts.ap-southeast-1.aliyuncs.com", "sts-vpc.ap-southeast-1.aliyuncs.com"],
  [" eu-central-1 ", "sts.eu-central-1.aliyuncs.com", "sts-vpc.eu-central-1.aliyuncs.com"],
  ["ap-southeast-6", "sts.ap-southeast-6.aliyuncs.com", "sts-vpc.ap-southeast-6.aliyuncs.com"],
  ["ap-southeast-7", "sts.ap-southeast-7.aliyuncs.com", "sts-vpc.ap-southeast-7.aliyuncs.com"],
  ["ap-southeast-9", "sts.ap-southeast-9.aliyuncs.com", "sts-vpc.ap-southeast-9.aliyuncs.com"],
  ["me-central-1", "sts.me-central-1.aliyuncs.com", "sts-vpc.me-central-1.aliyuncs.com"],
  ["na-south-1", "sts.na-south-1.aliyuncs.com", "sts-vpc.na-south-1.aliyuncs.com"],
  ["eu-west-2", "sts.eu-west-2.aliyuncs.com", "sts-vpc.eu-west-2.aliyuncs.com"],
  ["sa-east-1", "sts.sa-east-1.aliyuncs.com", "sts-vpc.sa-east-1.aliyuncs.com"],
  ["cn-zhengzhou", "sts.cn-zhengzhou.aliyuncs.com", "sts-vpc.cn-zhengzhou.aliyuncs.com"],
  ["cn-heyuan-acdr-1", "sts.cn-heyuan-acdr-1.aliyuncs.com", "sts-vpc.cn-heyuan-acdr-1.aliyuncs.com"],
  ["cn-north-2-gov-1", "sts-vpc.cn-north-2-gov-1.aliyuncs.com", "sts-vpc.cn-north-2-gov-1.aliyuncs.com"],
  [
    "cn-shenzhen-finance-1",
    "sts-vpc.cn-shenzhen-finance-1.aliyuncs.com",
    "sts-vpc.cn-shenzhen-finance-1.aliyuncs.com"
  ],
  ["cn-beijing-finance-1", "sts.aliyuncs.com", "sts-vpc.cn-beijing-finance-1.aliyuncs.com"],
  ["cn-hangzhou-finance", "sts.aliyuncs.com", undefined],
  ["ap-south-1", "sts.aliyuncs.com", undefined]
]

const slips: ReadonlyArray<readonly [stated: string, meant: string]> = [
  ["cn-hangzou", "cn-hangzhou"],
  ["CN-HANGZOU", "cn-hangzhou"],
  ["cn_hangzhou", "cn-hangzhou"],
  ["cn hangzhou", "cn-hangzhou"],
  ["cnhangzhou", "cn-hangzhou"],
  ["hangzhou", "cn-hangzhou"],
  ["oss-cn-hangzhou", "cn-hangzhou"],
  ["oss-cn-hangzhou-internal", "cn-hangzhou"],
  ["vpc-cn-hangzhou", "cn-hangzhou"],
  ["cn-hangzhou-vpc", "cn-hangzhou"],
  ["cn-hangzhou-b", "cn-hangzhou"],
  ["sts.cn-hangzhou.aliyuncs.com", "cn-hangzhou"],
  ["https://sts-vpc.cn-hangzhou.aliyuncs.com/", "cn-hangzhou"],
  ["cn-hangzhou#note", "cn-hangzhou"],
  ["cn-bejing", "cn-beijing"],
  ["cn-shangai", "cn-shanghai"],
  ["cn-shenzhen-finance", "cn-shenzhen-finance-1"],
  ["us-west-1a", "us-west-1"],
  ["us-esat-1", "us-east-1"],
  ["us-east", "us-east-1"],
  ["eu-cental-1", "eu-central-1"],
  ["ap-southeast1", "ap-southeast-1"],
  ["ap-southest-5", "ap-southeast-5"],
  ["ap_southeast_6", "ap-southeast-6"],
  ["cn-hangzhou1", "cn-hangzhou"],
  ["cn-hangzhou-1", "cn-hangzhou"],
  ["cn-shangha1", "cn-shanghai"],
  ["ap-southeast-01", "ap-southeast-1"],
  ["southeast-1", "ap-southeast-1"]
]

describe("B4: a region selects its host, and a misspelt region is an error", () => {
  for (const [stated, publicHost, vpcHost] of right) {
    bothWays(`${JSON.stringify(stated)} selects ${publicHost}`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* hostWith({ [variable]: stated })).host, publicHost)
        assert.strictEqual((yield* hostWith({}, { region: stated })).host, publicHost)
        for (const { error, host } of [
          yield* hostWith({ [variable]: stated, ...inside }),
          yield* hostWith({ [variable]: stated }, { network: "vpc" }),
          yield* hostWith({}, { region: stated, network: "vpc" })
        ]) {
          assert.strictEqual(host, vpcHost)
          assert.strictEqual(error?._tag, vpcHost === undefined ? "StsConfigError" : undefined)
        }
      })
    )
  }

  for (const [stated, meant] of slips) {
    bothWays(`${JSON.stringify(stated)} is refused, with ${meant} suggested`, () =>
      Effect.gen(function* () {
        for (const [key, { error, sent }] of [
          [variable, yield* hostWith({ [variable]: stated })],
          [variable, yield* hostWith({ [variable]: stated, ...inside })],
          ["RequestPolicy.alibaba.region", yield* hostWith({}, { region: stated })]
        ] as const) {
          assert.deepInclude({ ...error }, { _tag: "StsConfigError", key })
          assert.include(error?.message, `did you mean ${meant}?`)
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  it.each(["a b", "evil.example/", "evil.example", "cn/hangzhou/../x", "-", "é", "x".repeat(64), "@"])(
    "%j is not a region name",
    (stated) => {
      assert.isTrue(Result.isFailure(regionOf(stated)))
    }
  )

  it("every region selects the same host as in the vendor's client", () => {
    const client = readFileSync(createRequire(import.meta.url).resolve("@alicloud/sts20150401"), "utf8")
    const map = [...client.matchAll(/'([a-z0-9-]+)': "(sts[a-z0-9.-]*\.aliyuncs\.com)"/g)]
    assert.isAbove(map.length, 25)
    for (const [, region = "", host] of map) {
      const { host: ours } = Effect.runSync(hostWith({ [variable]: region }))
      assert.strictEqual(ours, host, region)
    }
  })

  it.effect("an explicit endpoint does not need a valid region", () =>
    Effect.map(
      hostWith({ ALIBABA_CLOUD_STS_ENDPOINT: "sts.example.com", [variable]: "cn-hangzou" }),
      ({ host }) => assert.strictEqual(host, "sts.example.com")
    )
  )

  bothWays("explain shows the region in use and reports a misspelt one", () =>
    Effect.gen(function* () {
      const upper = yield* explaining({ variables: { [variable]: "CN-HANGZHOU" } })
      assert.deepStrictEqual({ ...upper.region }, { value: "cn-hangzhou", from: variable })
      const slip = yield* explaining({ variables: { [variable]: "cn-hangzou" } })
      assert.isUndefined(slip.region)
      assert.deepInclude(
        slip.notes.map(({ detail, key }) => ({ key, detail })),
        { key: variable, detail: "is not a region (did you mean cn-hangzhou?)" }
      )
    })
  )
})
