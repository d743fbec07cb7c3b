/**
 * Credentials and config files of the vendor's own tests: which way to credentials each profile of them leads, and what
 * the profiles give that need nobody's answer.
 */
import { deepStrictEqual } from "node:assert"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Alibaba from "../../../src/alibaba.js"
import * as CliConfig from "../../../src/protocol/alibaba/cliConfig.js"
import * as CredentialsFile from "../../../src/protocol/alibaba/credentialsFile.js"
import type { Planned } from "../../../src/protocol/alibaba/plan.js"
import type { CredentialSource } from "../../../src/services/CredentialSource.js"
import { commands, environment, services } from "../../support/alibabaEnvironment.js"
import { silent } from "../../support/logs.js"
import { type Case, pure, type Suite } from "../Suite.js"

type Settings = Readonly<Record<string, unknown>>

/** A way to credentials, and which settings it cannot do without. */
type Ways = Readonly<Record<string, readonly [way: string, ...needed: ReadonlyArray<string>]>>

const pair = ["access_key_id", "access_key_secret"]

const types: Ways = {
  "": ["Keys", ...pair],
  access_key: ["Keys", ...pair],
  sts: ["Keys", ...pair, "security_token"],
  ecs_ram_role: ["EcsRamRole"],
  ram_role_arn: ["Role", ...pair, "role_arn"],
  oidc_role_arn: ["Oidc", "role_arn", "oidc_provider_arn", "oidc_token_file_path"],
  credentials_uri: ["CredentialsUri"]
}

const modes: Ways = {
  AK: ["Keys", ...pair],
  StsToken: ["Keys", ...pair, "sts_token"],
  RamRoleArn: ["Role", ...pair, "ram_role_arn"],
  EcsRamRole: ["EcsRamRole"],
  OIDC: ["Oidc", "ram_role_arn", "oidc_provider_arn", "oidc_token_file"],
  ChainableRamRoleArn: ["Role", "source_profile", "ram_role_arn"],
  External: ["External", "process_command"],
  CredentialsURI: ["CredentialsUri"],
  CloudSSO: [
    "CloudSso",
    "cloud_sso_sign_in_url",
    "cloud_sso_account_id",
    "cloud_sso_access_config",
    "access_token",
    "cloud_sso_access_token_expire"
  ],
  OAuth: ["OAuth", "oauth_site_type"]
}

const wayOf = (ways: Ways, kind: unknown, settings: Settings): string => {
  const [way, ...needed] = ways[String(kind ?? "")] ?? ["Unsupported"]
  return needed.every((key) => settings[key] !== undefined && settings[key] !== "") ? way : "Incomplete"
}

/** The way of a plan; what an identity provider's role leaves out is Incomplete, unless variables state it. */
const actualWay = (planned: Planned): string =>
  Result.match(planned, {
    onFailure: ({ reason }) => reason,
    onSuccess: ({ base, roles }) => {
      if (roles.length > 0) return "Role"
      const isWhole =
        base._tag !== "Oidc" ||
        [base.roleArn, base.oidcProviderArn, base.oidcTokenFile].every((part) => part !== undefined)
      return isWhole ? base._tag : "Incomplete"
    }
  })

const outcomeOf = (
  making: Effect.Effect<CredentialSource<Alibaba.Credentials>, never, Alibaba.CliProfile.Services>
) =>
  making.pipe(
    Effect.flatMap((source) => source.get),
    Effect.match({
      onSuccess: ({ accessKeyId, accessKeySecret, securityToken }) => [
        accessKeyId,
        Redacted.value(accessKeySecret),
        securityToken && Redacted.value(securityToken)
      ],
      onFailure: (error) => (error._tag === "StsCredentialError" ? error.reason : error._tag)
    }),
    Effect.provide(services(NodeFileSystem.layer, undefined, commands)),
    environment(),
    silent
  )

const given = (
  name: string,
  source: Effect.Effect<CredentialSource<Alibaba.Credentials>, never, Alibaba.CliProfile.Services>,
  expected: unknown
): Case => ({
  name,
  check: Effect.map(outcomeOf(source), (outcome) => deepStrictEqual(outcome, expected))
})

