/**
 * The config file of the vendor's command line tool: `{"current": name, "profiles": [{"name": name, "mode": mode, ...}]}`,
 * what each mode of a profile means, which profile counts, and which others it builds on.
 *
 * Source: "Configure credentials", Alibaba Cloud CLI documentation.
 */
import * as Result from "effect/Result"
import { type Node, parseTree, type Spot, spotOf, spotsOf } from "../json.js"
import type { AlibabaKey } from "../settingTable.js"
import {
  at,
  type Base,
  credentialsUri,
  ecsRamRole,
  keys,
  type Names,
  type OAuthTokens,
  oidc,
  type Planned,
  type Role,
  role,
  type Stepped,
  secret
} from "./plan.js"
import {
  type Entry,
  type Fault,
  faultOf,
  listed,
  needed,
  type PassedOver,
  required,
  type Section,
  time,
  word
} from "./section.js"

/** What the file states. */
export interface CliConfig {
  /** The profile that counts where none is named, or a fault where it is not text. */
  readonly current: Result.Result<{ readonly name: string; readonly line: number } | undefined, Fault>
  readonly profiles: ReadonlyMap<string, Section>
  /** Entries in the list that are not profiles. They are not used, so they do not affect the others. */
  readonly passedOver: ReadonlyArray<PassedOver>
}

/** An object of the file, with the places of its members. */
export type ObjectNode = Extract<Node, { readonly kind: "object" }>
type SpotAt = (offset: number) => Spot

const malformed = (
  line: number,
  detail: string,
  more: Pick<Fault, "key" | "hint"> = {}
): Result.Result<never, Fault> => Result.fail({ reason: "Malformed", detail, line, ...more })

