import { assert, describe, it } from "@effect/vitest"
import { withProfile } from "../../../src/protocol/aws/profileEdit.js"

const arn = "arn:aws:iam::123456789012:user/alice"

const withSession = (text: string, profile: string): string =>
  withProfile("config", text, profile, { login_session: arn })

const withKeys = (text: string, profile: string): string =>
  withProfile("credentials", text, profile, { one: "1", two: "2", gone: undefined })

describe("a config file", () => {
  it.each([
    ["", "default", `[default]\nlogin_session = ${arn}\n`],
    ["[default]\nregion = x", "default", `[default]\nlogin_session = ${arn}\nregion = x`],
    ["a", "dev", `a\n\n[profile dev]\nlogin_session = ${arn}\n`],
    [
      "[profile dev] # it\r\nregion = x\r\nlogin_session = old\r\n[profile b]\r\nlogin_session = b\r\n",
      "dev",
      `[profile dev] # it\r\nregion = x\r\nlogin_session = ${arn}\r\n[profile b]\r\nlogin_session = b\r\n`
    ],
    [
      '[profile "my one"]\nregion = x\n',
      "my one",
      `[profile "my one"]\nlogin_session = ${arn}\nregion = x\n`
    ],
    ["", "my one", `[profile "my one"]\nlogin_session = ${arn}\n`],
    [
      "[sso-session dev]\nx = 1\n",
      "dev",
      `[sso-session dev]\nx = 1\n\n[profile dev]\nlogin_session = ${arn}\n`
    ]
  ])("%j keeps its other lines where profile %s gets a session", (text, profile, expected) => {
    assert.strictEqual(withSession(text, profile), expected)
    assert.strictEqual(withSession(expected, profile), expected)
  })
})

describe("a profile in a credentials file", () => {
  it("is added after what is there", () => {
    assert.strictEqual(withKeys("", "new"), "[new]\none = 1\ntwo = 2\n")
    assert.strictEqual(
      withKeys("# mine\n[other]\none = 9\n", "new"),
      "# mine\n[other]\none = 9\n\n[new]\none = 1\ntwo = 2\n"
    )
  })

  it("keeps every other line, its comments and its line ends", () => {
    const text = "; top\r\n[a]\r\none=9 # old\r\n# why\r\nregion = r\r\nGONE = x\r\n[b]\r\none = 8\r\n"
    assert.strictEqual(
      withKeys(text, "a"),
      "; top\r\n[a]\r\none = 1\r\ntwo = 2\r\n# why\r\nregion = r\r\n[b]\r\none = 8\r\n"
    )
  })
})
