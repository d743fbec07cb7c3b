import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import { RequestPolicy } from "../../../src/index.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk, files } from "../../support/files.js"
import { hosts } from "../../support/metadata.js"
import { reply, scripted } from "../../support/scripted.js"
import { config, dev, document, issued, machine, now, pair, plain, roleArn } from "./cliProfile.js"

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
      const body = new URLSearchParams(sent[0]?.body ?? "")
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
      const names = http.sent.map(({ body }) => new URLSearchParams(body).get("RoleSessionName"))
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
      const body = new URLSearchParams(sent[0]?.body ?? "")
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
