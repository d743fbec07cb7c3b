/**
 * Files in which every setting is a secret, sound and broken: nothing that comes of them tells one.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Result from "effect/Result"
import * as Alibaba from "../../src/alibaba.js"
import {
  commands,
  configFile,
  credentialsFile,
  environment,
  services
} from "../support/alibabaEnvironment.js"
import { Disk } from "../support/files.js"
import { talkative } from "../support/logs.js"
import { type Answer, fault, reply, scripted } from "../support/scripted.js"
import { timed } from "../support/time.js"
import { printouts } from "./printouts.js"

const mark = "PLANTED"
const secret = (key: string) => `${mark}-${key}-7f3a9c0e51d84b26`

const names = [
  "access_key_id",
  "access_key_secret",
  "sts_token",
  "security_token",
  "oauth_access_token",
  "oauth_refresh_token",
  "access_token",
  "bearer_token",
  "private_key",
  "process_command",
  "credentials_uri"
]
const secrets = Object.fromEntries(names.map((key) => [key, secret(key)]))

const common = {
  ...secrets,
  ram_role_arn: "acs:ram::123456789012:role/reader",
  role_arn: "acs:ram::123456789012:role/reader",
  oidc_provider_arn: "acs:ram::1:oidc-provider/k",
  oidc_token_file: "/var/token",
  cloud_sso_sign_in_url: `https://signin.example.com/?${secret("query")}`,
  cloud_sso_access_token_expire: 32_503_680_000,
  cloud_sso_account_id: "1",
  cloud_sso_access_config: "ac-1",
  oauth_site_type: "CN",
  source_profile: "base"
}

const modes = [
  "AK",
  "StsToken",
  "RamRoleArn",
  "EcsRamRole",
  "OIDC",
  "ChainableRamRoleArn",
  "External",
  "CredentialsURI",
  "CloudSSO",
  "OAuth",
  "RsaKeyPair",
  "BearerToken",
  secret("mode")
]

const types = [
  "access_key",
  "sts",
  "ram_role_arn",
  "oidc_role_arn",
  "credentials_uri",
  "bearer",
  "rsa_key_pair"
]

const configOf = (mode: string, changes: object = {}) =>
  JSON.stringify({
    current: "dev",
    profiles: [
      { name: "dev", mode, ...common, ...changes },
      { name: "base", mode: "AK", ...secrets }
    ]
  })

/** Answers that repeat what was sent, secrets and all. */
const echoing =
  (status: number): Answer =>
  (request, sent) => {
    const words = `${sent.url} ${sent.body} ${JSON.stringify(sent.headers)}`
    return reply(status, {
      Code: "NoPermission",
      Message: words,
      ErrorCode: "No",
      ErrorMessage: words,
      error: "no",
      error_description: words
    })(request, sent)
  }

const http = {
  silence: fault("ECONNREFUSED"),
  "a refusal that repeats everything": echoing(403),
  "an answer that repeats everything": echoing(200),
  "an answer that is not JSON": reply(200, "<html>hello</html>")
}

const sources = { config: Alibaba.CliProfile, credentials: Alibaba.CredentialsFile }

const from = (source: keyof typeof sources, files: Readonly<Record<string, string>>, answer: Answer) =>
  Effect.gen(function* () {
    const logged: Array<string> = []
    const logger = Logger.layer([
      Logger.make((entry) => {
        logged.push(Logger.formatLogFmt.log(entry))
      })
    ])
    const get = Effect.flatMap(sources[source].make(), (made) => made.get).pipe(
      Effect.provide(
        services(new Disk({ "/var/token": secret("oidc"), ...files }).layer, scripted(answer).layer, commands)
      ),
      Effect.provide(logger),
      talkative,
      environment()
    )
    const { outcome } = yield* timed(get, 5_000)
    // An access key id is no secret.
    const shown = (text: string) => text.replaceAll(secret("access_key_id"), "")
    assert.notInclude(shown(logged.join("\n")), mark)
    for (const [way, text] of printouts(Result.merge(outcome))) assert.notInclude(shown(text), mark, way)
  })

describe("config file errors show no secrets", () => {
  for (const mode of modes) {
    for (const [what, answer] of Object.entries(http)) {
      it.effect(`of mode ${mode.startsWith(mark) ? "nobody knows" : mode}, with ${what}`, () =>
        from("config", { [configFile]: configOf(mode) }, answer)
      )
    }
    it.effect(`of mode ${mode.startsWith(mark) ? "nobody knows" : mode}, with settings of other kinds`, () =>
      Effect.forEach(names, (name) =>
        from("config", { [configFile]: configOf(mode, { [name]: [secret("list")] }) }, echoing(403))
      )
    )
  }

  it.effect("broken anywhere", () => {
    const text = configOf("AK")
    const places = Array.from({ length: Math.ceil(text.length / 31) }, (_, index) => index * 31)
    return Effect.forEach(places, (place) =>
      from("config", { [configFile]: `${text.slice(0, place)}"}${text.slice(place)}` }, http.silence)
    )
  })
})

describe("credentials file errors show no secrets", () => {
  const textOf = (type: string) =>
    `[default]\ntype = ${type}\n${Object.entries(common)
      .map(([key, value]) => `${key} = ${value}`)
      .join("\n")}\n`
  for (const type of [...types, secret("type")]) {
    for (const [what, answer] of Object.entries(http)) {
      it.effect(`of type ${type.startsWith(mark) ? "nobody knows" : type}, with ${what}`, () =>
        from("credentials", { [credentialsFile]: textOf(type) }, answer)
      )
    }
  }

  it.effect("broken anywhere", () => {
    const lines = textOf("access_key").split("\n")
    return Effect.forEach(lines.keys(), (index) =>
      from(
        "credentials",
        {
          [credentialsFile]: lines
            .map((line, at) => (at === index ? line.replace(/ = |\]/, " ") : line))
            .join("\n")
        },
        http.silence
      )
    )
  })
})
