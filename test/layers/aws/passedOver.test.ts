/** What was meant to be the default profile, where other sources are asked instead: it is no error, and it is told. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { asking, configFile, credentialsFile, type Setup } from "../../support/awsOutcomes.js"
import { keptLogs } from "../../support/logs.js"

const pair = "aws_access_key_id = AKIA\naws_secret_access_key = PLANTED\n"

const warnedOf = (setup: Setup) =>
  Effect.gen(function* () {
    const { layer, warnings } = keptLogs()
    const { error } = yield* Effect.provide(asking(Aws.DefaultChain.make(), setup), layer)
    assert.deepInclude({ ...error }, { reason: "NotConfigured" })
    return warnings.filter((text) => text.startsWith("No profile gives credentials: "))
  })

const rows: ReadonlyArray<readonly [name: string, setup: Setup, told: RegExp]> = [
  [
    "a misspelt setting",
    { credentials: "[default]\naws_acess_key_id = PLANTED\n" },
    new RegExp(`line 2 of ${credentialsFile} is ignored: .*did you mean aws_access_key_id`)
  ],
  [
    "a name in another case",
    { credentials: `[Default]\n${pair}` },
    /perhaps \[Default\] was meant to be it\.$/
  ],
  [
    "the same in the config file",
    { config: `[Default]\n${pair}` },
    /perhaps \[Default\] was meant to be it\.$/
  ],
  [
    "a file that is not where a variable says",
    { env: { AWS_CONFIG_FILE: "/nowhere/config" }, config: `[default]\n${pair}` },
    /AWS_CONFIG_FILE names \/nowhere\/config, which does not exist\.$/
  ]
]

describe("a default profile that is passed over", () => {
  for (const [name, setup, told] of rows) {
    it.effect(`for ${name} is warned of`, () =>
      Effect.gen(function* () {
        const [warning = "", ...more] = yield* warnedOf(setup)
        assert.match(warning, told)
        assert.notInclude(warning, "PLANTED")
        assert.isEmpty(more)
      })
    )
  }

  it.effect.each([
    {},
    { config: "[plugins]\ncli_legacy_plugin_path = x\n" },
    { config: "[profile other]\nregion = x\n" },
    { config: "[default]\nregion = eu-west-1\n" }
  ])("for nothing of that kind in %j is not", (setup) =>
    Effect.map(warnedOf(setup), (warnings) => assert.isEmpty(warnings))
  )

  it.effect("is not, where the environment comes first", () =>
    Effect.gen(function* () {
      const { layer, warnings } = keptLogs()
      const env = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "x" }
      const others = { [configFile]: { text: "[Default]\n" } }
      const asked = asking(Aws.DefaultChain.make(), { env, others })
      assert.isDefined((yield* Effect.provide(asked, layer)).value)
      assert.isEmpty(warnings)
    })
  )
})
