/** Identity tokens of files: one that is refused, or only half written, is tried again where the file has changed. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Refreshing } from "../../src/index.js"
import { commands } from "../support/alibabaEnvironment.js"
import { files } from "../support/files.js"
import { environment, serving } from "../support/metadata.js"
import { credentialError } from "../support/refusals.js"
import { alibaba, aws, emulated, type Given, type RoleCloud } from "../support/roleClouds.js"
import { reply } from "../support/scripted.js"

const identityToken = "/var/run/secrets/token"

const retried = <C extends Given>(cloud: RoleCloud<C>) => {
  const { identityVariables, mintToken } = cloud
  const settings = {
    [identityVariables.role]: cloud.arns.oidcRole,
    [identityVariables.file]: identityToken,
    ...identityVariables.others
  }

  /** A file that holds a token that is refused, and another one from its second reading on. */
  const replaced = (texts: ReadonlyArray<string>) => {
    let readings = 0
    return {
      count: () => readings,
      layer: Layer.succeed(
        FileSystem.FileSystem,
        FileSystem.makeNoop({
          readFileString: () => Effect.sync(() => texts[Math.min(readings++, texts.length - 1)] ?? "")
        })
      )
    }
  }

  const ways = {
    "by the environment": cloud.fromEnvironment,
    "by the program": cloud.webIdentity({ token: { file: identityToken } })
  }
  for (const [way, making] of Object.entries(ways)) {
    it.effect(`${cloud.cloud}, ${way}: a half-written file keeps valid credentials`, () => {
      const contents: Record<string, string> = {}
      return emulated(
        (emulator) =>
          Effect.gen(function* () {
            contents[identityToken] = Redacted.value(yield* mintToken(emulator))
            const { get } = Refreshing.make(cloud.cloud, yield* making)
            const { accessKeyId } = yield* get
            yield* TestClock.adjust("55 minutes")
            yield* emulator.clearRequests
            for (const text of ["", " \n", "ey", "\uFEFF", "two words", "x".repeat(20_001)]) {
              contents[identityToken] = text
              assert.strictEqual((yield* get).accessKeyId, accessKeyId)
              yield* TestClock.adjust("5 seconds")
            }
            assert.strictEqual((yield* emulator.requests).length, 0)
            const error = yield* credentialError(Effect.flatMap(making, (source) => source.get))
            assert.deepInclude({ ...error }, { reason: "Malformed", transient: true })
            assert.include(error.message, identityToken)
            contents[identityToken] = Redacted.value(yield* mintToken(emulator))
            yield* TestClock.adjust("1 minute")
            assert.notStrictEqual((yield* get).accessKeyId, accessKeyId)
          }),
        settings,
        contents
      )
    })

    it.effect(`${cloud.cloud}, ${way}: a token that is refused and replaced is tried again`, () =>
      emulated(
        (emulator) =>
          Effect.gen(function* () {
            const good = Redacted.value(yield* mintToken(emulator))
            const file = replaced(["a.bad.token", good])
            const credentials = yield* Effect.flatMap(making, ({ get }) => get).pipe(
              Effect.provide(file.layer)
            )
            assert.isDefined(credentials.expiration)
            assert.strictEqual(file.count(), 2)
            const same = replaced(["a.bad.token"])
            yield* emulator.clearRequests
            const error = yield* credentialError(
              Effect.flatMap(making, ({ get }) => get).pipe(Effect.provide(same.layer))
            )
            assert.strictEqual(error.reason, "Refused")
            assert.strictEqual((yield* emulator.requests).length, 1)
          }),
        settings
      )
    )
  }
}

describe("A3: a token file is read again after a refusal", () => {
  retried(aws)
  retried(alibaba)

  const oidc = {
    oidc_provider_arn: alibaba.identityVariables.others["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] ?? "",
    role_arn: alibaba.arns.oidcRole
  }
  const profiles = {
    "the command line tool's profile": {
      making: Alibaba.CliProfile.make(),
      path: "/home/alice/.aliyun/config.json",
      text: JSON.stringify({
        current: "pod",
        profiles: [
          {
            name: "pod",
            mode: "OIDC",
            oidc_provider_arn: oidc.oidc_provider_arn,
            ram_role_arn: oidc.role_arn,
            oidc_token_file: identityToken,
            ram_session_name: "pod"
          }
        ]
      })
    },
    "the credentials file": {
      making: Alibaba.CredentialsFile.make(),
      path: "/home/alice/.alibabacloud/credentials",
      text: `[default]\ntype = oidc_role_arn\nrole_arn = ${oidc.role_arn}\noidc_provider_arn = ${oidc.oidc_provider_arn}\noidc_token_file_path = ${identityToken}\nrole_session_name = pod\n`
    },
    "AWS's profile": {
      making: Aws.Profile.make(),
      path: "/home/alice/.aws/config",
      text: `[default]\nregion = us-east-1\nrole_arn = ${aws.arns.oidcRole}\nweb_identity_token_file = ${identityToken}\n`
    }
  }
  for (const [name, { making, path, text }] of Object.entries(profiles)) {
    it.effect(name, () => {
      let good = ""
      let readings = 0
      const contents = {
        [path]: text,
        get [identityToken]() {
          return readings++ === 0 ? "a.bad.token" : good
        }
      }
      return emulated(
        (emulator) =>
          Effect.gen(function* () {
            const cloud = path.includes(".aws") ? aws : alibaba
            good = Redacted.value(yield* cloud.mintToken(emulator))
            const { get } = yield* making
            assert.isDefined((yield* get).expiration)
            assert.strictEqual(readings, 2)
          }).pipe(Effect.provide([commands, Alibaba.SignerAcs3.layer, Aws.SignerV4.layer])),
        { HOME: "/home/alice" },
        contents
      )
    })
  }

  it.effect("a CloudSSO login renewed while its token is refused", () => {
    const profile = (token: string) => ({
      name: "dev",
      mode: "CloudSSO",
      cloud_sso_sign_in_url: "https://signin.example.com/start/login",
      cloud_sso_account_id: "123456789012",
      cloud_sso_access_config: "ac-example",
      access_token: token,
      cloud_sso_access_token_expire: 2092000000
    })
    const config = (token: string) => JSON.stringify({ current: "dev", profiles: [profile(token)] })
    const path = "/home/alice/.aliyun/config.json"
    const contents: Record<string, string> = { [path]: config("old") }
    const server = serving(({ headers }) => {
      const isNew = headers["authorization"] === "Bearer new"
      contents[path] = config("new")
      return isNew
        ? reply(200, {
            CloudCredential: {
              AccessKeyId: "STS.New",
              AccessKeySecret: "secret",
              SecurityToken: "token",
              Expiration: "2036-01-01T00:00:00Z"
            }
          })
        : reply(401, { ErrorCode: "InvalidToken", ErrorMessage: "no" })
    })
    return Effect.gen(function* () {
      const { get } = yield* Alibaba.CliProfile.make()
      assert.strictEqual((yield* get).accessKeyId, "STS.New")
      assert.strictEqual(server.seen.length, 2)
    }).pipe(
      Effect.provide(Layer.mergeAll(server.layer, files(contents).layer, commands, Alibaba.SignerAcs3.layer)),
      environment({ HOME: "/home/alice" })
    )
  })
})
