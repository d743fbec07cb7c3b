/**
 * The shared credentials file: its grammar, and what each type of a profile means. One `[profile]` comes after another,
 * each with `key = value` or `key: value` lines. `#` and `;` begin a comment at the beginning of a line or of a word;
 * within a word, in quotes or after a backslash they belong to the value.
 *
 * Source: "Manage access credentials", Alibaba Cloud SDK documentation.
 */
import * as Result from "effect/Result"
import * as ini from "ini"
import type { AlibabaKey } from "../settingTable.js"
import {
  type Base,
  credentialsUri,
  ecsRamRole,
  keys,
  type Names,
  oidc,
  type Planned,
  role,
  type Stepped
} from "./plan.js"
import { type Fault, faultOf, flag, lineOf, type Section, word } from "./section.js"

/** One profile. */
export interface Profile {
  /** The line of its header; the first is 1. */
  readonly line: number
  /** Its settings, names in lower case. */
  readonly settings: ReadonlyMap<string, Setting>
  /** The first of its lines that makes no sense. */
  readonly fault: GrammarFault | undefined
}

/** What the file states. */
export interface CredentialsFile {
  readonly profiles: ReadonlyMap<string, Profile>
  /** The first line that makes no sense and is in no profile; a profile may be missing because of it. */
  readonly fault: GrammarFault | undefined
}

/** One setting of a profile. */
export interface Setting {
  readonly value: string
  readonly line: number
}

/** Where a file stops making sense, and why; never the line itself, which may hold a secret. */
export interface GrammarFault {
  readonly line: number
  readonly detail: string
}

const isComment = (text: string): boolean => text.startsWith("#") || text.startsWith(";")

const nameIn = (header: string): string | undefined => {
  const close = header.indexOf("]")
  const name = header.slice(1, Math.max(close, 1)).trim()
  const rest = header.slice(close + 1).trim()
  return name === "" || name.includes("[") || !(rest === "" || isComment(rest)) ? undefined : name
}

const inQuotes = /^(["'])(.*)\1$/

const settingIn = (content: string): readonly [key: string, value: string] | undefined => {
  const end = content.search(/[=:]/)
  const key = content.slice(0, Math.max(end, 0)).trim().replace(inQuotes, "$2")
  return key === "" || /[[\]]/.test(key)
    ? undefined
    : [key.toLowerCase(), valueOf(content.slice(end + 1).trim())]
}

const quoted = /^(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^']*)')\s*(?:[#;].*)?$/
const withinWord = /(?<=[^\s\\])[#;]/g

const valueOf = (text: string): string => {
  const [, double, single] = quoted.exec(text) ?? []
  if (single !== undefined) return single
  if (double !== undefined) return double.replace(/\\(["\\])/g, "$1")
  // To `ini` a comment begins anywhere, unless it is escaped.
  return ini.unsafe(text.replace(withinWord, "\\$&"))
}

interface Open {
  line: number
  readonly settings: Map<string, Setting>
  fault: GrammarFault | undefined
}

/**
 * Every profile of a file by its name, each with what is wrong in it, so that it does the others no harm. A setting that
 * is stated twice counts as it is stated last.
 */
export const parse = (text: string): CredentialsFile => {
  const profiles = new Map<string, Open>()
  const outside: Pick<Open, "fault"> = { fault: undefined }
  let current: Open | undefined
  let isLost = false
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1
    const content = raw.trim()
    if (content === "" || isComment(content)) continue
    if (content.startsWith("[")) {
      const name = nameIn(content)
      isLost = name === undefined
      current =
        name === undefined
          ? undefined
          : (profiles.get(name) ?? { line, settings: new Map(), fault: undefined })
      if (name === undefined || current === undefined) {
        outside.fault ??= { line, detail: "this profile's header is not closed or contains a bracket" }
      } else profiles.set(name, Object.assign(current, { line }))
      continue
    }
    // Whose settings these are, the header does not say.
    if (isLost) continue
    const setting = settingIn(content)
    if (setting === undefined) {
      const detail = "this line is neither a [profile], a key = value nor a comment"
      const place = current ?? outside
      place.fault ??= { line, detail }
    } else if (current === undefined) {
      outside.fault ??= { line, detail: "this setting comes before the first [profile]" }
    } else current.settings.set(setting[0], { value: setting[1], line })
  }
  return { profiles, fault: outside.fault }
}

const written = <Key extends AlibabaKey>(section: Section, key: Key, older: Key): Key =>
  !section.settings.has(key) && section.settings.has(older) ? older : key

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

// The rest of the line is not repeated: it may be a secret in the wrong place.
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
