import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import { RequestPolicy } from "../../../src/index.js"
import { HomeDirectory } from "../../../src/layers/HomeDirectory.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk, files } from "../../support/files.js"
import { hosts } from "../../support/metadata.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const now = Date.parse("2026-01-01T00:00:00Z")
const end = "2026-01-01T01:00:00Z"

const pair = { access_key_id: "file-id", access_key_secret: planted.accessKeySecret }
const roleArn = "acs:ram::123456789012:role/reader"

const config = (...profiles: ReadonlyArray<object>): string =>
  JSON.stringify({ current: "dev", profiles, meta_path: "" }, null, 2)

const dev = (mode: string, settings: object = {}) => ({ name: "dev", mode, ...settings })

interface Setup {
  readonly text: string
  readonly answers?: ReadonlyArray<Answer>
  readonly env?: Readonly<Record<string, string>>
  readonly options?: Alibaba.CliProfile.Options
  readonly others?: Readonly<Record<string, string>>
}

const machine = ({ answers = [fault("EHOSTUNREACH")], env = {}, options, others = {}, text }: Setup) => {
  const http = scripted(...answers)
  const disk = new Disk({ [configFile]: text, ...others })
  const get = Effect.andThen(TestClock.setTime(now), Alibaba.CliProfile.make(options)).pipe(
    Effect.flatMap((source) => source.get),
    Effect.provide(services(disk.layer, http.layer)),
    Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
    environment(env)
  )
  return { get, sent: http.sent }
}

const issued = (id: string) =>
  reply(200, {
    RequestId: "REQ-OK",
    Credentials: {
      AccessKeyId: id,
      AccessKeySecret: planted.issuedSecret,
      SecurityToken: planted.issuedToken,
      Expiration: end
    },
    AssumedRoleUser: { Arn: `${roleArn}/s`, AssumedRoleId: "3:s" }
  })

const document = {
  Code: "Success",
  AccessKeyId: "STS.metadata",
  AccessKeySecret: planted.issuedSecret,
  SecurityToken: planted.issuedToken,
  Expiration: end
}

const plain = (text: string) => reply(200, text, { "content-type": "text/plain" })

const stringToSign = (body: string): URLSearchParams => new URLSearchParams(body)

