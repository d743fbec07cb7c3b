import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { MfaTokenCode } from "../../../src/index.js"
import { keptLogs } from "../../support/logs.js"
import { reply } from "../../support/scripted.js"
import { assumed, configFile, credentialsFile, fromProfile, home, keys, machine, role } from "./profile.js"

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
