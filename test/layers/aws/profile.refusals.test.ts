import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Aws from "../../../src/aws.js"
import { type Expected, expectError } from "../../support/refusals.js"
import {
  configFile,
  credentialsFile,
  fromChain,
  fromProfile,
  keys,
  type Machine,
  machine,
  role
} from "./profile.js"

// Others pass over each of these and answer with whoever they find next: here the instance's role would be it.
describe("invalid AWS_PROFILE configurations end the search", () => {
  const chosen = { AWS_PROFILE: "prod" }
  const elsewhere = `[default]\n${keys("other")}`

  const setUps: ReadonlyArray<readonly [name: string, machine: Machine, expected: Expected]> = [
    [
      "a name that no profile has",
      { env: chosen, config: `${elsewhere}[profile production]\nregion = eu-central-1\n` },
      { reason: "UnknownProfile", key: "AWS_PROFILE", profile: "prod", says: [/default, production/] }
    ],
    [
      "a header that is not closed",
      { env: chosen, config: `${elsewhere}[profile prod\n${keys("prod")}` },
      { reason: "Malformed", file: configFile, line: 4, says: [/header/] }
    ],
    [
      "half a key pair",
      {
        env: chosen,
        config: `${elsewhere}[profile prod]\nregion = eu-central-1\naws_secret_access_key = PLANTED-HALF\n`
      },
      { reason: "Incomplete", key: "aws_access_key_id", file: configFile, line: 6, profile: "prod" }
    ],
    [
      "two sources for one role",
      {
        env: chosen,
        config: `${elsewhere}[profile prod]\n${role("deployer")}source_profile = default\ncredential_source = Environment\n`
      },
      { reason: "Malformed", key: "credential_source", file: configFile, line: 7, says: [/source_profile/] }
    ],
    [
      "a process that fails",
      {
        env: chosen,
        config: `${elsewhere}[profile prod]\ncredential_process = echo the session is over >&2; exit 3\n`
      },
      {
        reason: "Unavailable",
        key: "credential_process",
        file: configFile,
        line: 5,
        profile: "prod",
        says: [/it says: the session is over/]
      }
    ]
  ]

  for (const [name, set, expected] of setUps) {
    it.live(name, () =>
      Effect.gen(function* () {
        const { sent, withCommands } = machine(set)
        expectError(yield* Effect.flip(withCommands(fromChain)), expected)
        assert.deepStrictEqual(sent, [])
      })
    )
  }

  for (const [name, set, { file, key, line }] of setUps) {
    it.live(`${name}, for a whole call`, () =>
      Effect.gen(function* () {
        const { sent, withCommands } = machine({ ...set, env: { ...set.env, AWS_REGION: "eu-west-1" } })
        const layers = Layer.merge(Aws.DefaultChain.layer, Aws.SharedSettings.layer)
        const call = Aws.getCallerIdentity().pipe(Effect.provide(layers), Effect.flip)
        const error = yield* withCommands(call)
        if (error._tag !== "StsConfigError") assert.strictEqual(error._tag, "StsCredentialError")
        assert.deepInclude({ ...error }, file === undefined ? { key } : { file, line })
        assert.deepStrictEqual(sent, [])
      })
    )
  }

  it.effect("keys in another case are accepted", () =>
    Effect.gen(function* () {
      const config = `${elsewhere}[profile prod]\nAWS_Access_Key_ID = prod-id\nAWS_SECRET_ACCESS_KEY = PLANTED\n`
      const { accessKeyId } = yield* machine({ env: chosen, config }).on(fromChain)
      assert.strictEqual(accessKeyId, "prod-id")
    })
  )
})

