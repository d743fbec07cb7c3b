import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { settingNames } from "../../src/services/setting.js"
import { environmentOf } from "../support/settings.js"

const variables = { AWS_PROFILE: "dev", AWS_PROFILE_EXTRA: "x", AWS_REGION: " ", AWSOME: "x", PATH: "/bin" }

const names = (provider: ConfigProvider.ConfigProvider) =>
  Effect.provideService(settingNames("AWS"), ConfigProvider.ConfigProvider, provider)

describe("the names of settings", () => {
  it.effect("are found in a record, without blank ones and those of others", () =>
    Effect.map(names(ConfigProvider.fromUnknown(variables)), (found) =>
      assert.deepStrictEqual(found, ["AWS_PROFILE", "AWS_PROFILE_EXTRA"])
    )
  )

  it.effect("are found with underscores between segments, as in the environment", () =>
    Effect.map(names(environmentOf(variables)), (found) =>
      assert.deepStrictEqual(found, ["AWS_PROFILE", "AWS_PROFILE_EXTRA"])
    )
  )

  it.effect("are empty without settings", () =>
    Effect.map(names(ConfigProvider.fromUnknown({})), (found) => assert.deepStrictEqual(found, []))
  )
})
