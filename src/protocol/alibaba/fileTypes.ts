/**
 * What each type of the shared credentials file means.
 *
 * Source: "Manage access credentials", Alibaba Cloud SDK documentation.
 */
import * as Result from "effect/Result"
import type { Base, Names, Planned, Stepped } from "./plan.js"
import { credentialsUri, ecsRamRole, keys, oidc, role } from "./planReaders.js"
import { type Fault, faultOf, flag, lineOf, type Section, word } from "./section.js"

const written = (section: Section, ...keysOfOne: readonly [string, ...string[]]): string =>
  keysOfOne.find((key) => section.settings.has(key)) ?? keysOfOne[0]

const namesIn = (section: Section): Names => ({
  id: "access_key_id",
  secret: "access_key_secret",
  token: "security_token",
  roleArn: "role_arn",
  roleSessionName: "role_session_name",
  durationSeconds: written(section, "duration_seconds", "role_session_expiration"),
  externalId: "external_id",
  policy: "policy",
  roleName: "role_name",
  oidcProviderArn: "oidc_provider_arn",
  oidcTokenFile: written(section, "oidc_token_file_path", "oidc_token_file"),
  uri: "credentials_uri"
})

type Read = (section: Section, names: Names) => Stepped

const based =
  (read: (section: Section, names: Names) => Result.Result<Base, Fault>): Read =>
  (section, names) =>
    Result.map(read(section, names), (base) => ({ base }))

const types: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["access_key", based((section, names) => keys(section, names, "optional"))],
  ["sts", based((section, names) => keys(section, names, "required"))],
  ["ecs_ram_role", based(ecsRamRole)],
  [
    "ram_role_arn",
    (section, names) => Result.all({ role: role(section, names), base: keys(section, names, "optional") })
  ],
  ["oidc_role_arn", based(oidc)],
  ["credentials_uri", based(credentialsUri)]
])

const noBearer = "STS takes no bearer tokens: use a type that gives an access key."

const instead: ReadonlyMap<string, string> = new Map([
  ["bearer", noBearer],
  ["bearer_token", noBearer],
  ["rsa_key_pair", "Use access_key or, better, ram_role_arn: STS no longer issues sessions for key pairs."]
])

// What else stands there is not repeated: it may be a secret in the wrong line.
const wellFormed = /^[a-z][a-z_]{0,31}$/

/**
 * The way to a profile's credentials. Without a type it states a key pair; one that says `enable = false` is not there.
 */
export const plan = (section: Section): Planned =>
  Result.gen(function* () {
    if ((yield* flag(section, "enable")) === false) {
      const detail = `profile ${section.name} says enable = false`
      const line = lineOf(section, "enable")
      return yield* Result.fail({ reason: "NotConfigured" as const, detail, line, profile: section.name })
    }
    const type = ((yield* word(section, "type")) ?? "access_key").toLowerCase()
    const read = types.get(type)
    if (read !== undefined) {
      const { base, role } = yield* read(section, namesIn(section))
      if (base !== undefined) return { profile: section.name, base, roles: role === undefined ? [] : [role] }
    }
    const shown = wellFormed.test(type) ? ` ${type}` : ""
    const detail = `type${shown} is not one of ${[...types.keys()].join(", ")}`
    return yield* faultOf(section, "Unsupported", "type", detail, instead.get(type))
  })
