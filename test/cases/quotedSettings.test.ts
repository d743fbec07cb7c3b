/**
 * Values in quotation marks, which docker --env-file, unit files and ini files take for a part of the value: refused
 * before anything is sent, by name.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { StsConfigError, StsCredentialError } from "../../src/index.js"
import { asking, assumed, callerIs, configFile, credentialsFile, running } from "../support/awsOutcomes.js"
import { bothWays } from "../support/runners.js"

const quotings: ReadonlyArray<(text: string) => string> = [
  (text) => `"${text}"`,
  (text) => `'${text}'`,
  (text) => `"${text}`,
  (text) => `${text}"`,
  (text) => `'${text}`,
  (text) => `${text}'`,
  (text) => `“${text}”`,
  (text) => `‘${text}’`,
  (text) => `„${text}“`,
  (text) => `«${text}»`,
  (text) => `\`${text}\``,
  (text) => ` "${text}" `
]

const awsKeys = {
  AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "PLANTED/wJalrXUtnFEMI+K7MDENG=",
  AWS_SESSION_TOKEN: "PLANTED//FwoGZXIvYXdzEXAMPLE+Token=="
}

const alibabaKeys = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "STS.NTEXAMPLE",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "PLANTED-Alibaba-Secret",
  ALIBABA_CLOUD_SECURITY_TOKEN: "PLANTED+CAIS/Token=="
}

const getting = (
  making: Effect.Effect<unknown, unknown, Aws.Profile.Services>,
  env: Readonly<Record<string, string>>
) => running(making, { env })

const chains = [
  ["AWS", awsKeys, Effect.flatMap(Aws.DefaultChain.make(), ({ get }) => get)],
  [
    "Alibaba Cloud",
    alibabaKeys,
    Effect.flatMap(Effect.provide(Alibaba.DefaultChain.make(), Alibaba.SignerAcs3.layer), ({ get }) => get)
  ]
] as const

describe("A10: keys in quotes", () => {
  for (const [cloud, keys, making] of chains) {
    for (const key of Object.keys(keys)) {
      bothWays(`in the environment of ${cloud}: ${key}`, () =>
        Effect.gen(function* () {
          for (const quoted of quotings) {
            const env: Readonly<Record<string, string>> = keys
            const { error, sent } = yield* getting(making, { ...env, [key]: quoted(env[key] ?? "") })
            assert.instanceOf(error, StsCredentialError)
            assert.deepInclude({ ...error }, { reason: "Malformed", key })
            assert.include(error.message, `${key} begins or ends with a quotation mark`)
            assert.include(error.message, "without the quotes")
            assert.notInclude(error.message, "PLANTED")
            assert.lengthOf(sent, 0)
          }
          assert.isUndefined((yield* getting(making, keys)).error)
        })
      )
    }
  }

  for (const [where, file] of [
    ["config", configFile],
    ["credentials", credentialsFile]
  ] as const) {
    bothWays(`in the AWS ${where} file`, () =>
      Effect.gen(function* () {
        const names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"]
        for (const [index, key] of names.entries()) {
          for (const quoted of quotings) {
            const lines = Object.values(awsKeys).map(
              (value, at) => `${names[at]} = ${at === index ? quoted(value) : value}`
            )
            const { error, sent } = yield* asking(Aws.Profile.make(), {
              [where]: `[default]\n${lines.join("\n")}\n`
            })
            assert.deepInclude({ ...error }, { reason: "Malformed", key, file, line: index + 2 })
            assert.include(error?.message, "quotation mark")
            assert.notInclude(error?.message, "PLANTED")
            assert.lengthOf(sent, 0)
          }
        }
      })
    )
  }

  bothWays("in code", () =>
    Effect.gen(function* () {
      const { error } = yield* running(
        Effect.provide(
          Aws.getCallerIdentity(),
          Aws.Static.layer({ accessKeyId: '"AKIAEXAMPLE"', secretAccessKey: "PLANTED" })
        ),
        { env: { AWS_REGION: "us-east-1" }, answers: [callerIs] }
      )
      assert.include(String(error), "accessKeyId begins or ends with a quotation mark")
    })
  )
})

const role = "arn:aws:iam::123456789012:role/pod"
const web = {
  AWS_REGION: "us-east-1",
  AWS_ROLE_ARN: role,
  AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  AWS_ROLE_SESSION_NAME: "pod"
}
const ram = {
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::123456789012:role/reader",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/token",
  ALIBABA_CLOUD_ROLE_SESSION_NAME: "pod"
}
const others = { "/token": "PLANTED-TOKEN" }

describe("A10: other settings in quotes", () => {
  for (const [key, value] of Object.entries({
    ...web,
    AWS_CONFIG_FILE: "/etc/aws/config",
    AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials",
    AWS_ENDPOINT_URL_STS: "https://sts.example"
  })) {
    bothWays(key, () =>
      Effect.gen(function* () {
        for (const quoted of quotings) {
          const setup = { env: { ...web, [key]: quoted(value) }, others, answers: [assumed] }
          const { error, sent } = yield* asking(Aws.DefaultChain.make(), setup)
          assert.instanceOf(error, StsConfigError)
          assert.deepInclude({ ...error }, { key, detail: "begins or ends with a quotation mark" })
          assert.include(error.message, "without the quotes")
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  for (const key of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    bothWays(`${key} of a profile with another name`, () =>
      Effect.gen(function* () {
        for (const quoted of quotings) {
          const setup = { env: { ...web, [key]: quoted("dev") }, others, answers: [assumed] }
          const { error, sent } = yield* asking(Aws.DefaultChain.make(), setup)
          assert.deepInclude({ ...error }, { reason: "UnknownProfile", key })
          assert.include(error?.message, "without the quotes")
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  for (const [key, value] of Object.entries({ ...ram, ALIBABA_CLOUD_STS_REGION: "cn-hangzhou" })) {
    bothWays(key, () =>
      Effect.gen(function* () {
        const making = Effect.provide(Alibaba.DefaultChain.make(), Alibaba.SignerAcs3.layer)
        for (const quoted of quotings) {
          const { error, sent } = yield* running(
            Effect.flatMap(making, ({ get }) => get),
            { env: { ...ram, [key]: quoted(value) }, others, answers: [assumed] }
          )
          assert.instanceOf(error, StsConfigError)
          assert.deepInclude({ ...error }, { key })
          assert.include(error.message, "without the quotes")
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  bothWays("role and token file of a profile", () =>
    Effect.gen(function* () {
      const config = (arn: string, file: string) =>
        `[default]\nregion = us-east-1\nrole_arn = ${arn}\nweb_identity_token_file = ${file}\n`
      const setup = { others, answers: [assumed] }
      const arn = yield* asking(Aws.Profile.make(), { ...setup, config: config(`"${role}"`, "/token") })
      assert.deepInclude({ ...arn.error }, { key: "role_arn", file: configFile, line: 3 })
      assert.include(arn.error?.message, "without the quotes")
      const file = yield* asking(Aws.Profile.make(), { ...setup, config: config(role, "'/token'") })
      assert.include(file.error?.message, "without the quotes")
      const base = "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = PLANTED\n"
      for (const [index, [key, value]] of Object.entries({
        source_profile: "base",
        role_session_name: "pod",
        external_id: "tenant",
        mfa_serial: "arn:aws:iam::123456789012:mfa/alice",
        duration_seconds: "900"
      }).entries()) {
        const source = key === "source_profile" ? "" : "source_profile = base\n"
        const lines = `[default]\nrole_arn = ${role}\n${source}${key} = "${value}"\n${base}`
        const { error, sent } = yield* asking(Aws.Profile.make(), { ...setup, config: lines })
        const reason = index === 0 ? "UnknownProfile" : "Malformed"
        assert.deepInclude({ ...error }, { reason, key, line: index === 0 ? 3 : 4 })
        assert.include(error?.message, "without the quotes")
        assert.lengthOf(sent, 0)
      }
      assert.lengthOf([...arn.sent, ...file.sent], 0)
    })
  )

  bothWays("in an [sso-session] and its profile", () =>
    Effect.gen(function* () {
      const sso = { sso_start_url: "https://corp.example/start", sso_region: "us-east-1" }
      const role = { sso_account_id: "123456789012", sso_role_name: "reader", sso_session: "corp" }
      for (const key of Object.keys({ ...sso, ...role })) {
        for (const quoted of quotings) {
          const lines = (settings: Readonly<Record<string, string>>) =>
            Object.entries(settings).map(
              ([name, value]) => `${name} = ${name === key ? quoted(value) : value}\n`
            )
          const config = ["[default]\n", ...lines(role), "[sso-session corp]\n", ...lines(sso)]
          const line = config.findIndex((text) => text.startsWith(key)) + 1
          const { error, sent } = yield* asking(Aws.Profile.make(), { config: config.join("") })
          assert.deepInclude({ ...error }, { reason: "Malformed", key, file: configFile, line })
          assert.include(error?.message, "without the quotes")
          assert.lengthOf(sent, 0)
        }
      }
    })
  )

  bothWays("URLs and [services] in a profile", () =>
    Effect.gen(function* () {
      for (const quoted of quotings) {
        const url = quoted("https://sts.example")
        for (const [config, key, line] of [
          [`[default]\nendpoint_url = ${url}\n`, "endpoint_url", 2],
          [
            `[default]\nservices = local\n[services local]\nsts =\n  endpoint_url = ${url}\n`,
            "endpoint_url",
            5
          ],
          [`[default]\nservices = ${quoted("local")}\n[services local]\n`, "services", 2]
        ] as const) {
          const { error, sent } = yield* running(
            Effect.provide(Aws.getCallerIdentity(), [
              Aws.Static.layer({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "PLANTED" }),
              Aws.SharedSettings.layer
            ]),
            { env: { AWS_REGION: "us-east-1" }, config, answers: [callerIs] }
          )
          assert.deepInclude({ ...error }, { _tag: "StsConfigError", key, file: configFile, line })
          assert.include(String(error), "without the quotes")
          assert.lengthOf(sent, 0)
        }
      }
    })
  )

  bothWays("a container authorization token", () =>
    Effect.gen(function* () {
      for (const quoted of quotings) {
        const { error, sent } = yield* asking(Aws.Container.make(), {
          env: {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
            AWS_CONTAINER_AUTHORIZATION_TOKEN: quoted("PLANTED")
          }
        })
        assert.deepInclude({ ...error }, { reason: "Malformed", key: "AWS_CONTAINER_AUTHORIZATION_TOKEN" })
        assert.include(error?.message, "without the quotes")
        assert.lengthOf(sent, 0)
      }
    })
  )

  bothWays("a token file", () =>
    Effect.gen(function* () {
      for (const quoted of quotings) {
        const others = { "/token": quoted("PLANTED-TOKEN") }
        const aws = yield* asking(Aws.DefaultChain.make(), { env: web, others, answers: [assumed] })
        const alibaba = yield* running(
          Effect.flatMap(
            Effect.provide(Alibaba.DefaultChain.make(), Alibaba.SignerAcs3.layer),
            ({ get }) => get
          ),
          { env: ram, others, answers: [assumed] }
        )
        for (const [{ error, sent }, key] of [
          [aws, "AWS_WEB_IDENTITY_TOKEN_FILE"],
          [alibaba, "ALIBABA_CLOUD_OIDC_TOKEN_FILE"]
        ] as const) {
          assert.deepInclude({ ...error }, { reason: "Malformed", key })
          assert.match(String(error), /the token file \/token begins or ends with .*without the quotes/)
          assert.notInclude(String(error), "PLANTED")
          assert.lengthOf(sent, 0)
        }
      }
    })
  )

  bothWays("a comment attached to an AWS key", () =>
    Effect.gen(function* () {
      const config = (id: string, secret: string) =>
        `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
      for (const [id, secret, key, line] of [
        ["AKIAIOSFODNN7EXAMPLE#note", "PLANTED", "aws_access_key_id", 2],
        ["AKIAIOSFODNN7EXAMPLE", "PLANTED;note", "aws_secret_access_key", 3]
      ] as const) {
        const { error } = yield* asking(Aws.Profile.make(), { config: config(id, secret) })
        assert.deepInclude({ ...error }, { reason: "Malformed", key, line })
        assert.include(error?.message, "its own line")
      }
      const foreign = yield* asking(Aws.Profile.make(), { config: config("minio", "p#ssw;rd") })
      assert.strictEqual(foreign.value?.accessKeyId, "minio")
    })
  )
})