// What people write that JSON does not have.
const slips: ReadonlyArray<readonly [begins: RegExp, hint: string]> = [
  [/^(\/\/|\/\*|#)/, "JSON has no comments: remove it."],
  [/^[}\]]/, "Look for an extra comma before it."],
  [/^"/, "Look for a comma that is missing before it, or for a quotation mark."],
  [/^['A-Za-z_]/, "Put strings and names in double quotes."],
  [/^$/, "Its end is missing."]
]

const noJson = (text: string, { column, line }: Spot): Result.Result<never, Fault> => {
  if (text.replace(/^\uFEFF/, "").trim() === "") return malformed(1, "it is empty")
  const rest = text.split(/\r\n|\n|\r/)[line - 1]?.slice(column - 1) ?? ""
  const [, hint] = slips.find(([begins]) => begins.test(rest)) ?? []
  return malformed(line, `it is not valid JSON: line ${line}, column ${column}`, { hint })
}

/** The object that the file is. */
export const topOf = (text: string): Result.Result<ObjectNode, Fault> => {
  const parsed = parseTree(text)
  if (Result.isFailure(parsed)) return noJson(text, parsed.failure)
  return parsed.success.kind === "object"
    ? Result.succeed(parsed.success)
    : malformed(spotOf(text, parsed.success.start).line, "it is not a JSON object")
}

const plainOf = (node: Node | undefined): unknown => (node?.kind === "plain" ? node.value : node)

/** The entries of the list of profiles; undefined where there is no list. */
export const listOf = (top: ObjectNode): ReadonlyArray<Node> | undefined => {
  const node = top.members.get("profiles")?.node
  if (node?.kind === "array") return node.items
  return node === undefined || plainOf(node) === null ? [] : undefined
}

/** The name of a profile, where it has one. */
export const nameOf = (object: ObjectNode): string | undefined => {
  const name = plainOf(object.members.get("name")?.node)
  return typeof name === "string" ? name : undefined
}

const sectionOf = (spotAt: SpotAt, object: ObjectNode, name: string): Section => ({
  name,
  line: spotAt(object.start).line,
  settings: new Map(
    [...object.members].map(([key, { node, start }]): [string, Entry] => [
      key,
      { value: plainOf(node), line: spotAt(start).line }
    ])
  )
})

const currentOf = (spotAt: SpotAt, top: ObjectNode): CliConfig["current"] => {
  const member = top.members.get("current")
  const current = plainOf(member?.node)
  if (member === undefined || current === null) return Result.succeed(undefined)
  const { line } = spotAt(member.start)
  if (typeof current !== "string") return malformed(line, "current is not a string", { key: "current" })
  return Result.succeed(current.trim() === "" ? undefined : { name: current, line })
}

/** Reads the file. Of profiles with the same name the first counts, as in the vendor's tools. */
export const parse = (text: string): Result.Result<CliConfig, Fault> =>
  Result.flatMap(topOf(text), (top) => {
    const spotAt = spotsOf(text)
    const items = listOf(top)
    if (items === undefined) {
      return malformed(spotAt(top.members.get("profiles")?.start ?? 0).line, "profiles is not a list")
    }
    const profiles = new Map<string, Section>()
    const passedOver: Array<PassedOver> = []
    for (const item of items) {
      const name = item.kind === "object" ? nameOf(item) : undefined
      if (item.kind !== "object" || name === undefined) {
        const detail = item.kind === "object" ? "a profile has no name" : "a profile is not a JSON object"
        passedOver.push({ line: spotAt(item.start).line, detail })
      } else if (!profiles.has(name)) profiles.set(name, sectionOf(spotAt, item, name))
    }
    return Result.succeed({ current: currentOf(spotAt, top), profiles, passedOver })
  })

const names: Names = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  expiration: "sts_expiration",
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

/** How to log in anew. */
export const loginHint = (mode: "CloudSSO" | "OAuth", profile: string | undefined): string =>
  `Run aliyun configure --mode ${mode}${profile === undefined ? "" : ` --profile ${profile}`}`

const cloudSso = (section: Section): Result.Result<Base, Fault> => {
  const hint = loginHint("CloudSSO", section.name)
  const must = (key: AlibabaKey) => required(section, key, hint)
  return Result.gen(function* () {
    return {
      _tag: "CloudSso" as const,
      ...at(section, "cloud_sso_sign_in_url"),
      signInUrl: yield* must("cloud_sso_sign_in_url"),
      accountId: yield* must("cloud_sso_account_id"),
      accessConfiguration: yield* must("cloud_sso_access_config"),
      accessToken: yield* Result.flatMap(
        secret(section, "access_token"),
        needed(section, "access_token", hint)
      ),
      accessTokenExpiration: yield* Result.flatMap(
        time(section, "cloud_sso_access_token_expire"),
        needed(section, "cloud_sso_access_token_expire", hint)
      )
    }
  })
}

/** The tokens of a login that a profile keeps. */
export const tokensOf = (section: Section): Result.Result<OAuthTokens, Fault> =>
  Result.all({
    accessToken: secret(section, "oauth_access_token"),
    accessTokenExpiration: time(section, "oauth_access_token_expire"),
    refreshToken: secret(section, "oauth_refresh_token")
  })

const oauth = (section: Section): Result.Result<Base, Fault> =>
  Result.gen(function* () {
    const key = "oauth_site_type"
    const site = (yield* required(section, key, loginHint("OAuth", section.name))).toUpperCase()
    if (site !== "CN" && site !== "INTL") {
      return yield* faultOf(section, "Unsupported", key, `${key} is neither CN nor INTL`)
    }
    return { _tag: "OAuth" as const, ...at(section, key), site, tokens: yield* tokensOf(section) }
  })

const external = (section: Section): Result.Result<Base, Fault> =>
  Result.map(
    Result.flatMap(secret(section, "process_command"), needed(section, "process_command")),
    (command) => ({
      _tag: "External",
      ...at(section, "process_command"),
      command
    })
  )

const based = (base: Result.Result<Base, Fault>): Stepped => Result.map(base, (found) => ({ base: found }))

const modes: ReadonlyArray<readonly [name: string, step: (section: Section) => Stepped]> = [
  ["AK", (section) => based(keys(section, names, "without"))],
  ["StsToken", (section) => based(keys(section, names, "required"))],
  [
    "RamRoleArn",
    (section) => Result.all({ role: role(section, names), base: keys(section, names, "optional") })
  ],
  ["EcsRamRole", (section) => based(ecsRamRole(section, names))],
  ["OIDC", (section) => based(oidc(section, names))],
  [
    "ChainableRamRoleArn",
    (section) => Result.all({ source: required(section, "source_profile"), role: role(section, names) })
  ],
  ["External", (section) => based(external(section))],
  ["CredentialsURI", (section) => based(credentialsUri(section, names))],
  ["CloudSSO", (section) => based(cloudSso(section))],
  ["OAuth", (section) => based(oauth(section))]
]

const instead: ReadonlyMap<string, string> = new Map([
  ["rsakeypair", "Use mode AK or, better, RamRoleArn: STS no longer issues sessions for key pairs."],
  ["ramrolearnwithrolename", "Use mode ChainableRamRoleArn over a profile of mode EcsRamRole."],
  ["bearertoken", "STS takes no bearer tokens: use a mode that gives an access key, such as OAuth."],
  ["anonymous", "What needs no credentials needs no profile either."]
])

const modeNames = modes.map(([name]) => name).join(", ")

// The rest of the line is not repeated: it may be a secret in the wrong place.
const wellFormed = /^[A-Za-z]{1,32}$/

const unsupported = (section: Section, mode: string): Stepped =>
  faultOf(
    section,
    "Unsupported",
    "mode",
    `mode${wellFormed.test(mode) ? ` ${mode}` : ""} is not one of ${modeNames}`,
    instead.get(mode.toLowerCase())
  )

const described: ReadonlySet<string> = new Set([...Object.values(names), "process_command", "source_profile"])

/** A profile that has not been filled in, as the tool makes one when it first runs. */
const isBlank = (section: Section): boolean =>
  [...described].every((key) =>
    [undefined, null, "", 0].includes(section.settings.get(key)?.value as undefined)
  )

/** A profile's part of the way to credentials; a profile that has not been filled in is only `NotConfigured`. */
const stepOf = (section: Section): Stepped =>
  Result.flatMap(word(section, "mode"), (stated) => {
    if (stated !== undefined) {
      const [, step] = modes.find(([name]) => name.toLowerCase() === stated.toLowerCase()) ?? []
      return step === undefined ? unsupported(section, stated) : step(section)
    }
    return isBlank(section)
      ? Result.fail<Fault>({
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
          `It is one of ${modeNames}.`
        )
  })

const known = ({ passedOver: [first], profiles }: CliConfig): string => {
  const names =
    profiles.size === 0
      ? "nor any other"
      : `${profiles.size === 1 ? "the only one is" : "there are"} ${listed(profiles.keys())}`
  return first === undefined ? names : `${names}; ${first.detail} (line ${first.line})`
}

const configured = (fault: Fault): Fault =>
  fault.reason === "NotConfigured" ? { ...fault, reason: "Incomplete", key: "mode" } : fault

const key = "source_profile"

const circle = (referrer: Section, path: Iterable<string>, source: string) => {
  const names = [...path]
  const round = [...names.slice(names.indexOf(source)), source]
  const detail = `${key} forms a loop: ${listed(round, " -> ")}`
  return faultOf(referrer, "Malformed", key, detail, "One of these profiles must have its own credentials.")
}

/** Follows the profiles that name others, down to one that has credentials of its own. */
const follow = (config: CliConfig, profile: Section): Planned =>
  Result.gen(function* () {
    const roles: Array<Role> = []
    const seen = new Set([profile.name])
    let section = profile
    for (;;) {
      const step = stepOf(section)
      const found = yield* roles.length === 0 ? step : Result.mapError(step, configured)
      if (found.role !== undefined) roles.push(found.role)
      if (found.base !== undefined) {
        return { profile: profile.name, base: found.base, roles: roles.reverse() }
      }
      const { source } = found
      if (seen.has(source)) return yield* circle(section, seen, source)
      const next = config.profiles.get(source)
      if (next === undefined) {
        const detail = `there is no profile ${listed([source])}; ${known(config)}`
        return yield* faultOf(section, "UnknownProfile", key, detail)
      }
      seen.add(source)
      section = next
    }
  })

/** The profile that was named, else the file's current one, else `default`; undefined where there are none. */
export const selected = (
  config: CliConfig,
  named: string | undefined
): Result.Result<Section | undefined, Fault> =>
  Result.gen(function* () {
    const { passedOver, profiles } = config
    const [first] = passedOver
    const current = named === undefined ? yield* config.current : undefined
    if (named === undefined && profiles.size === 0) {
      return first === undefined ? undefined : yield* Result.fail<Fault>({ reason: "Malformed", ...first })
    }
    const name = named ?? current?.name ?? (profiles.has("default") ? "default" : undefined)
    if (name === undefined) {
      const detail = `it does not say which profile is current; ${known(config)}`
      return yield* Result.fail<Fault>({
        reason: "Incomplete",
        detail,
        key: "current",
        hint: "Run aliyun configure switch."
      })
    }
    const section = profiles.get(name) ?? profiles.get(name.trim())
    if (section !== undefined) return section
    return yield* Result.fail<Fault>({
      reason: "UnknownProfile",
      detail: `there is no profile ${listed([name])}; ${known(config)}`,
      profile: name,
      line: current?.line,
      key: named === undefined ? "current" : undefined
    })
  })

/**
 * The way to the credentials of the selected profile. Only that one and those that it builds on have to make sense.
 */
export const plan = (config: CliConfig, named: string | undefined): Planned =>
  Result.flatMap(selected(config, named), (section) => {
    if (section === undefined) {
      return Result.fail<Fault>({ reason: "NotConfigured", detail: "it has no profiles" })
    }
    const planned = follow(config, section)
    return named === undefined ? planned : Result.mapError(planned, configured)
  })
