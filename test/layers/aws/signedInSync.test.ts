/**
 * Sessions under `Effect.runSync` and on a real disk, where AWS's own SDK goes on with what was written.
 */
import { createHash, generateKeyPairSync } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fromLoginCredentials } from "@aws-sdk/credential-providers"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import * as SyncFileSystem from "../../../src/layers/blocking/SyncFileSystem.js"
import { newFolder } from "../../support/folders.js"
import { type Answer, reply, scripted } from "../../support/scripted.js"

let home: string
beforeEach(() => {
  home = newFolder()
})

const put = (path: string, value: object) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 })
}

const over = "2020-01-01T00:00:00Z"

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex")

const getSync = (layer: ReturnType<typeof Aws.Sso.layer>, ...answers: ReadonlyArray<Answer>) =>
  Effect.runSync(
    Effect.flatMap(Aws.CredentialProvider, ({ get }) => get).pipe(
      Effect.provide(layer.pipe(Layer.provide([scripted(...answers).layer, SyncFileSystem.layer]))),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({ HOME: home }))
    )
  )

describe("a session under runSync", () => {
  it("an SSO session is renewed, saved and used for a role", () => {
    const path = join(home, `.aws/sso/cache/${hash("sha1", "corp")}.json`)
    const grant = { clientId: "c", clientSecret: "s", refreshToken: "r" }
    put(path, {
      accessToken: "old",
      expiresAt: over,
      registrationExpiresAt: "2999-01-01T00:00:00Z",
      ...grant
    })
    const options = { startUrl: "https://x", region: "eu-west-1", sessionName: "corp" }
    const { accessKeyId } = getSync(
      Aws.Sso.layer({ ...options, accountId: "123456789012", roleName: "Reader" }),
      reply(200, { accessToken: "new", expiresIn: 3600 }),
      reply(200, {
        roleCredentials: {
          accessKeyId: "ASIAROLE",
          secretAccessKey: "secret",
          sessionToken: "token",
          expiration: Date.parse("2999-01-01T00:00:00Z")
        }
      })
    )
    assert.strictEqual(accessKeyId, "ASIAROLE")
    assert.strictEqual(JSON.parse(readFileSync(path, "utf8")).accessToken, "new")
    assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    assert.strictEqual(readdirSync(dirname(path)).length, 1)
  })

  it("a login session is renewed and saved, and the AWS SDK can use it", async () => {
    const arn = "arn:aws:iam::123456789012:user/alice"
    const folder = join(home, ".aws/login/cache")
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
    put(join(folder, `${hash("sha256", arn)}.json`), {
      accessToken: {
        accessKeyId: "ASIAOLD",
        secretAccessKey: "old",
        sessionToken: "old",
        accountId: "123456789012",
        expiresAt: over
      },
      tokenType: "aws_sigv4",
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken: "old",
      dpopKey: privateKey.export({ format: "pem", type: "sec1" })
    })
    const ours = getSync(
      Aws.Login.layer({ loginSession: arn, region: "eu-west-1" }),
      reply(200, {
        accessToken: { accessKeyId: "ASIANEW", secretAccessKey: "new-secret", sessionToken: "new" },
        refreshToken: "new",
        expiresIn: 900
      })
    )
    const configFilepath = join(home, "config")
    writeFileSync(configFilepath, `[profile me]\nlogin_session = ${arn}\n`)
    process.env["AWS_LOGIN_CACHE_DIRECTORY"] = folder
    try {
      const theirs = await fromLoginCredentials({ profile: "me", configFilepath })()
      assert.deepStrictEqual(
        [theirs.accessKeyId, theirs.secretAccessKey, theirs.accountId],
        [ours.accessKeyId, Redacted.value(ours.secretAccessKey), ours.accountId]
      )
    } finally {
      delete process.env["AWS_LOGIN_CACHE_DIRECTORY"]
    }
  })
})
