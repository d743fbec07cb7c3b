import { createHash } from "node:crypto"
import { inspect } from "node:util"
import * as NodeChildProcessSpawner from "@effect/platform-node/NodeChildProcessSpawner"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { MfaTokenCode } from "../../../src/index.js"
import { HomeDirectory } from "../../../src/layers/HomeDirectory.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { noCommand } from "../../support/commands.js"
import { type Entry, files } from "../../support/files.js"
import { keptLogs } from "../../support/logs.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const home = "/home/alice"
const configFile = `${home}/.aws/config`
const credentialsFile = `${home}/.aws/credentials`

interface Machine {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string | Entry
  readonly credentials?: string | Entry
  readonly others?: Readonly<Record<string, string>>
  readonly answers?: ReadonlyArray<Answer>
}

const run = Layer.provide(Layer.provide(NodeChildProcessSpawner.layer, NodePath.layer), NodeFileSystem.layer)

const machine = ({ answers = [], config, credentials, env = {}, others = {} }: Machine) => {
  const http = scripted(...(answers.length === 0 ? [fault("EHOSTUNREACH")] : answers))
  const stated = {
    ...(config === undefined ? {} : { [configFile]: config }),
    ...(credentials === undefined ? {} : { [credentialsFile]: credentials })
  }
  const disk = files(Object.assign(others, stated))
  const on =
    (commands: Layer.Layer<ChildProcessSpawner.ChildProcessSpawner>) =>
    <A, E>(effect: Effect.Effect<A, E, Aws.Profile.Services>) =>
      effect.pipe(
        Effect.provide([http.layer, disk.layer, Aws.SignerV4.layer, commands]),
        Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ HOME: home, ...env })
        )
      )
  return { sent: http.sent, read: disk.read, on: on(noCommand), withCommands: on(run) }
}

const fromProfile = (options?: Aws.Profile.Options) =>
  Effect.flatMap(Aws.Profile.make(options), (source) => source.get)

const fromChain = Effect.flatMap(Aws.DefaultChain.make(), (source) => source.get)

const keys = (name: string) =>
  `aws_access_key_id = ${name}-id\naws_secret_access_key = PLANTED-${name}-SECRET\n`