describe("a CLI profile", () => {
  for (const mode of ["AK", "ak"]) {
    it.effect(`of mode ${mode} gives its key pair, whatever else is set`, () =>
      Effect.gen(function* () {
        const { get, sent } = machine({
          text: config(dev(mode, { ...pair, sts_token: planted.securityToken }))
        })
        const credentials = yield* get
        assert.strictEqual(credentials.accessKeyId, "file-id")
        assert.strictEqual(Redacted.value(credentials.accessKeySecret), planted.accessKeySecret)
        assert.isUndefined(credentials.securityToken)
        assert.strictEqual(credentials.source, "CLI profile, profile dev")
        assert.deepStrictEqual(sent, [])
        hides(credentials)
      })
    )
  }

  it.effect("of mode StsToken has its token", () =>
    Effect.gen(function* () {
      const text = config(dev("ststoken", { ...pair, sts_token: planted.securityToken }))
      const { securityToken } = yield* machine({ text }).get
      assert.strictEqual(securityToken && Redacted.value(securityToken), planted.securityToken)
    })
  )

  it.effect("of mode RamRoleArn assumes the role", () =>
    Effect.gen(function* () {
      const { get, sent } = machine({
        text: config(
          dev("RamRoleArn", {
            ...pair,
            sts_token: planted.securityToken,
            ram_role_arn: roleArn,
            ram_session_name: "report",
            expired_seconds: 900,
            external_id: "ext-1",
            policy: "{}",
            sts_region: "eu-central-1"
          })
        ),
        answers: [issued("STS.role")]
      })
      const credentials = yield* get
      assert.strictEqual(credentials.accessKeyId, "STS.role")
      assert.strictEqual(credentials.source, `CLI profile, profile dev: role ${roleArn} over CLI profile`)
      assert.strictEqual(sent.length, 1)
      assert.strictEqual(sent[0]?.url, "https://sts.eu-central-1.aliyuncs.com/")
      assert.strictEqual(sent[0]?.headers["x-acs-security-token"], planted.securityToken)
      const body = stringToSign(sent[0]?.body ?? "")
      assert.deepStrictEqual(
        ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "Policy"].map((name) =>
          body.get(name)
        ),
        [roleArn, "report", "900", "ext-1", "{}"]
      )
      hides(credentials)
    })
  )

  it.effect("has a stable session name by default", () =>
    Effect.gen(function* () {
      const disk = new Disk({ [configFile]: config(dev("RamRoleArn", { ...pair, ram_role_arn: roleArn })) })
      const http = scripted(issued("STS.role"))
      yield* Effect.gen(function* () {
        const { get } = yield* Alibaba.CliProfile.make()
        yield* get
        disk.put(configFile, `${disk.text(configFile)}\n`)
        yield* get
      }).pipe(Effect.provide(services(disk.layer, http.layer)), environment())
      const names = http.sent.map(({ body }) => stringToSign(body).get("RoleSessionName"))
      assert.match(names[0] ?? "", /^effect-sts-/)
      assert.strictEqual(names[0], names[1])
    })
  )

  it.effect("of mode ChainableRamRoleArn assumes one role with another", () =>
    Effect.gen(function* () {
      const { get, sent } = machine({
        text: config(dev("ChainableRamRoleArn", { source_profile: "middle", ram_role_arn: `${roleArn}2` }), {
          name: "middle",
          mode: "RamRoleArn",
          ...pair,
          ram_role_arn: roleArn,
          sts_region: "eu-west-1"
        }),
        answers: [issued("STS.first"), issued("STS.second")]
      })
      assert.strictEqual((yield* get).accessKeyId, "STS.second")
      assert.deepStrictEqual(
        sent.map(({ url }) => new URL(url).host),
        ["sts.eu-west-1.aliyuncs.com", "sts.aliyuncs.com"]
      )
      assert.include(sent[1]?.headers["authorization"], "Credential=STS.first")
    })
  )

  const endpoints: ReadonlyArray<readonly [string, object, Readonly<Record<string, string>>, string]> = [
    ["sts_endpoint", { sts_endpoint: "sts.example.com" }, {}, "sts.example.com"],
    ["enable_vpc", { sts_region: "cn-beijing", enable_vpc: true }, {}, "sts-vpc.cn-beijing.aliyuncs.com"],
    [
      "the environment's region",
      {},
      { ALIBABA_CLOUD_STS_REGION: "cn-beijing" },
      "sts.cn-beijing.aliyuncs.com"
    ],
    [
      "its region rather than the environment's",
      { sts_region: "eu-west-1" },
      { ALIBABA_CLOUD_STS_REGION: "cn-beijing" },
      "sts.eu-west-1.aliyuncs.com"
    ],
    [
      "the environment's endpoint rather than its region",
      { sts_region: "eu-west-1" },
      { ALIBABA_CLOUD_STS_ENDPOINT: "sts.example.com" },
      "sts.example.com"
    ]
  ]
  for (const [what, settings, env, host] of endpoints) {
    it.effect(`asks STS at ${what}`, () =>
      Effect.gen(function* () {
        const text = config(dev("RamRoleArn", { ...pair, ram_role_arn: roleArn, ...settings }))
        const { get, sent } = machine({ text, env, answers: [issued("STS.role")] })
        yield* get
        assert.strictEqual(new URL(sent[0]?.url ?? "").host, host)
      })
    )
  }

  it.effect("uses the program's endpoint, whatever the profile says", () =>
    Effect.gen(function* () {
      const text = config(dev("RamRoleArn", { ...pair, ram_role_arn: roleArn, sts_region: "eu-west-1" }))
      const { get, sent } = machine({ text, answers: [issued("STS.role")] })
      yield* get.pipe(RequestPolicy.adjust({ alibaba: { region: "us-east-1" } }))
      assert.strictEqual(sent[0]?.url, "https://sts.us-east-1.aliyuncs.com/")
    })
  )

  it.effect("of mode OIDC exchanges the token in a file", () =>
    Effect.gen(function* () {
      const { get, sent } = machine({
        text: config(
          dev("OIDC", {
            ram_role_arn: roleArn,
            oidc_provider_arn: "acs:ram::123456789012:oidc-provider/k8s",
            oidc_token_file: "/var/token",
            ram_session_name: "pod"
          })
        ),
        others: { "/var/token": `${planted.oidcToken}\n` },
        answers: [issued("STS.oidc")]
      })
      const credentials = yield* get
      assert.strictEqual(credentials.accessKeyId, "STS.oidc")
      const body = stringToSign(sent[0]?.body ?? "")
      assert.deepStrictEqual(
        [body.get("OIDCToken"), body.get("RoleSessionName"), body.get("OIDCProviderArn")],
        [planted.oidcToken, "pod", "acs:ram::123456789012:oidc-provider/k8s"]
      )
      hides(credentials)
    })
  )

  it.effect("of mode EcsRamRole asks the metadata service, which is remembered", () =>
    Effect.gen(function* () {
      const disk = files({ [configFile]: config(dev("EcsRamRole", { ram_role_name: "worker" })) })
      const http = scripted(plain("metadata-token"), reply(200, document), reply(200, document))
      yield* Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const { get } = yield* Alibaba.CliProfile.make()
        const credentials = yield* get
        assert.strictEqual(credentials.accessKeyId, "STS.metadata")
        assert.strictEqual(credentials.source, "CLI profile, profile dev: ECS RAM role")
        yield* get
      }).pipe(Effect.provide(services(disk.layer, http.layer)), environment())
      assert.deepStrictEqual(
        http.sent.map(({ url }) => new URL(url).pathname),
        ["/latest/api/token", ...Array(2).fill("/latest/meta-data/ram/security-credentials/worker")]
      )
    })
  )

  it.effect("of mode CredentialsURI asks the URL", () =>
    Effect.gen(function* () {
      const uri = "http://localhost:6666/credentials"
      const { get, sent } = machine({
        text: config(dev("CredentialsURI", { credentials_uri: uri })),
        answers: [reply(200, document)]
      })
      const credentials = yield* hosts({ localhost: ["127.0.0.1"] }).provided(get)
      assert.strictEqual(credentials.accessKeyId, "STS.metadata")
      assert.strictEqual(sent.length, 1)
    })
  )

  it.effect("is selected by option, environment or file, in that order", () =>
    Effect.gen(function* () {
      const text = config(
        dev("AK", pair),
        { name: "two", mode: "AK", ...pair, access_key_id: "two-id" },
        { name: "three", mode: "AK", ...pair, access_key_id: "three-id" }
      )
      const env = { ALIBABA_CLOUD_PROFILE: "two" }
      assert.strictEqual(
        (yield* machine({ text, env, options: { profile: "three" } }).get).accessKeyId,
        "three-id"
      )
      assert.strictEqual((yield* machine({ text, env }).get).accessKeyId, "two-id")
      assert.strictEqual((yield* machine({ text }).get).accessKeyId, "file-id")
    })
  )

  it.effect("is read from the file that is named", () =>
    Effect.gen(function* () {
      const text = config(dev("AK", { ...pair, access_key_id: "other-id" }))
      const others = { "/etc/config.json": text, "/etc/two.json": config(dev("AK", pair)) }
      const env = { ALIBABA_CLOUD_CONFIG_FILE: "/etc/config.json" }
      assert.strictEqual((yield* machine({ text: "{", others, env }).get).accessKeyId, "other-id")
      const options = { configFile: "/etc/two.json" }
      assert.strictEqual((yield* machine({ text: "{", others, env, options }).get).accessKeyId, "file-id")
    })
  )

  it.effect("is read from USERPROFILE when HOME is not set, with a byte order mark", () =>
    Effect.gen(function* () {
      const text = `\uFEFF${config(dev("AK", pair))}`
      const { get } = machine({
        text: "{",
        others: { "C:\\Users\\alice/.aliyun/config.json": text },
        env: { HOME: "", USERPROFILE: "C:\\Users\\alice" }
      })
      assert.strictEqual((yield* get).accessKeyId, "file-id")
    })
  )
})

interface Wrong {
  readonly reason: StsCredentialError["reason"]
  readonly line?: number
  readonly key?: string
  readonly profile?: string
  readonly says?: ReadonlyArray<string>
}

const role = { ...pair, ram_role_arn: roleArn }
const chained = (name: string, source: string) => ({
  name,
  mode: "ChainableRamRoleArn",
  source_profile: source,
  ram_role_arn: roleArn
})

const wrong: Readonly<Record<string, readonly [Setup, Wrong]>> = {
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
  for (const [what, [setup, { says = [], ...fields }]] of Object.entries(wrong)) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(machine(setup).get)
        assert.isTrue(error instanceof StsCredentialError, error.message)
        const shown = error as StsCredentialError
        assert.deepInclude({ ...shown }, fields)
        for (const text of says) assert.include(shown.message, text)
        hides(error)
        assert.notInclude(JSON.stringify(error), "PLANTED")
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
