import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { withProfile } from "../../../src/protocol/aws/profileEdit.js"
import { type FileKind, parse } from "../../../src/protocol/aws/profileFile.js"

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

describe("any file that makes sense", () => {
  const line = FastCheck.constantFrom(
    ...[
      "[p]",
      "[q]",
      " [p] # x",
      "[profile p]",
      "[ profile q ]",
      "[default]",
      "[sso-session s]",
      "# why",
      "",
      "  "
    ],
    ...[
      "aws_access_key_id = old",
      "AWS_SESSION_TOKEN=t ; x",
      "aws_session_token =",
      "region = r",
      "s3 =",
      "  max = 1"
    ],
    ...["  aws_access_key_id = nested", "; off", "key = # none"]
  )
  const file = FastCheck.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"))
  const changes = { aws_access_key_id: "A", aws_session_token: undefined }

  const profilesIn = (kind: FileKind, text: string) =>
    Result.map(parse(kind, "file", text), ({ profiles }) =>
      Object.fromEntries(
        [...profiles].map(([name, { settings }]) => [
          name,
          Object.fromEntries([...settings].map(([key, { value }]) => [key, value]))
        ])
      )
    )

  it.each([
    ["config", "p"],
    ["config", "default"],
    ["credentials", "p"],
    ["credentials", "default"]
  ] as const)("%s means the same but for what is changed in profile %s", (kind, name) => {
    let sound = 0
    FastCheck.assert(
      FastCheck.property(file, (text) => {
        const before = profilesIn(kind, text)
        if (Result.isFailure(before)) return
        sound++
        const next = withProfile(kind, text, name, changes)
        const { [name]: old = {}, ...others } = before.success
        const { [name]: changed, ...rest } = Result.getOrThrow(profilesIn(kind, next))
        assert.deepStrictEqual(rest, others)
        const { aws_session_token: _, ...kept } = old
        assert.deepStrictEqual(changed, { ...kept, aws_access_key_id: "A" })
        assert.strictEqual(withProfile(kind, next, name, changes), next)
      }),
      { numRuns: 2_000 }
    )
    assert.isAbove(sound, 200)
  })
})
