import { assert, describe, it } from "@effect/vitest"
import { expand, home, locate } from "../../../src/layers/HomeDirectory.js"

describe("the location of the shared config files", () => {
  it("is unknown without a home", () => {
    assert.deepStrictEqual(locate({}, "other"), {
      config: undefined,
      credentials: undefined,
      profile: "default",
      profileKey: undefined
    })
    assert.strictEqual(home({ USERPROFILE: "C:\\Users\\alice" }, "other"), undefined)
    assert.strictEqual(home({ HOMEDRIVE: "C:" }, "windows"), undefined)
  })

  it("may start with ~", () => {
    const env = {
      HOME: "/home/alice",
      AWS_CONFIG_FILE: "~/aws/config",
      AWS_SHARED_CREDENTIALS_FILE: "~bob/keys"
    }
    const { config, credentials } = locate(env, "other")
    assert.strictEqual(config, "/home/alice/aws/config")
    assert.strictEqual(credentials, "~bob/keys")
    assert.strictEqual(
      expand("~\\aws", { USERPROFILE: "C:\\Users\\alice" }, "windows"),
      "C:\\Users\\alice\\aws"
    )
    assert.strictEqual(expand("~", { HOME: "/home/alice" }, "other"), "/home/alice")
    assert.strictEqual(expand("~/aws", {}, "other"), "~/aws")
  })

  it("keeps dollar signs", () => {
    assert.strictEqual(expand("~/x", { HOME: "/home/$&" }, "other"), "/home/$&/x")
  })

  it("has the origin of the profile name", () => {
    const named = (env: Parameters<typeof locate>[0]) => {
      const { profile, profileKey } = locate(env, "other")
      return [profile, profileKey]
    }
    assert.deepStrictEqual(named({ AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" }), ["a", "AWS_PROFILE"])
    assert.deepStrictEqual(named({ AWS_DEFAULT_PROFILE: "b" }), ["b", "AWS_DEFAULT_PROFILE"])
  })
})
