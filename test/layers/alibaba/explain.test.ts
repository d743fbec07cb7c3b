import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../../src/alibaba.js"
import { noCommand } from "../../support/commands.js"
import { files } from "../../support/files.js"
import { fault, scripted } from "../../support/scripted.js"
import { environmentOf } from "../../support/settings.js"

const explained = (env: Readonly<Record<string, string>>, disk: Readonly<Record<string, string>> = {}) =>
  Alibaba.explain().pipe(
    Effect.provide([
      scripted(fault("EHOSTUNREACH")).layer,
      files(disk).layer,
      Alibaba.SignerAcs3.layer,
      noCommand
    ]),
    Effect.provideService(ConfigProvider.ConfigProvider, environmentOf({ HOME: "/home/me", ...env }))
  )

describe("explaining Alibaba Cloud's default chain", () => {
  it.effect("shows the source, unreached sources, the region and overridden settings", () =>
    Effect.gen(function* () {
      const explanation = yield* explained({
        ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIENVIRONMENT",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "PLANTED-SECRET",
        ALIBABA_CLOUD_PROFILE: "dev",
        ALIBABA_CLOUD_STS_REGION: "eu-central-1",
        ALIBABA_CLOUD_SECURTY_TOKEN: "PLANTED-TOKEN",
        ALIBABACLOUD_ACCESS_KEY_ID: "LTAIOTHER"
      })
      assert.deepStrictEqual(
        explanation.sources.map(({ outcome }) => outcome),
        ["used", "not-reached", "not-reached", "not-reached", "not-reached", "not-reached"]
      )
      assert.strictEqual(explanation.credentials?.accessKeyId, "LTAIENVIRONMENT")
      assert.strictEqual(explanation.region?.from, "ALIBABA_CLOUD_STS_REGION")
      assert.sameMembers(
        explanation.notes.map(({ key, kind }) => `${kind} ${key}`),
        [
          "shadowed ALIBABA_CLOUD_PROFILE",
          "elsewhere ALIBABACLOUD_ACCESS_KEY_ID",
          "unknown ALIBABA_CLOUD_SECURTY_TOKEN"
        ]
      )
      assert.notInclude(explanation.render(), "PLANTED")
    })
  )

  it.effect("shows the settings of each source", () =>
    Effect.gen(function* () {
      const { notes, sources } = yield* explained(
        {
          ALIBABA_CLOUD_PROFILE: "dev",
          ALIBABA_CLOUD_ROLE_ARN: "role",
          ALIBABA_CLOUD_OIDC_TOKENFILE: "/token"
        },
        {
          "/home/me/.aliyun/config.json": JSON.stringify(
            { profiles: [{ name: "dev", mode: "StsToken", access_key_id: "STS.a", colour: "red" }] },
            undefined,
            1
          )
        }
      )
      const settings = Object.fromEntries(sources.map((one) => [one.source, one.settings]))
      const file = "/home/me/.aliyun/config.json"
      assert.deepStrictEqual(settings["CLI profile"], [
        { key: "ALIBABA_CLOUD_PROFILE" },
        { key: "mode", file, line: 5 },
        { key: "access_key_id", file, line: 6 }
      ])
      assert.deepStrictEqual(settings["OIDC"], [{ key: "ALIBABA_CLOUD_ROLE_ARN" }])
      assert.deepInclude(notes[0], { key: "ALIBABA_CLOUD_OIDC_TOKENFILE", source: "OIDC" })
    })
  )

  it.effect("shows file and line of a broken setting, and stops there", () =>
    Effect.gen(function* () {
      const explanation = yield* explained(
        {},
        { "/home/me/.alibabacloud/credentials": "[default]\ntype = access_key\naccess_key_id = LTAI\n" }
      )
      const file = explanation.sources[3]
      assert.strictEqual(file?.outcome, "failed")
      assert.strictEqual(file?.file, "/home/me/.alibabacloud/credentials")
      assert.isDefined(file?.line)
      assert.isUndefined(explanation.credentials)
    })
  )

  it.effect.each([
    [
      { ALIBABA_CLOUD_STS_ENDPOINT: "https://sts.test" },
      { url: "https://sts.test/", from: "ALIBABA_CLOUD_STS_ENDPOINT" }
    ],
    [
      { ALIBABA_CLOUD_STS_REGION: "cn-hangzhou" },
      { url: "https://sts.cn-hangzhou.aliyuncs.com/", from: undefined }
    ],
    [{ ALIBABA_CLOUD_STS_REGION: "cn-hangzu" }, undefined],
    [{ ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: "true" }, undefined]
  ] as const)("tells where calls go, or why they fail: %j", ([env, endpoint]) =>
    Effect.gen(function* () {
      const explanation = yield* explained(env)
      assert.deepStrictEqual(explanation.endpoint && { ...explanation.endpoint }, endpoint)
      assert.strictEqual(explanation.problem === undefined, endpoint !== undefined)
    })
  )

  it.effect("says when nothing is configured", () =>
    Effect.gen(function* () {
      const explanation = yield* explained({})
      const outcomes = new Set(explanation.sources.map(({ outcome }) => outcome))
      assert.deepStrictEqual(outcomes, new Set(["not-configured"]))
      assert.match(
        explanation.render(),
        /^No credentials\.\n├─ ○ environment: [\s\S]+\n\nNo region\.\nCalls go to https:\/\/sts\.aliyuncs\.com\/\.$/
      )
    })
  )
})