const withoutComment = (text: string): string => text.replace(/\s+[#;].*$/, "").trim()

/** As plain as these files are: sections, one setting per line, and comments. */
const sectionsOf = (text: string): ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> =>
  text
    .split(/^\[/m)
    .slice(1)
    .map((section) => {
      const [header = "", ...lines] = section.split("\n")
      const settings = lines
        .filter((line) => line.includes("="))
        .map((line) => [
          line.slice(0, line.indexOf("=")).trim(),
          withoutComment(line.slice(line.indexOf("=") + 1))
        ])
      return [header.slice(0, header.indexOf("]")).trim(), Object.fromEntries(settings)] as const
    })

const casesOfIni = (name: string, file: string): ReadonlyArray<Case> => {
  const text = readFileSync(file, "utf8")
  return sectionsOf(text)
    .filter(([profile]) => profile !== "")
    .flatMap(([profile, settings]) => {
      const expected =
        settings["enable"] === "false" ? "NotConfigured" : wayOf(types, settings["type"], settings)
      const way = pure(`${name} [${profile}]`, () => {
        const section = CredentialsFile.parse(text).profiles.get(profile)
        deepStrictEqual(section && actualWay(CredentialsFile.plan({ name: profile, ...section })), expected)
      })
      if (expected !== "Keys") return [way]
      const { access_key_id: id, access_key_secret: secret, security_token: token } = settings
      const source = Alibaba.CredentialsFile.make({ credentialsFile: file, profile })
      return [way, given(`${name} [${profile}], credentials`, source, [id, secret, token])]
    })
}

interface Config {
  readonly current?: string
  readonly profiles?: ReadonlyArray<Settings & { readonly name: string; readonly mode: string }>
}

const expectedOf = ({ profiles = [] }: Config, profile: Settings): string => {
  const way = wayOf(modes, profile["mode"], profile)
  if (way === "OAuth")
    return ["CN", "INTL"].includes(String(profile["oauth_site_type"])) ? way : "Unsupported"
  if (way === "Incomplete" || profile["mode"] !== "ChainableRamRoleArn") return way
  const base = profiles.find(({ name }) => name === profile["source_profile"])
  if (base === undefined) return "UnknownProfile"
  const below = expectedOf({ profiles }, base)
  return ["Incomplete", "Unsupported", "UnknownProfile"].includes(below) ? below : way
}

const parsed = (text: string): Config | undefined => {
  try {
    return JSON.parse(text) as Config
  } catch {
    return undefined
  }
}

const printed = /(\{.*\})$/

/** What a profile gives, where nobody has to be asked for it. */
const givenBy = (profile: Settings, way: string): unknown => {
  if (way === "Keys") {
    const { access_key_id: id, access_key_secret: secret, mode, sts_token: token } = profile
    return [id, secret, mode === "StsToken" ? token : undefined]
  }
  if (way === "External") {
    const document = JSON.parse(printed.exec(String(profile["process_command"]))?.[1] ?? "{}")
    return [document.access_key_id, document.access_key_secret, document.sts_token]
  }
  const ended = Number(profile["cloud_sso_access_token_expire"]) * 1_000 < Date.parse("2026-01-01")
  return way === "CloudSso" && ended ? "Expired" : undefined
}

const casesOfConfig = (name: string, file: string): ReadonlyArray<Case> => {
  const text = readFileSync(file, "utf8")
  const config = parsed(text)
  const plan = (profile: string | undefined) =>
    actualWay(Result.flatMap(CliConfig.parse(text), (found) => CliConfig.plan(found, profile)))
  const profiles = config?.profiles ?? []
  const current = profiles.find((profile) => profile.name === config?.current)
  const whole = pure(name, () => {
    const expected = current === undefined ? "NotConfigured" : expectedOf(config ?? {}, current)
    deepStrictEqual(plan(undefined), config === undefined ? "Malformed" : expected)
    deepStrictEqual(plan("no such profile"), config === undefined ? "Malformed" : "UnknownProfile")
  })
  return [
    whole,
    ...profiles.flatMap((profile) => {
      const expected = expectedOf(config ?? {}, profile)
      const way = pure(`${name} [${profile.name}]`, () => deepStrictEqual(plan(profile.name), expected))
      const result = givenBy(profile, expected)
      if (result === undefined) return [way]
      const source = Alibaba.CliProfile.make({ configFile: file, profile: profile.name })
      return [way, given(`${name} [${profile.name}], credentials`, source, result)]
    })
  ]
}

export const fixtures: Suite = {
  name: "alibaba/fixtures",
  cases: (path) =>
    readdirSync(path, { recursive: true, encoding: "utf8" })
      .sort()
      .flatMap((name) => {
        const file = join(path, name)
        if (name.endsWith(".ini")) return casesOfIni(name, file)
        return name.endsWith("config.json") ? casesOfConfig(name, file) : []
      })
}