const assumed = (name: string) =>
  reply(
    200,
    `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/${name}/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>${name}-id</AccessKeyId><SecretAccessKey>PLANTED-${name}-SECRET</SecretAccessKey><SessionToken>PLANTED-${name}-TOKEN</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    { "content-type": "text/xml" }
  )

const role = (name: string) => `role_arn = arn:aws:iam::123456789012:role/${name}\n`

interface Expected {
  readonly reason: StsCredentialError["reason"]
  readonly key?: string
  readonly file?: string
  readonly line?: number
  readonly profile?: string
  readonly says?: RegExp
}

const expectError = (error: unknown, { says = /./, ...fields }: Expected) => {
  assert.instanceOf(error, StsCredentialError)
  assert.deepInclude({ ...error }, fields)
  assert.match(error.message, says)
  for (const text of [String(error), inspect(error), JSON.stringify(error)])
    assert.notInclude(text, "PLANTED")
}

// Others pass over each of these and answer with whoever they find next: here the instance's role would be it.
describe("invalid AWS_PROFILE configurations end the search", () => {
  const chosen = { AWS_PROFILE: "prod" }
  const elsewhere = `[default]\n${keys("other")}`

  const setUps: ReadonlyArray<readonly [name: string, machine: Machine, expected: Expected]> = [
    [
      "a name that no profile has",
      { env: chosen, config: `${elsewhere}[profile production]\nregion = eu-central-1\n` },
      { reason: "UnknownProfile", key: "AWS_PROFILE", profile: "prod", says: /default, production/ }
    ],
    [
      "a header that is not closed",
      { env: chosen, config: `${elsewhere}[profile prod\n${keys("prod")}` },
      { reason: "Malformed", file: configFile, line: 4, says: /header/ }
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
      { reason: "Malformed", key: "credential_source", file: configFile, line: 7, says: /source_profile/ }
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
        says: /it says: the session is over/
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
  it.effect("is read each time from both files, the credentials file first", () =>
    Effect.gen(function* () {
      const { on, read } = machine({
        config: `[default]\n${keys("config")}aws_account_id = 123456789012\n`,
        credentials: `[default]\n${keys("stored")}aws_session_token = PLANTED-TOKEN\n`
      })
      const source = yield* on(Aws.Profile.make())
      assert.deepStrictEqual(read, [])
      const { accessKeyId, accountId, sessionToken } = yield* on(source.get)
      assert.strictEqual(accessKeyId, "stored-id")
      assert.strictEqual(accountId, "123456789012")
      assert.strictEqual(sessionToken && Redacted.value(sessionToken), "PLANTED-TOKEN")
      yield* on(source.get)
      assert.deepStrictEqual(read, [configFile, credentialsFile, configFile, credentialsFile])
    })
  )

  it.effect("named in code takes precedence over AWS_PROFILE and AWS_DEFAULT_PROFILE", () =>
    Effect.gen(function* () {
      const config = `[profile a]\n${keys("a")}[profile b]\n${keys("b")}[profile c]\n${keys("c")}`
      const get = (env: Record<string, string>, options?: Aws.Profile.Options) =>
        Effect.map(machine({ env, config }).on(fromProfile(options)), ({ accessKeyId }) => accessKeyId)
      assert.strictEqual(yield* get({ AWS_PROFILE: "b", AWS_DEFAULT_PROFILE: "c" }, { profile: "a" }), "a-id")
      assert.strictEqual(yield* get({ AWS_PROFILE: "b", AWS_DEFAULT_PROFILE: "c" }), "b-id")
      assert.strictEqual(yield* get({ AWS_PROFILE: " ", AWS_DEFAULT_PROFILE: "c" }), "c-id")
    })
  )

  it.effect("assumes a chain of roles", () =>
    Effect.gen(function* () {
      const config = [
        `[profile top]\n${role("top")}source_profile = middle\nregion = eu-west-1`,
        "external_id = EXTERNAL\nrole_session_name = me\nduration_seconds = 1800",
        `[profile middle]\n${role("middle")}source_profile = bottom\nregion = us-east-2`
      ].join("\n")
      const { on, sent } = machine({
        config,
        credentials: `[bottom]\n${keys("bottom")}`,
        answers: [assumed("middle"), assumed("top")]
      })
      const credentials = yield* on(fromProfile({ profile: "top" }))
      assert.strictEqual(credentials.accessKeyId, "top-id")
      assert.strictEqual(credentials.accountId, "123456789012")
      assert.deepStrictEqual(
        sent.map(({ url }) => url),
        ["https://sts.eu-west-1.amazonaws.com/", "https://sts.eu-west-1.amazonaws.com/"]
      )
      assert.include(sent[0]?.headers["authorization"] ?? "", "Credential=bottom-id/")
      assert.include(sent[1]?.headers["authorization"] ?? "", "Credential=middle-id/")
      const asked = new URLSearchParams(sent[1]?.body)
      assert.strictEqual(asked.get("ExternalId"), "EXTERNAL")
      assert.strictEqual(asked.get("RoleSessionName"), "me")
      assert.strictEqual(asked.get("DurationSeconds"), "1800")
    })
  )

  it.effect("follows changes of its files, under one session name", () =>
    Effect.gen(function* () {
      const entries = { [configFile]: "", [credentialsFile]: `[base]\n${keys("base")}` }
      const write = (name: string, region: string) => {
        entries[configFile] = `[default]\n${role(name)}source_profile = base\nregion = ${region}\n`
      }
      const { on, sent } = machine({ others: entries, answers: [assumed("first"), assumed("second")] })
      const source = yield* on(Aws.Profile.make())
      write("first", "eu-west-1")
      assert.strictEqual((yield* on(source.get)).accessKeyId, "first-id")
      write("second", "us-east-2")
      assert.strictEqual((yield* on(source.get)).accessKeyId, "second-id")
      assert.deepStrictEqual(
        sent.map(({ url }) => url),
        ["https://sts.eu-west-1.amazonaws.com/", "https://sts.us-east-2.amazonaws.com/"]
      )
      const [first, second] = sent.map(({ body }) => new URLSearchParams(body))
      assert.match(first?.get("RoleArn") ?? "", /first$/)
      assert.match(second?.get("RoleArn") ?? "", /second$/)
      assert.match(first?.get("RoleSessionName") ?? "", /^effect-sts-/)
      assert.strictEqual(first?.get("RoleSessionName"), second?.get("RoleSessionName"))
    })
  )

  it.effect("gives the SSO role, using the region's own settings", () =>
    Effect.gen(function* () {
      const startUrl = "https://example.awsapps.com/start"
      const cache = `${home}/.aws/sso/cache/${createHash("sha1").update("work").digest("hex")}.json`
      const roleCredentials = {
        accessKeyId: "sso-id",
        secretAccessKey: "PLANTED",
        sessionToken: "PLANTED",
        expiration: 1_900_000_000_000
      }
      const { on, sent } = machine({
        config: `[default]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = reader\nuse_dualstack_endpoint = true\n[sso-session work]\nsso_region = eu-west-1\nsso_start_url = ${startUrl}\n`,
        others: {
          [cache]: JSON.stringify({ accessToken: "PLANTED", expiresAt: "2030-01-01T00:00:00Z", startUrl })
        },
        answers: [reply(200, { roleCredentials })]
      })
      const { accessKeyId, accountId } = yield* on(fromProfile())
      assert.deepStrictEqual([accessKeyId, accountId], ["sso-id", "123456789012"])
      assert.match(sent[0]?.url ?? "", /^https:\/\/portal\.sso\.eu-west-1\.api\.aws\//)
    })
  )

  it.effect("asks for an MFA code", () =>
    Effect.gen(function* () {
      const serial = "arn:aws:iam::123456789012:mfa/alice"
      const { on, sent } = machine({
        config: `[default]\n${role("top")}source_profile = default\nmfa_serial = ${serial}\nregion = eu-west-1\n${keys("own")}`,
        answers: [assumed("top")]
      })
      const asked: Array<string> = []
      yield* on(fromProfile()).pipe(
        Effect.provide(
          MfaTokenCode.layer((device) => {
            asked.push(device)
            return Effect.succeed(Redacted.make("123456"))
          })
        )
      )
      assert.deepStrictEqual(asked, [serial])
      const body = new URLSearchParams(sent[0]?.body)
      assert.strictEqual(body.get("TokenCode"), "123456")
      assert.strictEqual(body.get("SerialNumber"), serial)
    })
  )

  it.live("runs credential_process and adds the account", () =>
    Effect.gen(function* () {
      const document = '{"Version":1,"AccessKeyId":"printed-id","SecretAccessKey":"PLANTED"}'
      const { withCommands } = machine({
        config: `[default]\ncredential_process = echo '${document}'\naws_account_id = 123456789012\n`
      })
      const { accessKeyId, accountId } = yield* withCommands(fromProfile())
      assert.strictEqual(accessKeyId, "printed-id")
      assert.strictEqual(accountId, "123456789012")
    })
  )

  const refusals: ReadonlyArray<readonly [string, Machine, Expected]> = [
    ["without files", {}, { reason: "NotConfigured", says: /\.aws\/config and .*\.aws\/credentials/ }],
    ["without a home", { env: { HOME: "" } }, { reason: "NotConfigured", says: /home directory is unknown/ }],
    [
      "without a default",
      { config: `[profile other]\n${keys("other")}` },
      { reason: "NotConfigured", says: /there are other/ }
    ],
    [
      "without a setting for credentials",
      { env: { AWS_PROFILE: "bare" }, config: "[profile bare]\nregion = eu-west-1\n" },
      { reason: "NotConfigured", profile: "bare", file: configFile, line: 1 }
    ],
    [
      "that has lost its prefix",
      { env: { AWS_PROFILE: "prod" }, config: `[prod]\n${keys("prod")}` },
      { reason: "UnknownProfile", key: "AWS_PROFILE", says: /config:1.*\[profile name\]/ }
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
      { reason: "Malformed", key: "source_profile", profile: "c", line: 9, says: /b -> c -> b/ }
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
      { reason: "Unsupported", key: "credential_source", line: 3, says: /Environment, EcsContainer/ }
    ],
    [
      "over an environment without keys",
      { config: `[default]\n${role("a")}credential_source = Environment\n` },
      { reason: "Incomplete", key: "credential_source", line: 3, says: /AWS_ACCESS_KEY_ID/ }
    ],
    [
      "over an instance's role that does not answer",
      { config: `[default]\n${role("a")}credential_source = Ec2InstanceMetadata\n` },
      { reason: "Unavailable", key: "credential_source", line: 3 }
    ],
    [
      "with a duration that is too short",
      { config: `[default]\n${role("a")}credential_source = Environment\nduration_seconds = 899\n` },
      { reason: "Malformed", key: "duration_seconds", line: 4, says: /900 to 43200/ }
    ],
    [
      "with a session for a token alone",
      {
        config: `[default]\nsso_session = work\n[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n`
      },
      { reason: "Incomplete", key: "sso_account_id", says: /sso_role_name/ }
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

  it.effect("warns once about a file with secrets that others can read", () =>
    Effect.gen(function* () {
      const { layer: logs, messages: lines } = keptLogs()
      const { on } = machine({
        config: { text: "[default]\nregion = eu-west-1\n", mode: 0o644 },
        credentials: { text: `[default]\n${keys("a")}`, mode: 0o644 }
      })
      const source = yield* on(Aws.Profile.make())
      yield* Effect.provide(Effect.andThen(on(source.get), on(source.get)), logs)
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0] ?? "", credentialsFile)
    })
  )
})
