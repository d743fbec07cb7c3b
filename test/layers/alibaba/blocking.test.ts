import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../../src/alibaba.js"
import { AlibabaBlocking, Blocking } from "../../../src/blocking.js"
import { planted } from "../../leaks/planted.js"
import { environment } from "../../support/alibabaEnvironment.js"
import { newFolder } from "../../support/folders.js"
import { type Answer, reply, scripted } from "../../support/scripted.js"

let folder: string
beforeEach(() => {
  folder = newFolder()
  mkdirSync(join(folder, ".aliyun"))
})

const file = () => join(folder, ".aliyun/config.json")

const write = (profile: object): void => {
  writeFileSync(file(), JSON.stringify({ current: "dev", profiles: [{ name: "dev", ...profile }] }, null, 2))
  chmodSync(file(), 0o600)
}

const pair = { access_key_id: "file-id", access_key_secret: planted.accessKeySecret }
const end = new Date(Date.now() + 3_600_000).toISOString()
const issued = { AccessKeySecret: planted.issuedSecret, SecurityToken: planted.issuedToken, Expiration: end }

const answers: Readonly<Record<string, Answer>> = {
  "sts.aliyuncs.com/": reply(200, {
    Credentials: { AccessKeyId: "STS.role", ...issued },
    AssumedRoleUser: { Arn: "acs:ram::1:assumed-role/r/s", AssumedRoleId: "3:s" }
  }),
  "signin.example.com/cloud-credentials": reply(200, {
    CloudCredential: { AccessKeyId: "STS.sso", ...issued }
  }),
  "oauth.aliyun.com/v1/token": reply(200, { access_token: "a-2", refresh_token: "r-2", expires_in: 3_600 }),
  "oauth.aliyun.com/v1/exchange": reply(200, {
    accessKeyId: "STS.oauth",
    accessKeySecret: planted.issuedSecret,
    securityToken: planted.issuedToken,
    expiration: end
  })
}

const answering: Answer = (request, sent) => {
  const { host, pathname } = new URL(request.url)
  return (answers[host + pathname] ?? reply(404, ""))(request, sent)
}

/** Everything blocks but HTTP, which nothing waits for here. */
const services = Layer.mergeAll(Blocking.layer, Alibaba.SignerAcs3.layer).pipe((layers) =>
  Layer.merge(layers, scripted(answering).layer)
)

const got = () =>
  Effect.runSync(
    Effect.flatMap(Alibaba.CliProfile.make(), ({ get }) => get).pipe(
      Effect.provide(services),
      environment({ HOME: folder })
    )
  )

describe("under runSync", () => {
  const role = { ...pair, ram_role_arn: "acs:ram::123456789012:role/reader" }
  const seconds = Math.floor(Date.now() / 1_000)
  const printed = JSON.stringify({ mode: "AK", access_key_id: "printed-id", access_key_secret: "s" })
  const sso = {
    cloud_sso_sign_in_url: "https://signin.example.com/login",
    cloud_sso_account_id: "1",
    cloud_sso_access_config: "ac-1",
    access_token: "t",
    cloud_sso_access_token_expire: seconds + 60
  }
  const modes: Readonly<Record<string, readonly [object, string]>> = {
    AK: [pair, "file-id"],
    RamRoleArn: [role, "STS.role"],
    External: [{ process_command: `/bin/echo '${printed}'` }, "printed-id"],
    CloudSSO: [sso, "STS.sso"],
    OAuth: [{ oauth_site_type: "CN", oauth_refresh_token: "r-1" }, "STS.oauth"]
  }
  for (const [mode, [settings, id]] of Object.entries(modes)) {
    it(`a CLI profile of mode ${mode} gives credentials`, () => {
      write({ mode, ...settings })
      assert.strictEqual(got().accessKeyId, id)
    })
  }

  it("OAuth tokens are written with owner-only permissions", () => {
    write({ mode: "OAuth", oauth_site_type: "CN", oauth_refresh_token: "r-1" })
    chmodSync(file(), 0o644)
    got()
    const { profiles } = JSON.parse(readFileSync(file(), "utf8"))
    assert.deepInclude(profiles[0], { oauth_access_token: "a-2", oauth_refresh_token: "r-2" })
    assert.strictEqual(statSync(file()).mode & 0o777, 0o600)
  })

  it("the default chain gives credentials", () => {
    write({ mode: "AK", ...pair })
    const credentials = Effect.runSync(
      Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get).pipe(
        Effect.provide(AlibabaBlocking.layer),
        environment({ HOME: folder })
      )
    )
    assert.strictEqual(credentials.accessKeyId, "file-id")
  })
})
