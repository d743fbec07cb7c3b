/**
 * A setting that a check refuses is told where it was stated, under the name that it has there.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { configFile, credentialsFile } from "../support/alibabaEnvironment.js"
import { asking } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"

const oidc = {
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::123456789012:role/reader",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token",
  ALIBABA_CLOUD_ROLE_SESSION_NAME: "job"
}

const own = Effect.orDie(
  Effect.provide(
    Alibaba.CredentialProvider,
    Alibaba.Static.layer({ accessKeyId: "LTAIOWN", accessKeySecret: "PLANTED-SECRET" })
  )
)

describe("B8: an invalid Alibaba Cloud setting is reported with its place", () => {
  for (const [key, value] of [
    ["ALIBABA_CLOUD_ROLE_SESSION_NAME", "my pod/1"],
    ["ALIBABA_CLOUD_ROLE_SESSION_NAME", "x"],
    ["ALIBABA_CLOUD_ROLE_ARN", "arn:aws:iam::123456789012:role/reader"],
    ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ack"]
  ] as const) {
    bothWays(`${key} = ${value}`, () =>
      Effect.map(
        asking(Alibaba.Oidc.fromEnvironment, {
          variables: { ...oidc, [key]: value },
          files: { "/var/token": "PLANTED-TOKEN" }
        }),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "Malformed", key })
          assert.include(error?.message, `AssumeRoleWithOIDC: ${key} must`)
          assert.lengthOf(sent, 0)
        }
      )
    )
  }

  for (const [key, value] of [
    ["roleSessionName", "a b"],
    ["roleArn", "reader"],
    ["durationSeconds", 1],
    ["policy", "x".repeat(10_000)],
    ["externalId", "x".repeat(2_000)]
  ] as const) {
    bothWays(`the option ${key}`, () =>
      Effect.map(
        asking(
          Effect.flatMap(own, (base) =>
            Alibaba.RamRoleArn.make(base, { roleArn: oidc.ALIBABA_CLOUD_ROLE_ARN, [key]: value })
          )
        ),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "Malformed", key })
          assert.lengthOf(sent, 0)
        }
      )
    )
  }

  const pair = { access_key_id: "LTAIBASE", access_key_secret: "PLANTED-SECRET" }
  const ofRole = { ram_role_arn: oidc.ALIBABA_CLOUD_ROLE_ARN, ram_session_name: "job" }
  const ofPod = { oidc_provider_arn: oidc.ALIBABA_CLOUD_OIDC_PROVIDER_ARN, oidc_token_file: "/var/token" }
  const config = (mode: string, settings: object) =>
    JSON.stringify(
      {
        current: "dev",
        profiles: [
          { name: "dev", mode, ...settings },
          { name: "base", mode: "AK", ...pair }
        ]
      },
      null,
      1
    )
  const modes: Readonly<Record<string, object>> = {
    RamRoleArn: { ...pair, ...ofRole },
    ChainableRamRoleArn: { source_profile: "base", ...ofRole },
    OIDC: { ...ofPod, ...ofRole }
  }
  const wrong: Readonly<Record<string, string | number>> = {
    ram_session_name: "a b",
    ram_role_arn: "reader",
    policy: "x".repeat(10_000),
    expired_seconds: 5
  }
  const only: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    RamRoleArn: { external_id: "x".repeat(2_000) },
    ChainableRamRoleArn: { external_id: "x".repeat(2_000) },
    OIDC: { oidc_provider_arn: "ack" }
  }
  const lineOf = (text: string, key: string): number =>
    text.split("\n").findIndex((line) => line.trim().startsWith(key) || line.includes(`"${key}"`)) + 1

  for (const [mode, settings] of Object.entries(modes)) {
    for (const [key, value] of Object.entries({ ...wrong, ...only[mode] })) {
      const text = config(mode, { ...settings, [key]: value })
      bothWays(`${key} of mode ${mode}`, () =>
        Effect.map(
          asking(Alibaba.CliProfile.make(), { files: { [configFile]: text, "/var/token": "PLANTED" } }),
          ({ error, sent }) => {
            const place = { file: configFile, line: lineOf(text, key), profile: "dev" }
            assert.deepInclude({ ...error }, { reason: "Malformed", key, ...place })
            assert.lengthOf(sent, 0)
          }
        )
      )
    }
  }

  const ini = {
    role_session_name: "a b",
    role_arn: "reader",
    policy: "x".repeat(10_000),
    external_id: "x".repeat(2_000),
    duration_seconds: "5",
    role_session_expiration: "5"
  }
  for (const [key, value] of Object.entries(ini)) {
    const lines = {
      type: "ram_role_arn",
      ...pair,
      role_arn: oidc.ALIBABA_CLOUD_ROLE_ARN,
      [key]: value
    }
    const text = `[default]\n${Object.entries(lines)
      .map(([name, text]) => `${name} = ${text}\n`)
      .join("")}`
    bothWays(`${key} of the credentials file`, () =>
      Effect.map(
        asking(Alibaba.CredentialsFile.make(), { files: { [credentialsFile]: text } }),
        (outcome) => {
          const place = { file: credentialsFile, line: lineOf(text, key), profile: "default" }
          assert.deepInclude({ ...outcome.error }, { reason: "Malformed", key, ...place })
          assert.lengthOf(outcome.sent, 0)
        }
      )
    )
  }

  bothWays("a variable that completes a profile", () =>
    Effect.gen(function* () {
      const key = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
      for (const [mode, settings] of Object.entries(modes)) {
        const text = config(mode, { ...settings, ram_session_name: undefined })
        const { error } = yield* asking(Alibaba.CliProfile.make(), {
          files: { [configFile]: text, "/var/token": "PLANTED" },
          variables: { [key]: "my pod/1" }
        })
        assert.deepInclude({ ...error }, { reason: "Malformed", key, file: undefined, line: undefined })
      }
    })
  )
})
