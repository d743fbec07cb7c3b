/**
 * A setting of AWS that a check refuses is told where it was stated, under the name that it has there; an option that is
 * blank is none.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { MfaTokenCode, RequestPolicy } from "../../src/index.js"
import {
  asking,
  assumed,
  callerIs,
  configFile,
  parametersOf,
  running,
  type Setup
} from "../support/awsOutcomes.js"
import { bothWays } from "../support/runners.js"
import { reply } from "../support/scripted.js"

const role = "arn:aws:iam::123456789012:role/pod"
const web = {
  AWS_REGION: "us-east-1",
  AWS_ROLE_ARN: role,
  AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
  AWS_ROLE_SESSION_NAME: "pod"
}
const others = { "/token": "PLANTED-TOKEN" }
const base = "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = PLANTED-SECRET\n"

const withCode = Effect.provideService(MfaTokenCode, () => Effect.succeed(Redacted.make("123456")))

const refused = (setup: Setup, making = Aws.DefaultChain.make()) =>
  Effect.map(asking(making, { answers: [assumed], others, ...setup }).pipe(withCode), ({ error, sent }) => {
    assert.lengthOf(sent, 0)
    assert.notInclude(error?.message, "PLANTED")
    assert.notProperty(error, "stated")
    return { ...error, text: error?.message }
  })

describe("B8: an invalid AWS setting is reported with its place", () => {
  for (const [key, value] of [
    ["AWS_ROLE_SESSION_NAME", "my pod/1"],
    ["AWS_ROLE_SESSION_NAME", "x"],
    ["AWS_ROLE_SESSION_NAME", "n".repeat(65)],
    ["AWS_ROLE_ARN", "reader"],
    ["AWS_ROLE_ARN", "x".repeat(3_000)]
  ] as const) {
    bothWays(`${key} = ${value.slice(0, 20)}`, () =>
      Effect.map(refused({ env: { ...web, [key]: value } }), (error) => {
        assert.deepInclude(error, { reason: "Malformed", key })
        assert.include(error.text, `AssumeRoleWithWebIdentity: ${key} `)
      })
    )
  }

  bothWays("AWS_ROLE_SESSION_NAME for a profile's web identity", () =>
    Effect.map(
      refused({
        env: { AWS_REGION: "us-east-1", AWS_ROLE_SESSION_NAME: "a b" },
        config: `[default]\nrole_arn = ${role}\nweb_identity_token_file = /token\n`
      }),
      (error) => {
        const place = { file: undefined, line: undefined }
        assert.deepInclude(error, { reason: "Malformed", key: "AWS_ROLE_SESSION_NAME", ...place })
      }
    )
  )

  const settings: ReadonlyArray<readonly [key: string, value: string]> = [
    ["role_session_name", "a b"],
    ["role_session_name", "x"],
    ["external_id", "a b"],
    ["external_id", "x"],
    ["mfa_serial", "a b"],
    ["duration_seconds", "1h"],
    ["duration_seconds", "60"]
  ]

  for (const [key, value] of settings) {
    bothWays(`${key} = ${value} of a profile's role`, () =>
      Effect.map(
        refused({
          env: { AWS_REGION: "us-east-1" },
          config: `[default]\nrole_arn = ${role}\nsource_profile = base\n${key} = ${value}\n${base}`
        }),
        (error) => {
          assert.deepInclude(error, {
            reason: "Malformed",
            key,
            file: configFile,
            line: 4,
            profile: "default"
          })
          assert.include(error.text, `${key} `)
          assert.include(error.text, `${configFile}:4`)
        }
      )
    )
  }

  bothWays("role_arn and role_session_name of a profile's web identity", () =>
    Effect.gen(function* () {
      const env = { AWS_REGION: "us-east-1" }
      const arn = yield* refused({
        env,
        config: `[default]\nrole_arn = pod\nweb_identity_token_file = /token\n`
      })
      assert.deepInclude(arn, { reason: "Malformed", key: "role_arn", file: configFile, line: 2 })
      const name = yield* refused({
        env,
        config: `[default]\nrole_arn = ${role}\nweb_identity_token_file = /token\nrole_session_name = a b\n`
      })
      assert.deepInclude(name, { reason: "Malformed", key: "role_session_name", file: configFile, line: 4 })
    })
  )

  bothWays("an impossible token is reported by its file", () =>
    Effect.gen(function* () {
      const config = `[default]\nrole_arn = ${role}\nweb_identity_token_file = /token\n`
      for (const text of ["x", "PLANTED".repeat(3000)]) {
        const tokens = { "/token": text }
        const inEnvironment = yield* refused({
          env: { AWS_REGION: "us-east-1", AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: "/token" },
          others: tokens
        })
        assert.deepInclude(inEnvironment, { reason: "Malformed", key: "AWS_WEB_IDENTITY_TOKEN_FILE" })
        const inProfile = yield* refused({ env: { AWS_REGION: "us-east-1" }, config, others: tokens })
        const place = { key: "web_identity_token_file", file: configFile, line: 3 }
        assert.deepInclude(inProfile, { reason: "Malformed", ...place })
        for (const { text: message } of [inEnvironment, inProfile]) {
          assert.include(message, "the token file /token is too short or too long for a token")
          assert.notInclude(message, "webIdentityToken")
          assert.notInclude(message, "PLANTED")
        }
      }
    })
  )

  bothWays("options in code", () =>
    Effect.gen(function* () {
      const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIABASE", AWS_SECRET_ACCESS_KEY: "PLANTED" }
      for (const [key, value] of [
        ["roleSessionName", "a b"],
        ["externalId", "a b"],
        ["roleArn", "pod"],
        ["durationSeconds", 1]
      ] as const) {
        const error = yield* refused(
          { env },
          Effect.provide(
            Aws.AssumedRole.make(Aws.Environment.source, { roleArn: role, [key]: value }),
            Aws.SignerV4.layer
          )
        )
        assert.deepInclude(error, { reason: "Malformed", key })
        const token = { file: "/token" }
        if (key === "externalId") continue
        const own = yield* refused({ env }, Aws.WebIdentity.make({ roleArn: role, token, [key]: value }))
        assert.deepInclude(own, { reason: "Malformed", key })
      }
    })
  )
})

const blanks = ["", " ", "\t\n"]

describe("B16: AWS options: blank is unset, others are trimmed", () => {
  const config = `[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = PLANTED\n[profile dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = PLANTED\n`

  bothWays("profile and files", () =>
    Effect.gen(function* () {
      for (const blank of blanks) {
        for (const options of [{ profile: blank }, { configFile: blank }, { credentialsFile: blank }]) {
          for (const making of [Aws.Profile.make(options), Aws.DefaultChain.make(options)]) {
            const { error, value } = yield* asking(making, { config })
            assert.isUndefined(error)
            assert.strictEqual(value?.accessKeyId, "AKIADEFAULT")
          }
        }
      }
      const { value } = yield* asking(Aws.Profile.make({ profile: " dev ", configFile: ` ${configFile} ` }), {
        config
      })
      assert.strictEqual(value?.accessKeyId, "AKIADEV")
    })
  )

  bothWays("with a blank profile, keys in the environment come first", () =>
    Effect.map(
      asking(Aws.DefaultChain.make({ profile: " " }), {
        config,
        env: { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "PLANTED" }
      }),
      ({ value }) => assert.strictEqual(value?.accessKeyId, "AKIAENV")
    )
  )

  bothWays("options of a key pair", () =>
    Effect.gen(function* () {
      for (const blank of blanks) {
        const stated = (id: string) =>
          Effect.flatMap(Aws.CredentialProvider, ({ get }) => get).pipe(
            Effect.provide(
              Aws.Static.layer({ accessKeyId: id, secretAccessKey: "PLANTED", sessionToken: blank })
            )
          )
        assert.isUndefined((yield* stated("AKIASTATED")).sessionToken)
        assert.deepInclude(
          { ...(yield* Effect.flip(stated(blank))) },
          { reason: "Incomplete", key: "accessKeyId" }
        )
      }
    })
  )

  bothWays("options of a role", () =>
    Effect.gen(function* () {
      const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "AKIABASE", AWS_SECRET_ACCESS_KEY: "PLANTED" }
      for (const blank of blanks) {
        const options = {
          roleArn: ` ${role} `,
          roleSessionName: blank,
          externalId: blank,
          policy: blank,
          mfaSerial: blank,
          sourceIdentity: blank
        }
        const outcome = yield* asking(
          Effect.provide(Aws.AssumedRole.make(Aws.Environment.source, options), Aws.SignerV4.layer),
          { env, answers: [assumed] }
        )
        assert.isUndefined(outcome.error)
        const sent = parametersOf(outcome)
        assert.strictEqual(sent.get("RoleArn"), role)
        assert.match(sent.get("RoleSessionName") ?? "", /^effect-sts-/)
        for (const name of ["ExternalId", "Policy", "SerialNumber", "SourceIdentity"])
          assert.isFalse(sent.has(name))
        const token = { file: "/token" }
        const own = yield* asking(
          Aws.WebIdentity.make({ roleArn: role, roleSessionName: blank, policy: blank, token }),
          { env, others, answers: [assumed] }
        )
        assert.isUndefined(own.error)
        assert.match(parametersOf(own).get("RoleSessionName") ?? "", /^effect-sts-/)
      }
    })
  )

  bothWays("a missing required option is named", () =>
    Effect.gen(function* () {
      const sso = { startUrl: "https://e.test/start", region: "us-east-1", accountId: "1", roleName: "r" }
      for (const blank of blanks) {
        for (const key of ["startUrl", "region", "accountId", "roleName"] as const) {
          const { error, sent } = yield* asking(Aws.Sso.make({ ...sso, [key]: blank }))
          assert.deepInclude({ ...error }, { _tag: "StsConfigError", key })
          assert.lengthOf(sent, 0)
        }
        const login = yield* asking(Aws.Login.make({ loginSession: blank }))
        assert.deepInclude({ ...login.error }, { _tag: "StsConfigError", key: "loginSession" })
        const env = {
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "AKIABASE",
          AWS_SECRET_ACCESS_KEY: "PLANTED"
        }
        for (const making of [
          Effect.provide(
            Aws.AssumedRole.make(Aws.Environment.source, { roleArn: blank }),
            Aws.SignerV4.layer
          ),
          Aws.WebIdentity.make({ roleArn: blank, token: { file: "/token" } })
        ]) {
          const { error, sent } = yield* asking(making, { env, others })
          assert.deepInclude({ ...error }, { reason: "Malformed", key: "roleArn" })
          assert.include(error?.message, "roleArn must be 20 to 2048 characters")
          assert.lengthOf(sent, 0)
        }
      }
    })
  )

  bothWays("metadata, containers and requests", () =>
    Effect.gen(function* () {
      for (const blank of blanks) {
        const nobody = [
          Aws.InstanceMetadata.make({ endpoint: blank, endpointMode: blank, profileName: blank }),
          Aws.Container.make({ relativeUri: blank, fullUri: blank, authorizationTokenFile: blank })
        ]
        for (const making of nobody) {
          const { error } = yield* asking(making, { answers: [reply(404, "")] })
          assert.deepInclude({ ...error }, { reason: "NotConfigured" })
        }
        const { error, sent } = yield* running(
          Aws.getCallerIdentity().pipe(
            RequestPolicy.adjust({ aws: { region: blank, endpoint: blank } }),
            Effect.provide(Aws.Static.layer({ accessKeyId: "AKIA", secretAccessKey: "PLANTED" }))
          ),
          { env: { AWS_REGION: "eu-west-1" }, answers: [callerIs] }
        )
        assert.isUndefined(error)
        assert.strictEqual(sent[0]?.url, "https://sts.eu-west-1.amazonaws.com/")
      }
    })
  )
})
