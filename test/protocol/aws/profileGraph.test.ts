import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import type { Base } from "../../../src/protocol/aws/profileBase.js"
import type { ProfileFault } from "../../../src/protocol/aws/profileFault.js"
import { empty, parse } from "../../../src/protocol/aws/profileFile.js"
import { merge, plan } from "../../../src/protocol/aws/profileGraph.js"

const planOf = (config: string, credentials = "", selected = "a") =>
  Result.gen(function* () {
    const both = merge(
      yield* parse("config", "config", config),
      credentials === "" ? empty : yield* parse("credentials", "credentials", credentials)
    )
    return yield* plan(both, selected)
  })

const keys = "aws_access_key_id = i\naws_secret_access_key = s\n"
const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}\n`
const sso =
  "sso_start_url = https://e.test/start\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n"

describe("a profile's way to credentials", () => {
  // Each kind stands with every kind that counts after it.
  const order: ReadonlyArray<readonly [tag: Base["_tag"], settings: string]> = [
    ["Named", "credential_source = EcsContainer\n"],
    ["WebIdentity", `${role("w")}web_identity_token_file = /token\n`],
    ["Sso", sso],
    ["Login", "login_session = arn:aws:iam::1:user/u\n"],
    ["Process", "credential_process = p\n"],
    ["Keys", keys],
    ["SsoToken", "sso_session = work\n"]
  ]
  const session = "[sso-session work]\nsso_start_url = https://e.test/start\nsso_region = eu-west-1\n"

  for (const [index, [tag]] of order.entries()) {
    it(`prefers ${tag} to what comes after it`, () => {
      const settings = order.slice(index).map(([, text]) => text)
      const { base } = Result.getOrThrow(planOf(`[profile a]\n${settings.join("")}${session}`))
      assert.strictEqual(base._tag, tag)
    })
  }

  it("prefers a key pair of the credentials file to login and process", () => {
    const later = "[profile a]\nlogin_session = arn:aws:iam::1:user/u\ncredential_process = p\n"
    assert.strictEqual(Result.getOrThrow(planOf(later, `[a]\n${keys}`)).base._tag, "Keys")
    assert.strictEqual(
      Result.getOrThrow(planOf(`${later}web_identity_token_file = /t\n${role("w")}`, `[a]\n${keys}`)).base
        ._tag,
      "WebIdentity"
    )
  })

  it("supports a profile that is its own source", () => {
    const { base, roles } = Result.getOrThrow(
      planOf(`[profile a]\n${role("r")}source_profile = a\ncredential_process = p\n`)
    )
    assert.strictEqual(base._tag, "Process")
    assert.deepStrictEqual(
      roles.map(({ line, profile }) => [profile, line]),
      [["a", 2]]
    )
  })

  it("ends at the key pair of a source profile, before its role", () => {
    const { base, profile, roles } = Result.getOrThrow(
      planOf(
        `[profile a]\n${role("a")}source_profile = b\n[profile b]\n${role("b")}source_profile = gone\n${keys}`
      )
    )
    assert.deepStrictEqual([base._tag, profile.name, roles.length], ["Keys", "b", 1])
  })

  const faults: ReadonlyArray<readonly [name: string, config: string, expected: Partial<ProfileFault>]> = [
    ["a profile that is not there", "", { reason: "UnknownProfile", profile: "a" }],
    ["nothing for credentials", "[profile a]\n", { reason: "NotConfigured", line: 1 }],
    [
      "a blank key pair",
      "[profile a]\naws_access_key_id =\naws_secret_access_key =\n",
      { reason: "Incomplete", key: "aws_access_key_id", line: 2 }
    ],
    [
      "whose credentials, but no role",
      `[profile a]\nsource_profile = b\n[profile b]\n${keys}`,
      { reason: "Incomplete", key: "role_arn", line: 1 }
    ],
    ["a blank role", `[profile a]\nrole_arn =\n${keys}`, { reason: "Incomplete", key: "role_arn", line: 2 }],
    [
      "a blank process",
      "[profile a]\ncredential_process =  # later\n",
      { reason: "Incomplete", key: "credential_process", line: 2 }
    ],
    [
      "a role without a source",
      `[profile a]\n${role("r")}`,
      { reason: "Incomplete", key: "source_profile", line: 1 }
    ],
    [
      "a circle behind the beginning",
      `[profile a]\n${role("a")}source_profile = b\n[profile b]\n${role("b")}source_profile = b2\n[profile b2]\n${role("c")}source_profile = b\n`,
      {
        reason: "Malformed",
        key: "source_profile",
        line: 9,
        detail: "source_profile forms a loop: b -> b2 -> b"
      }
    ],
    [
      "a duration that is no number",
      `[profile a]\n${role("a")}web_identity_token_file = /t\nduration_seconds = 1h\n`,
      { reason: "Malformed", key: "duration_seconds", line: 4 }
    ],
    [
      "a duration that is too long",
      `[profile a]\n${role("a")}credential_source = Environment\nduration_seconds = 43201\n`,
      { reason: "Malformed", key: "duration_seconds", line: 4 }
    ],
    [
      "a session that is not there",
      "[profile a]\nsso_session = gone\n[sso-session work]\n",
      {
        reason: "Malformed",
        key: "sso_session",
        line: 2,
        detail: "there is no [sso-session gone]; the only one is work"
      }
    ],
    [
      "a region that contradicts the session",
      `[profile a]\nsso_session = work\nsso_region = us-east-1\n${session}`,
      { reason: "Malformed", key: "sso_region", line: 3 }
    ],
    [
      "an SSO role without account",
      `[profile a]\nsso_session = work\nsso_role_name = r\n${session}`,
      { reason: "Incomplete", key: "sso_account_id", line: 1 }
    ],
    [
      "SSO without a region",
      "[profile a]\nsso_start_url = https://e.test\nsso_account_id = 1\nsso_role_name = r\n",
      { reason: "Incomplete", key: "sso_region", line: 1 }
    ]
  ]

  for (const [name, config, expected] of faults) {
    it(`ends at ${name}: ${expected.reason}`, () => {
      const fault = Result.getOrThrow(Result.flip(planOf(config)))
      assert.deepInclude({ ...fault }, expected)
    })
  }

  it("lets a profile repeat its sso-session's settings", () => {
    const { base } = Result.getOrThrow(planOf(`[profile a]\nsso_session = work\n${sso}${session}`))
    assert.deepStrictEqual(base, {
      _tag: "Sso",
      sessionName: "work",
      startUrl: "https://e.test/start",
      region: "eu-west-1",
      regionAt: { file: "config", line: 9 },
      accountId: "1",
      roleName: "r"
    })
  })

  it("always terminates", () => {
    const names = ["a", "b", "c", "d"]
    const profile = FastCheck.record({
      source: FastCheck.option(FastCheck.constantFrom(...names)),
      hasKeys: FastCheck.boolean()
    })
    FastCheck.assert(
      FastCheck.property(FastCheck.tuple(profile, profile, profile, profile), (profiles) => {
        const text = profiles
          .map(({ hasKeys, source }, index) => {
            const link = source === null ? "" : `${role("r")}source_profile = ${source}\n`
            return `[profile ${names[index]}]\n${link}${hasKeys ? keys : ""}`
          })
          .join("")
        const outcome = planOf(text)
        if (Result.isSuccess(outcome)) assert.isAtMost(outcome.success.roles.length, names.length)
        else
          assert.include(["Malformed", "Incomplete", "NotConfigured"], Reflect.get(outcome.failure, "reason"))
      })
    )
  })
})
