import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../../src/alibaba.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { files } from "../../support/files.js"
import { type Expected, expectError } from "../../support/refusals.js"
import { fault, reply } from "../../support/scripted.js"
import { config, dev, machine, pair, plain, roleArn, type Setup } from "./cliProfile.js"

const role = { ...pair, ram_role_arn: roleArn }
const chained = (name: string, source: string) => ({
  name,
  mode: "ChainableRamRoleArn",
  source_profile: source,
  ram_role_arn: roleArn
})

const wrong: Readonly<Record<string, readonly [Setup, Expected]>> = {
  "no JSON": [
    {
      text: `{\n  "current": "dev",\n  "profiles": [{"access_key_secret": "${planted.accessKeySecret}" oops}]\n}`
    },
    { reason: "Malformed", line: 3, says: ["line 3, column", configFile] }
  ],
  "a text that is not closed": [
    { text: `{"current": "dev",\n"x": "${planted.accessKeySecret}` },
    { reason: "Malformed", line: 2, says: ["line 2, column 6"] }
  ],
  "a list": [{ text: "[]" }, { reason: "Malformed", line: 1 }],
  "profiles that are no list": [{ text: '{"profiles": {}}' }, { reason: "Malformed", says: ["profiles"] }],
  "a profile that is no object": [{ text: '{"profiles": [1]}' }, { reason: "Malformed" }],
  "a profile without a name": [
    { text: '{"profiles": [{"mode": "AK"}]}' },
    { reason: "Malformed", says: ["no name"] }
  ],
  "a current profile that is no text": [
    { text: '{"current": 1, "profiles": []}' },
    { reason: "Malformed", says: ["current"] }
  ],
  "an empty object": [{ text: "{}" }, { reason: "NotConfigured" }],
  "no profiles, though one is named": [
    { text: "{}", env: { ALIBABA_CLOUD_PROFILE: "dev" } },
    { reason: "UnknownProfile", key: "ALIBABA_CLOUD_PROFILE", profile: "dev" }
  ],
  "no current profile": [
    { text: JSON.stringify({ profiles: [dev("AK", pair)] }) },
    { reason: "Incomplete", key: "current", says: ["dev"] }
  ],
  "a current profile that does not exist": [
    { text: '{\n"current": "gone",\n"profiles": [{"name": "dev", "mode": "AK"}]}' },
    { reason: "UnknownProfile", key: "current", line: 2, says: ["gone", "dev"] }
  ],
  "a profile that the environment names and that does not exist": [
    { text: config(dev("AK", pair)), env: { ALIBABA_CLOUD_PROFILE: "prod" } },
    { reason: "UnknownProfile", key: "ALIBABA_CLOUD_PROFILE", profile: "prod", says: ["prod", "dev"] }
  ],
  "a profile that the program names and that does not exist": [
    { text: config(dev("AK", pair)), options: { profile: "prod" } },
    { reason: "UnknownProfile", key: "profile" }
  ],
  "a profile that nobody filled in": [
    { text: config({ name: "dev", mode: "", language: "en", access_key_id: "" }) },
    { reason: "NotConfigured" }
  ],
  "a profile that nobody filled in, though it is named": [
    { text: config({ name: "dev", mode: "" }), options: { profile: "dev" } },
    { reason: "Incomplete", key: "mode" }
  ],
  "a profile without a mode": [
    { text: config({ name: "dev", ...pair }) },
    { reason: "Incomplete", key: "mode", line: 4 }
  ],
  "a mode that is no text": [{ text: config(dev("AK", { mode: 7 })) }, { reason: "Malformed", key: "mode" }],
  "a mode nobody knows": [
    { text: config(dev("Magic")) },
    { reason: "Unsupported", key: "mode", line: 6, says: ["Magic", "ChainableRamRoleArn"] }
  ],
  "a mode that every object has": [
    { text: config(dev("constructor")) },
    { reason: "Unsupported", key: "mode" }
  ],
  "a mode that is a secret": [
    { text: config(dev(planted.accessKeySecret)) },
    { reason: "Unsupported", key: "mode", says: ["CloudSSO"] }
  ],
  RsaKeyPair: [
    { text: config(dev("RsaKeyPair")) },
    { reason: "Unsupported", says: ["RsaKeyPair", "RamRoleArn"] }
  ],
  RamRoleArnWithRoleName: [
    { text: config(dev("ramrolearnwithrolename")) },
    { reason: "Unsupported", says: ["over a profile of mode EcsRamRole"] }
  ],
  BearerToken: [
    { text: config(dev("BearerToken", { bearer_token: planted.securityToken })) },
    { reason: "Unsupported", says: ["bearer"] }
  ],
  Anonymous: [{ text: config(dev("Anonymous")) }, { reason: "Unsupported" }],
  "half a pair": [
    { text: config(dev("AK", { access_key_secret: planted.accessKeySecret })) },
    { reason: "Incomplete", key: "access_key_id", line: 4, profile: "dev" }
  ],
  "a blank secret": [
    { text: config(dev("AK", { ...pair, access_key_secret: " " })) },
    { reason: "Incomplete", key: "access_key_secret", line: 8 }
  ],
  "a secret with a line break": [
    { text: config(dev("AK", { ...pair, access_key_secret: `${planted.accessKeySecret}\n` })) },
    { reason: "Malformed", key: "access_key_secret", line: 8, says: ["line break"] }
  ],
  "a secret that is no text": [
    { text: config(dev("AK", { ...pair, access_key_secret: { PLANTED: planted.accessKeySecret } })) },
    { reason: "Malformed", key: "access_key_secret", says: ["not a string"] }
  ],
  "a session without a token": [
    { text: config(dev("StsToken", pair)) },
    { reason: "Incomplete", key: "sts_token" }
  ],
  "a role without a name": [
    { text: config(dev("RamRoleArn", pair)) },
    { reason: "Incomplete", key: "ram_role_arn" }
  ],
  "a role without keys": [
    { text: config(dev("RamRoleArn", { ram_role_arn: roleArn })) },
    { reason: "Incomplete", key: "access_key_id" }
  ],
  "a duration that is no number": [
    { text: config(dev("RamRoleArn", { ...role, expired_seconds: "soon" })) },
    { reason: "Malformed", key: "expired_seconds" }
  ],
  "a duration that is too short": [
    { text: config(dev("RamRoleArn", { ...role, expired_seconds: 899 })) },
    { reason: "Malformed", key: "expired_seconds", says: ["900"] }
  ],
  "a switch that is neither on nor off": [
    { text: config(dev("RamRoleArn", { ...role, enable_vpc: "maybe" })) },
    { reason: "Malformed", key: "enable_vpc" }
  ],
  "a role that STS refuses": [
    {
      text: config(dev("RamRoleArn", role)),
      answers: [reply(403, { Code: "NoPermission", Message: "no", RequestId: "R" })]
    },
    { reason: "Refused", profile: "dev", line: 9, says: ["NoPermission"] }
  ],
  "a role with a name that cannot be": [
    { text: config(dev("RamRoleArn", { ...role, ram_role_arn: "arn" })) },
    { reason: "Malformed", profile: "dev", line: 9 }
  ],
  "a chain without a beginning": [
    { text: config(chained("dev", "")) },
    { reason: "Incomplete", key: "source_profile" }
  ],
  "a chain to nowhere": [
    { text: config(chained("dev", "gone"), { name: "other" }) },
    { reason: "UnknownProfile", key: "source_profile", line: 7, profile: "dev", says: ["gone", "dev, other"] }
  ],
  "a chain to itself": [
    { text: config(chained("dev", "dev")) },
    { reason: "Malformed", key: "source_profile", says: ["dev -> dev"] }
  ],
  "a circle": [
    { text: config(chained("dev", "b"), chained("b", "c"), chained("c", "b")) },
    { reason: "Malformed", key: "source_profile", profile: "c", says: ["b -> c -> b"] }
  ],
  "a chain to what nobody filled in": [
    { text: config(chained("dev", "b"), { name: "b", mode: "" }) },
    { reason: "Incomplete", profile: "b" }
  ],
  "an instance without a role": [
    {
      text: config(dev("EcsRamRole")),
      answers: [plain("token"), reply(404, "")]
    },
    { reason: "Incomplete", key: "mode", says: ["ECS RAM role"] }
  ],
  "an instance where nothing answers": [
    { text: config(dev("EcsRamRole", { ram_role_name: "worker" })), answers: [fault("ECONNREFUSED")] },
    { reason: "Unavailable" }
  ],
  "an instance whose service is not to be asked": [
    { text: config(dev("EcsRamRole")), env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" } },
    { reason: "Incomplete", says: ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] }
  ],
  "no credentials URI": [
    { text: config(dev("CredentialsURI")) },
    { reason: "Incomplete", says: ["CREDENTIALS_URI"] }
  ],
  "a credentials URI that is forbidden": [
    {
      text: config(
        dev("CredentialsURI", { credentials_uri: `http://127.0.0.1/?t=${planted.securityToken}` })
      ),
      env: { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: "1" }
    },
    { reason: "Unsupported", key: "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" }
  ],
  "a command that is forbidden": [
    {
      text: config(dev("External", { process_command: `tool ${planted.accessKeySecret}` })),
      env: { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: "TRUE" }
    },
    { reason: "Unsupported", key: "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", line: 7 }
  ],
  "no command": [{ text: config(dev("External")) }, { reason: "Incomplete", key: "process_command" }],
  "no token file": [
    {
      text: config(
        dev("OIDC", {
          ram_role_arn: roleArn,
          oidc_provider_arn: "acs:ram::1:oidc-provider/k",
          oidc_token_file: "/t"
        })
      )
    },
    { reason: "Unreadable", profile: "dev", says: ["/t"] }
  ],
  "OIDC without a provider": [
    { text: config(dev("OIDC", { ram_role_arn: roleArn })) },
    { reason: "Incomplete", key: "oidc_provider_arn" }
  ],
  "a switched off tool": [
    { text: config(dev("AK", pair)), env: { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "TRUE" } },
    { reason: "NotConfigured", says: ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] }
  ],
  "a named file that does not exist": [
    { text: config(dev("AK", pair)), env: { ALIBABA_CLOUD_CONFIG_FILE: "/etc/gone.json" } },
    { reason: "Unreadable", key: "ALIBABA_CLOUD_CONFIG_FILE", says: ["/etc/gone.json"] }
  ],
  "no home": [
    { text: "{}", env: { HOME: "" } },
    { reason: "NotConfigured", says: ["the home directory is unknown"] }
  ]
}

describe("a CLI profile is refused with", () => {
  for (const [what, [setup, expected]] of Object.entries(wrong)) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(machine(setup).get)
        expectError(error, expected)
        hides(error)
      })
    )
  }

  it.effect("a switch that is neither", () =>
    Effect.gen(function* () {
      const text = config(dev("External", { process_command: "tool" }))
      for (const key of ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"]) {
        const error = yield* Effect.flip(machine({ text, env: { [key]: "maybe" } }).get)
        assert.deepInclude({ ...error }, { _tag: "StsConfigError", key })
      }
    })
  )

  it.effect("a file that may not be read", () =>
    Effect.gen(function* () {
      const disk = files({ [configFile]: { text: "", unreadable: true } })
      const { get } = yield* Effect.provide(Alibaba.CliProfile.make({ profile: "dev" }), services(disk.layer))
      const error = yield* Effect.flip(environment()(get))
      assert.deepInclude({ ...error }, { reason: "Unreadable", file: configFile })
    })
  )
})
