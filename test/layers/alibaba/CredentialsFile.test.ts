import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { credentialsFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const now = Date.parse("2026-01-01T00:00:00Z")
const roleArn = "acs:ram::123456789012:role/reader"
const keys = `access_key_id = file-id\naccess_key_secret = ${planted.accessKeySecret}\n`

const reading = (
  lines: string,
  answers: ReadonlyArray<Answer> = [fault("EHOSTUNREACH")],
  env: Readonly<Record<string, string>> = {}
) => {
  const text = `[default]\n${lines}\n`
  const http = scripted(...answers)
  const disk = new Disk({ [credentialsFile]: text, "/var/token": planted.oidcToken })
  const get = Effect.andThen(TestClock.setTime(now), Alibaba.CredentialsFile.make()).pipe(
    Effect.flatMap((source) => source.get),
    Effect.provide(services(disk.layer, http.layer)),
    environment(env)
  )
  return { get, sent: http.sent }
}

const issued = reply(200, {
  RequestId: "REQ-OK",
  Credentials: {
    AccessKeyId: "STS.role",
    AccessKeySecret: planted.issuedSecret,
    SecurityToken: planted.issuedToken,
    Expiration: "2026-01-01T01:00:00Z"
  },
  AssumedRoleUser: { Arn: `${roleArn}/s`, AssumedRoleId: "3:s" }
})

const document = reply(200, {
  Code: "Success",
  AccessKeyId: "STS.metadata",
  AccessKeySecret: planted.issuedSecret,
  SecurityToken: planted.issuedToken,
  Expiration: "2026-01-01T01:00:00Z"
})

const text = (body: string) => reply(200, body, { "content-type": "text/plain" })

const formOf = (body = "") => new URLSearchParams(body)

describe("the credentials file's type", () => {
  it.effect("access_key gives a key pair, with an optional token", () =>
    Effect.gen(function* () {
      const alone = yield* reading(`type = access_key\n${keys}`).get
      assert.strictEqual(alone.source, "credentials file, profile default")
      assert.isUndefined(alone.securityToken)
      const both = yield* reading(`${keys}security_token = ${planted.securityToken}`).get
      assert.strictEqual(both.securityToken && Redacted.value(both.securityToken), planted.securityToken)
      hides(both)
    })
  )

  for (const [key, token] of [
    ["duration_seconds", ""],
    ["role_session_expiration", `security_token = ${planted.securityToken}\n`]
  ] as const) {
    it.effect(`ram_role_arn assumes a role, with ${key}`, () =>
      Effect.gen(function* () {
        const role = `role_arn = ${roleArn}\nrole_session_name = report\npolicy = {"Version":"1"}\nexternal_id = ext-1\n`
        const { get, sent } = reading(
          `type = ram_role_arn\n${keys}${token}${role}${key} = 1800\nsts_region = eu-west-1`,
          [issued]
        )
        const credentials = yield* get
        assert.strictEqual(credentials.accessKeyId, "STS.role")
        assert.strictEqual(
          credentials.source,
          `credentials file, profile default: role ${roleArn} over credentials file`
        )
        assert.strictEqual(sent[0]?.url, "https://sts.eu-west-1.aliyuncs.com/")
        assert.strictEqual(
          sent[0]?.headers["x-acs-security-token"],
          token === "" ? undefined : planted.securityToken
        )
        const form = formOf(sent[0]?.body)
        assert.deepStrictEqual(
          ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "Policy"].map((name) =>
            form.get(name)
          ),
          [roleArn, "report", "1800", "ext-1", '{"Version":"1"}']
        )
        hides(credentials)
      })
    )
  }

  for (const key of ["oidc_token_file_path", "oidc_token_file"]) {
    it.effect(`oidc_role_arn exchanges the token in ${key}`, () =>
      Effect.gen(function* () {
        const provider = "acs:ram::123456789012:oidc-provider/k8s"
        const { get, sent } = reading(
          `type = oidc_role_arn\nrole_arn = ${roleArn}\noidc_provider_arn = ${provider}\n${key} = /var/token`,
          [issued]
        )
        assert.strictEqual((yield* get).accessKeyId, "STS.role")
        assert.strictEqual(formOf(sent[0]?.body).get("OIDCToken"), planted.oidcToken)
      })
    )
  }

  it.effect("ecs_ram_role asks the metadata service, for the named role or the instance's", () =>
    Effect.gen(function* () {
      const named = reading("type = ecs_ram_role\nrole_name = worker", [text("token"), document])
      assert.strictEqual((yield* named.get).accessKeyId, "STS.metadata")
      const found = reading("type = ecs_ram_role", [text("token"), text("any"), document])
      assert.strictEqual((yield* found.get).source, "credentials file, profile default: ECS RAM role")
      assert.match(named.sent[1]?.url ?? "", /\/worker$/)
      assert.match(found.sent[2]?.url ?? "", /\/any$/)
    })
  )

  it.effect("credentials_uri asks the URL", () =>
    Effect.gen(function* () {
      const { get, sent } = reading("type = credentials_uri\ncredentials_uri = http://127.0.0.1:1/x?t=1", [
        document
      ])
      assert.strictEqual((yield* get).accessKeyId, "STS.metadata")
      assert.strictEqual(sent[0]?.url, "http://127.0.0.1:1/x?t=1")
    })
  )

  const role = `type = ram_role_arn\n${keys}role_arn = ${roleArn}\n`
  const disabled = { ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: "true" }
  const wrong: Readonly<
    Record<
      string,
      readonly [string, StsCredentialError["reason"], number, string, Readonly<Record<string, string>>?]
    >
  > = {
    "a role without an ARN": [`type = ram_role_arn\n${keys}`, "Incomplete", 1, "role_arn"],
    "a role with half a pair": [
      `type = ram_role_arn\nrole_arn = ${roleArn}\naccess_key_id = x`,
      "Incomplete",
      1,
      "access_key_secret"
    ],
    "a duration in words": [`${role}duration_seconds = an hour`, "Malformed", 6, "duration_seconds"],
    "a duration that is too long": [
      `${role}role_session_expiration = 43201`,
      "Malformed",
      6,
      "role_session_expiration"
    ],
    "OIDC without a token file": [
      `type = oidc_role_arn\nrole_arn = ${roleArn}\noidc_provider_arn = p`,
      "Incomplete",
      1,
      "oidc_token_file_path"
    ],
    "a session without a token": [`type = sts\n${keys}`, "Incomplete", 1, "security_token"],
    "a key pair of an RSA kind": ["type = rsa_key_pair", "Unsupported", 2, "access_key"],
    "a bearer token": [`type = bearer\nbearer_token = ${planted.securityToken}`, "Unsupported", 2, "bearer"],
    "a type that is a secret": [`type = ${planted.accessKeySecret}`, "Unsupported", 2, "ram_role_arn"],
    "a type that every object has": ["type = constructor", "Unsupported", 2, "type constructor"],
    "a switch that is neither": [`enable = maybe\n${keys}`, "Malformed", 2, "enable"],
    "an instance without a service": ["type = ecs_ram_role", "Unavailable", 1, "metadata"],
    "a URL that is forbidden": [
      "type = credentials_uri\ncredentials_uri = https://example.com",
      "Unsupported",
      3,
      "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
      disabled
    ]
  }
  for (const [what, [lines, reason, line, says, env]] of Object.entries(wrong)) {
    it.effect(`is refused with ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(reading(lines, undefined, env).get)
        assert.deepInclude({ ...error }, { reason, line, file: credentialsFile, profile: "default" })
        assert.include(error.message, says)
        hides(error)
      })
    )
  }

  it.effect("a disabled profile that was asked for ends the search", () =>
    Effect.gen(function* () {
      const layer = services(new Disk({ [credentialsFile]: `[off]\nenable = false\n${keys}` }).layer)
      const { get } = yield* Effect.provide(Alibaba.DefaultChain.make(), layer)
      const error = yield* Effect.flip(environment({ ALIBABA_CLOUD_PROFILE: "off" })(get))
      assert.deepInclude(
        { ...error },
        { reason: "Incomplete", key: "ALIBABA_CLOUD_PROFILE", profile: "off", line: 2 }
      )
      assert.include(error.message, "enable = false")
    })
  )

  it.effect("a missing file counts as not configured, even with a named profile", () =>
    Effect.gen(function* () {
      const { get } = yield* Effect.provide(Alibaba.CredentialsFile.make(), services(new Disk().layer))
      const error = yield* Effect.flip(environment({ ALIBABA_CLOUD_PROFILE: "prod" })(get))
      assert.deepInclude(
        { ...error },
        { reason: "UnknownProfile", key: "ALIBABA_CLOUD_PROFILE", profile: "prod" }
      )
    })
  )
})
