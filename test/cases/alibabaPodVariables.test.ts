/** The variables that a pod of ACK is given, and which fill the gaps of a profile. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { configFile, credentialsFile } from "../support/alibabaEnvironment.js"
import { asking, parametersOf } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"
import { assumed } from "../support/scripted.js"

const pair = (id: string) => ({ access_key_id: id, access_key_secret: "PLANTED-SECRET" })
const good = { name: "a", mode: "AK", ...pair("LTAIGOOD") }
const roleArn = "acs:ram::123456789012:role/reader"

describe("B7: pod variables fill the gaps of a profile", () => {
  const variables = {
    ALIBABA_CLOUD_ROLE_ARN: roleArn,
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token",
    ALIBABA_CLOUD_ROLE_SESSION_NAME: "pod"
  }
  const parts = {
    ram_role_arn: "acs:ram::123456789012:role/profile",
    oidc_provider_arn: "acs:ram::123456789012:oidc-provider/profile",
    oidc_token_file: "/profile/token",
    ram_session_name: "profile"
  }
  const names = Object.keys(parts) as ReadonlyArray<keyof typeof parts>
  const subsets = Array.from({ length: 16 }, (_, bits) =>
    names.filter((_, index) => (bits & (1 << index)) !== 0)
  )
  const inIni = (key: string) => key.replace(/^ram_/, "").replace(/^session/, "role_session")
  const sentOf = (own: ReadonlyArray<string>) => ({
    RoleArn: own.includes("ram_role_arn") ? parts.ram_role_arn : roleArn,
    OIDCProviderArn: own.includes("oidc_provider_arn")
      ? parts.oidc_provider_arn
      : variables.ALIBABA_CLOUD_OIDC_PROVIDER_ARN,
    OIDCToken: own.includes("oidc_token_file") ? "profile-token" : "pod-token",
    RoleSessionName: own.includes("ram_session_name") ? "profile" : "pod"
  })
  const tokens = { "/var/token": "pod-token", "/profile/token": "profile-token" }

  for (const own of subsets) {
    const settings = Object.fromEntries(own.map((key) => [key, parts[key]]))
    const files = {
      cli: JSON.stringify({ current: "dev", profiles: [{ name: "dev", mode: "OIDC", ...settings }] }),
      ini: `[default]\ntype = oidc_role_arn\n${own.map((key) => `${inIni(key)} = ${parts[key]}\n`).join("")}`
    }
    bothWays(`a profile of OIDC with ${own.join(", ") || "nothing"}`, () =>
      Effect.gen(function* () {
        for (const [making, file] of [
          [Alibaba.CliProfile.make(), { [configFile]: files.cli }],
          [Alibaba.CredentialsFile.make(), { [credentialsFile]: files.ini }]
        ] as const) {
          const outcome = yield* asking(making, { variables, files: { ...file, ...tokens }, answer: assumed })
          assert.strictEqual(outcome.error?.message, undefined)
          for (const [name, value] of Object.entries(sentOf(own))) {
            assert.strictEqual(parametersOf(outcome).get(name), value)
          }
        }
      })
    )
  }

  for (const [key, variable] of [
    ["ram_role_arn", "ALIBABA_CLOUD_ROLE_ARN"],
    ["oidc_provider_arn", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"],
    ["oidc_token_file", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"]
  ] as const) {
    bothWays(`${key} missing in both`, () =>
      Effect.map(
        asking(Alibaba.CliProfile.make(), {
          variables: { ...variables, [variable]: " " },
          files: {
            ...tokens,
            [configFile]: '{"current":"dev","profiles":[\n{"name":"dev","mode":"OIDC"}]}'
          }
        }),
        ({ error }) => {
          assert.deepInclude({ ...error }, { reason: "Incomplete", key, file: configFile, line: 2 })
          assert.include(error?.message, variable)
        }
      )
    )
  }

  const roles: Readonly<Record<string, object>> = {
    RamRoleArn: pair("LTAIBASE"),
    ChainableRamRoleArn: { source_profile: "base" }
  }
  for (const [mode, settings] of Object.entries(roles)) {
    for (const ram_session_name of [undefined, "", "own"]) {
      bothWays(`session name of mode ${mode} with ${JSON.stringify(ram_session_name)}`, () =>
        Effect.gen(function* () {
          const profiles = [
            { name: "dev", mode, ram_role_arn: roleArn, ram_session_name, ...settings },
            { ...good, name: "base" }
          ]
          const setup = {
            files: { [configFile]: JSON.stringify({ current: "dev", profiles }) },
            answer: assumed
          }
          const named = yield* asking(Alibaba.CliProfile.make(), { ...setup, variables })
          assert.strictEqual(parametersOf(named).get("RoleSessionName"), ram_session_name || "pod")
          const unnamed = yield* asking(Alibaba.CliProfile.make(), setup)
          assert.match(parametersOf(unnamed).get("RoleSessionName") ?? "", /^(own|effect-sts-\w+)$/)
        })
      )
    }
  }
  it.effect("session name of ram_role_arn in the credentials file", () =>
    Effect.gen(function* () {
      const { access_key_id, access_key_secret } = good
      const text = `[default]\naccess_key_id = ${access_key_id}\naccess_key_secret = ${access_key_secret}\ntype = ram_role_arn\nrole_arn = ${roleArn}\n`
      const outcome = yield* asking(Alibaba.CredentialsFile.make(), {
        files: { [credentialsFile]: text },
        variables,
        answer: assumed
      })
      assert.strictEqual(parametersOf(outcome).get("RoleSessionName"), "pod")
    })
  )
})
