/** Members of another type than they should have, in what Alibaba Cloud's commands and services answer. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import { parseOutput } from "../../src/protocol/alibaba/external.js"
import * as OAuth from "../../src/protocol/alibaba/login.js"
import { commands, configFile, environment, services, silence } from "../support/alibabaEnvironment.js"
import { failureOf, getOf, others, secret, strictly } from "../support/documents.js"
import { files } from "../support/files.js"
import { serving } from "../support/metadata.js"
import { reply, scripted } from "../support/scripted.js"

const external = {
  mode: "StsToken",
  access_key_id: "STS.External",
  access_key_secret: secret,
  sts_token: "token",
  expiration: "2036-01-01T00:00:00Z",
  sts_expiration: 2092000000
}

describe("B3: output of an External command", () => {
  strictly(
    (document) => parseOutput(JSON.stringify(document)),
    external,
    ["mode", "access_key_id", "access_key_secret", "sts_token", "expiration"],
    ["sts_expiration"]
  )

  const executors = { "on the event loop": commands, blocking: SyncCommand.layer() }
  for (const [way, executor] of Object.entries(executors)) {
    it.effect(`${way}: an expiration in seconds is not taken as endless`, () => {
      const text = JSON.stringify({ ...external, expiration: 1600000000 })
      const command = `"${process.execPath}" -e 'process.stdout.write(process.argv[1])' '${text}'`
      const profile = { name: "dev", mode: "External", process_command: command }
      const config = files({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }) })
      return Effect.gen(function* () {
        const error = yield* failureOf(getOf(Alibaba.CliProfile.make()))
        assert.strictEqual(error.reason, "Malformed")
        assert.include(error.message, "expiration is not a string")
        assert.notInclude(error.message, "1600000000")
      }).pipe(Effect.provide(services(config.layer, silence, executor)), environment())
    })
  }
})

describe("B3: replies of Alibaba Cloud credential endpoints", () => {
  const document = {
    Code: "Success",
    AccessKeyId: "STS.Endpoint",
    AccessKeySecret: secret,
    SecurityToken: "token",
    Expiration: "2036-01-01T00:00:00Z"
  }
  const sources = {
    "credentials URI": Alibaba.CredentialsUri.make({ uri: "http://127.0.0.1/creds" }),
    "ECS RAM role": Alibaba.EcsRamRole.make({ roleName: "web" })
  }
  for (const [name, making] of Object.entries(sources)) {
    for (const member of Object.keys(document)) {
      it.effect(`${name}: ${member} with another type`, () =>
        Effect.forEach(
          others,
          (value) =>
            Effect.gen(function* () {
              const server = serving(({ method }) =>
                method === "PUT"
                  ? reply(200, "a-session-token")
                  : reply(200, { ...document, [member]: value })
              )
              const error = yield* failureOf(getOf(making).pipe(Effect.provide(server.layer), environment()))
              assert.strictEqual(error.reason, "Malformed")
              assert.include(error.message, `its ${member} is not`)
            }),
          { discard: true }
        )
      )
    }
  }

  const pair = {
    AccessKeyId: "STS.Sso",
    AccessKeySecret: secret,
    SecurityToken: "token",
    Expiration: "2036-01-01T00:00:00Z"
  }
  const cloudSso = {
    name: "dev",
    mode: "CloudSSO",
    cloud_sso_sign_in_url: "https://signin.example.com/start/login",
    cloud_sso_account_id: "123456789012",
    cloud_sso_access_config: "ac-example",
    access_token: "an-access-token",
    cloud_sso_access_token_expire: 2092000000
  }
  const config = files({ [configFile]: JSON.stringify({ current: "dev", profiles: [cloudSso] }) })
  for (const member of Object.keys(pair)) {
    it.effect(`CloudSSO: ${member} with another type`, () =>
      Effect.forEach(
        others,
        (value) =>
          Effect.gen(function* () {
            const http = scripted(reply(200, { CloudCredential: { ...pair, [member]: value } }))
            const error = yield* failureOf(
              getOf(Alibaba.CliProfile.make()).pipe(
                Effect.provide(services(config.layer, http.layer)),
                environment()
              )
            )
            assert.strictEqual(error.reason, "Malformed")
            assert.include(error.message, `its ${member} is not a string`)
          }),
        { discard: true }
      )
    )
  }

  describe("the reply with new OAuth tokens", () =>
    strictly(
      (document) => OAuth.renewed(document, Redacted.make("refresh"), 0),
      { access_token: "next", refresh_token: "next", expires_in: 3600 },
      ["access_token", "refresh_token"],
      ["expires_in"]
    ))
})
