/** Options that the program's own configuration states. */
import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Alibaba, Aws } from "../../src/index.js"
import { environment } from "../support/metadata.js"

const secret = "PLANTEDSECRET"

const aws = Aws.Static.layerConfig({
  accessKeyId: Config.String("MY_ID"),
  secretAccessKey: Config.Redacted("MY_SECRET"),
  sessionToken: "plain-token"
})

const inAws = Effect.provide(
  Effect.flatMap(Aws.CredentialProvider, ({ get }) => get),
  aws
)

const inAlibabaCloud = Effect.provide(
  Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get),
  Alibaba.Static.layerConfig({
    accessKeyId: Config.String("MY_ID"),
    accessKeySecret: Config.Redacted("MY_SECRET")
  })
)

describe("a layer whose options are configured", () => {
  it.effect("takes them from the configuration, and what is no Config as it is", () =>
    Effect.gen(function* () {
      const credentials = yield* inAws
      assert.strictEqual(credentials.accessKeyId, "AKIAMINE")
      assert.strictEqual(Redacted.value(credentials.secretAccessKey), secret)
      assert.strictEqual(credentials.sessionToken && Redacted.value(credentials.sessionToken), "plain-token")
      assert.strictEqual((yield* inAlibabaCloud).accessKeyId, "AKIAMINE")
    }).pipe(environment({ MY_ID: "AKIAMINE", MY_SECRET: secret }))
  )

  it.effect("names the option that the configuration lacks", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(inAws)
      assert.deepInclude({ ...error }, { _tag: "StsConfigError", key: "secretAccessKey" })
      assert.include(
        error.message,
        "could not be read from the configuration: MY_SECRET is missing or not valid"
      )
    }).pipe(environment({ MY_ID: "AKIAMINE" }))
  )

  it.effect("shows nothing of a setting that is wrong", () =>
    Effect.gen(function* () {
      const layer = Aws.Static.layerConfig({
        accessKeyId: Config.map(Config.Int("MY_ID"), String),
        secretAccessKey: Config.Redacted("MY_SECRET")
      })
      const error = yield* Effect.flip(Effect.provide(Effect.void, layer))
      assert.deepInclude({ ...error }, { _tag: "StsConfigError", key: "accessKeyId" })
      assert.include(error.message, "MY_ID is missing or not valid")
      assert.notInclude(JSON.stringify(error) + error.message + String(error.stack), "PLANTED")
    }).pipe(environment({ MY_ID: "PLANTED", MY_SECRET: secret }))
  )
})
