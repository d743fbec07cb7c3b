/**
 * What each mode of the vendor's command line tool means.
 *
 * Source: "Configure credentials", Alibaba Cloud CLI documentation.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { Names, Planned } from "./plan.js"
import { at, credentialsUri, ecsRamRole, keys, oidc, role, secret } from "./planReaders.js"
import { count, type Fault, faultOf, needed, required, type Section, text } from "./section.js"

const names: Names = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  roleArn: "ram_role_arn",
  roleSessionName: "ram_session_name",
  durationSeconds: "expired_seconds",
  externalId: "external_id",
  policy: "policy",
  roleName: "ram_role_name",
  oidcProviderArn: "oidc_provider_arn",
  oidcTokenFile: "oidc_token_file",
  uri: "credentials_uri"
}

/**
 * How to log in anew.
 *
 * @category accessors
 * @since 0.1.0
 */
export const loginHint = (mode: "CloudSSO" | "OAuth", profile: string): string =>
  `Run aliyun configure --mode ${mode} --profile ${profile}`

const cloudSso = (section: Section): Planned => {
  const hint = loginHint("CloudSSO", section.name)
  const must = (key: string) => required(section, key, hint)
  return Either.gen(function* () {
    return {
      _tag: "CloudSso" as const,
      ...at(section, "cloud_sso_sign_in_url"),
      signInUrl: yield* must("cloud_sso_sign_in_url"),
      accountId: yield* must("cloud_sso_account_id"),
      accessConfiguration: yield* must("cloud_sso_access_config"),
      accessToken: yield* Either.flatMap(
        secret(section, "access_token"),
        needed(section, "access_token", hint)
      ),
      accessTokenExpire: yield* Either.flatMap(
        count(section, "cloud_sso_access_token_expire"),
        needed(section, "cloud_sso_access_token_expire", hint)
      )
    }
  })
}

const oauth = (section: Section): Planned =>
  Either.gen(function* () {
    const key = "oauth_site_type"
    const site = (yield* required(section, key, loginHint("OAuth", section.name))).toUpperCase()
    if (site !== "CN" && site !== "INTL") {
      return yield* faultOf(section, "Unsupported", key, `${key} is neither CN nor INTL`)
    }
    const tokens = {
      accessToken: yield* secret(section, "oauth_access_token"),
      accessTokenExpire: yield* count(section, "oauth_access_token_expire"),
      refreshToken: yield* secret(section, "oauth_refresh_token")
    }
    return { _tag: "OAuth" as const, ...at(section, key), site, tokens }
  })

const external = (section: Section): Planned =>
  Either.map(
    Either.flatMap(secret(section, "process_command"), needed(section, "process_command")),
    (command) => ({
      _tag: "External",
      ...at(section, "process_command"),
      command
    })
  )

const chained = (section: Section, from: Follow): Planned =>
  Either.flatMap(required(section, "source_profile"), (source) => role(section, names, from(section, source)))

/**
 * Finds the way to the credentials of the profile that another one names.
 *
 * @category models
 * @since 0.1.0
 */
export type Follow = (referrer: Section, source: string) => Planned

type Mode = readonly [name: string, plan: (section: Section, from: Follow) => Planned]

const modes: ReadonlyArray<Mode> = [
  ["AK", (section) => keys(section, names, "without")],
  ["StsToken", (section) => keys(section, names, "required")],
  ["RamRoleArn", (section) => role(section, names, keys(section, names, "optional"))],
  ["EcsRamRole", (section) => ecsRamRole(section, names)],
  ["OIDC", (section) => oidc(section, names)],
  ["ChainableRamRoleArn", chained],
  ["External", external],
  ["CredentialsURI", (section) => credentialsUri(section, names)],
  ["CloudSSO", cloudSso],
  ["OAuth", oauth]
]

const instead: ReadonlyMap<string, string> = new Map([
  ["rsakeypair", "Use mode AK or, better, RamRoleArn: STS no longer issues sessions for key pairs."],
  ["ramrolearnwithrolename", "Use mode ChainableRamRoleArn over a profile of mode EcsRamRole."],
  ["bearertoken", "STS takes no bearer tokens: use a mode that gives an access key, such as OAuth."],
  ["anonymous", "What needs no credentials needs no profile either."]
])

const listed = modes.map(([name]) => name).join(", ")

// What else stands there is not repeated: it may be a secret in the wrong line.
const wellFormed = /^[A-Za-z]{1,32}$/

const unsupported = (section: Section, mode: string): Planned =>
  faultOf(
    section,
    "Unsupported",
    "mode",
    `mode${wellFormed.test(mode) ? ` ${mode}` : ""} is not one of ${listed}`,
    instead.get(mode.toLowerCase())
  )

const described: ReadonlySet<string> = new Set([...Object.values(names), "process_command", "source_profile"])

/** A profile that nobody filled in, as the tool makes one when it first runs. */
const isBlank = (section: Section): boolean =>
  [...described].every((key) =>
    [undefined, null, "", 0].includes(section.settings.get(key)?.value as undefined)
  )

/**
 * The way to a profile's credentials; nothing is said of a profile that nobody filled in but that it is
 * `NotConfigured`.
 *
 * @category decoding
 * @since 0.1.0
 */
export const planOf = (section: Section, from: Follow): Planned =>
  Either.flatMap(text(section, "mode"), (stated) => {
    if (stated !== undefined) {
      const [, plan] = modes.find(([name]) => name.toLowerCase() === stated.toLowerCase()) ?? []
      return plan === undefined ? unsupported(section, stated) : plan(section, from)
    }
    return isBlank(section)
      ? Either.left<Fault>({
          reason: "NotConfigured",
          detail: `profile ${section.name} is not configured yet`,
          profile: section.name,
          line: section.line
        })
      : faultOf(
          section,
          "Incomplete",
          "mode",
          `profile ${section.name} has no mode`,
          `It is one of ${listed}.`
        )
  })