describe("a profile", () => {
  const refusals: ReadonlyArray<readonly [string, Machine, Expected]> = [
    ["without files", {}, { reason: "NotConfigured", says: [/\.aws\/config and .*\.aws\/credentials/] }],
    [
      "without a home",
      { env: { HOME: "" } },
      { reason: "NotConfigured", says: [/home directory is unknown/] }
    ],
    [
      "without a default",
      { config: `[profile other]\n${keys("other")}` },
      { reason: "NotConfigured", says: [/the only one is other/] }
    ],
    [
      "without a setting for credentials",
      { env: { AWS_PROFILE: "bare" }, config: "[profile bare]\nregion = eu-west-1\n" },
      { reason: "NotConfigured", profile: "bare", file: configFile, line: 1 }
    ],
    [
      "that has lost its prefix",
      { env: { AWS_PROFILE: "prod" }, config: `[prod]\n${keys("prod")}` },
      { reason: "UnknownProfile", key: "AWS_PROFILE", says: [/config:1.*\[profile name\]/] }
    ],
    [
      "whose file cannot be read",
      { env: { AWS_PROFILE: "a" }, credentials: { text: keys("a"), unreadable: true } },
      { reason: "Unreadable", file: credentialsFile }
    ],
    [
      "in a circle",
      {
        env: { AWS_PROFILE: "a" },
        config: `[profile a]\n${role("a")}source_profile = b\n[profile b]\n${role("b")}source_profile = c\n[profile c]\n${role("c")}source_profile = b\n`
      },
      { reason: "Malformed", key: "source_profile", profile: "c", line: 9, says: [/b -> c -> b/] }
    ],
    [
      "over a profile that does not exist",
      { config: `[default]\n${role("a")}source_profile = gone\n` },
      { reason: "UnknownProfile", key: "source_profile", file: configFile, line: 3, profile: "default" }
    ],
    [
      "over a profile that is left empty",
      { config: `[default]\n${role("a")}source_profile =\n` },
      { reason: "Incomplete", key: "source_profile", line: 3 }
    ],
    [
      "over a profile without credentials",
      { config: `[default]\n${role("a")}source_profile = bare\n[profile bare]\nregion = eu-west-1\n` },
      { reason: "Incomplete", profile: "bare", line: 4 }
    ],
    [
      "over a source that there is not",
      { config: `[default]\n${role("a")}credential_source = environment\n` },
      { reason: "Unsupported", key: "credential_source", line: 3, says: [/Environment, EcsContainer/] }
    ],
    [
      "over an environment without keys",
      { config: `[default]\n${role("a")}credential_source = Environment\n` },
      { reason: "Incomplete", key: "credential_source", line: 3, says: [/AWS_ACCESS_KEY_ID/] }
    ],
    [
      "over an instance's role that does not answer",
      { config: `[default]\n${role("a")}credential_source = Ec2InstanceMetadata\n` },
      { reason: "Unavailable", key: "credential_source", line: 3 }
    ],
    [
      "with a duration that is too short",
      { config: `[default]\n${role("a")}credential_source = Environment\nduration_seconds = 899\n` },
      { reason: "Malformed", key: "duration_seconds", line: 4, says: [/900 to 43200/] }
    ],
    [
      "with a session for a token alone",
      {
        config: `[default]\nsso_session = work\n[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n`
      },
      { reason: "Incomplete", key: "sso_account_id", says: [/sso_role_name/] }
    ]
  ]

  for (const [name, set, expected] of refusals) {
    it.effect(`${name}: ${expected.reason}`, () =>
      Effect.gen(function* () {
        expectError(yield* Effect.flip(machine(set).on(fromProfile())), expected)
      })
    )
  }

  it.effect("a file named in code must exist, one named by a variable need not", () =>
    Effect.gen(function* () {
      const file = "/elsewhere/config"
      const named = machine({}).on(fromProfile({ configFile: file }))
      expectError(yield* Effect.flip(named), { reason: "Unreadable", file })
      const variable = machine({ env: { AWS_CONFIG_FILE: file }, credentials: `[default]\n${keys("a")}` })
      assert.strictEqual((yield* variable.on(fromProfile())).accessKeyId, "a-id")
    })
  )
})
