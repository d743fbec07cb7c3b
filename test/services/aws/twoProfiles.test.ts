import { assert, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { files } from "../../support/files.js"
import { reply, scripted } from "../../support/scripted.js"

it.effect("two profiles that share an HTTP client keep their own regions", () =>
  Effect.gen(function* () {
    const answers = Array.from({ length: 4 }, () => reply(400, "no"))
    const http = scripted(...answers)
    const disk = files({
      "/home/me/.aws/config": "[profile a]\nregion = eu-central-1\n[profile b]\nregion = us-west-2\n"
    })
    const call = (profile: string) =>
      Effect.result(Aws.getCallerIdentity().pipe(Effect.provide(Aws.SharedSettings.layerWith({ profile }))))
    yield* Effect.all([call("a"), call("b"), call("a"), call("b")]).pipe(
      Effect.provide([
        http.layer,
        disk.layer,
        Aws.SignerV4.layer,
        Aws.Static.layer({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" })
      ]),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({ HOME: "/home/me" }))
    )
    assert.deepStrictEqual(
      http.sent.map(({ url }) => new URL(url).host),
      [
        "sts.eu-central-1.amazonaws.com",
        "sts.us-west-2.amazonaws.com",
        "sts.eu-central-1.amazonaws.com",
        "sts.us-west-2.amazonaws.com"
      ]
    )
  })
)
