/**
 * What to say of Alibaba Cloud settings that may not do what one expects.
 *
 * Source of what other tools do: their documentation and sources as of 2026 (Alibaba Cloud CLI and the vendor's
 * credential packages).
 */
import {
  type Facts,
  namesIn,
  notesBy,
  overruled,
  type Readers,
  type Rule,
  readerOf,
  type SettingNote,
  slips
} from "../settings.js"
import * as Table from "../settingTable.js"

const variables = namesIn("variable", Table.alibaba, Table.common)

/** Which variables are for which source of the default chain; a profile that is named may stand in the second file too. */
export const readers: Readers = [
  ["environment", /^ALIBABA_CLOUD_(ACCESS_KEY_(ID|SECRET)|SECURITY_TOKEN)$/],
  ["OIDC", /^ALIBABA_CLOUD_(OIDC|ROLE)_/],
  ["CLI profile", /^ALIBABA_CLOUD_(PROFILE|CONFIG_FILE|CLI_PROFILE_DISABLED|DISABLE_EXTERNAL_PROCESS)$/],
  ["credentials file", /^ALIBABA_CLOUD_CREDENTIALS_FILE$/],
  ["ECS RAM role", /^ALIBABA_CLOUD_(ECS_METADATA|IMDSV1_DISABLED)/],
  ["credentials URI", /^ALIBABA_CLOUD_CREDENTIALS_URI$/]
]

/** What the names of this cloud's variables begin with, here and in other tools. */
export const prefixes = ["ALIBABA_CLOUD", "ALIBABACLOUD", "ALICLOUD", "ALIYUN"]

// What other tools, Terraform above all, call a setting after the prefix.
const otherNames: ReadonlyMap<string, string> = new Map([
  ["ACCESS_KEY", "ACCESS_KEY_ID"],
  ["SECRET_KEY", "ACCESS_KEY_SECRET"],
  ["SECRET_ACCESS_KEY", "ACCESS_KEY_SECRET"],
  ["ACCESS_SECRET", "ACCESS_KEY_SECRET"],
  ["STS_TOKEN", "SECURITY_TOKEN"],
  ["SESSION_TOKEN", "SECURITY_TOKEN"],
  ["REGION", "STS_REGION"],
  ["REGION_ID", "STS_REGION"],
  ["DEFAULT_REGION", "STS_REGION"],
  ["ECS_ROLE_NAME", "ECS_METADATA"],
  ["RAM_ROLE_NAME", "ECS_METADATA"],
  ["SHARED_CREDENTIALS_FILE", "CONFIG_FILE"],
  ["ASSUME_ROLE_SESSION_NAME", "ROLE_SESSION_NAME"],
  ["ASSUME_ROLE_WITH_OIDC_PROVIDER_ARN", "OIDC_PROVIDER_ARN"],
  ["ASSUME_ROLE_WITH_OIDC_TOKEN_FILE", "OIDC_TOKEN_FILE"],
  ["ASSUME_ROLE_WITH_OIDC_ROLE_ARN", "ROLE_ARN"]
])

/** The variable that is read here for one that other tools read. */
const counterpart = (name: string): string | undefined => {
  const prefix = variables.has(name) ? undefined : prefixes.find((one) => name.startsWith(`${one}_`))
  if (prefix === undefined) return undefined
  const rest = name.slice(prefix.length + 1)
  const ours = `ALIBABA_CLOUD_${otherNames.get(rest) ?? rest}`
  return variables.has(ours) ? ours : undefined
}

/** What to do about variables that are set but that only other tools read. */
export const ofOthers = (names: Iterable<string>): string | undefined => {
  const pairs = [...names].flatMap((name) => {
    const ours = counterpart(name)
    return ours === undefined ? [] : [`${ours} instead of ${name}`]
  })
  return pairs.length === 0 ? undefined : `Set what this library reads: ${pairs.join(", ")}.`
}

const afterEnvironment = (key: Table.Variable): Rule => ({
  kind: "shadowed",
  key,
  detail: "the key pair in the environment takes precedence",
  when: ({ chosen }) => chosen === "environment"
})

const rules: ReadonlyArray<Rule> = [
  afterEnvironment("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
  afterEnvironment("ALIBABA_CLOUD_PROFILE"),
  afterEnvironment("ALIBABA_CLOUD_CREDENTIALS_URI"),
  {
    kind: "shadowed",
    key: "ALIBABA_CLOUD_ECS_METADATA",
    detail: "ALIBABA_CLOUD_ECS_METADATA_DISABLED may switch the metadata service off",
    when: ({ set }) => set.has("ALIBABA_CLOUD_ECS_METADATA_DISABLED")
  }
]

/** Notes on the environment's variables. */
export const settingNotes = (facts: Facts): ReadonlyArray<SettingNote> => {
  const elsewhere = [...facts.set].flatMap((key) => {
    const ours = counterpart(key)
    const detail = `other tools read it; this library reads ${ours}`
    return ours === undefined
      ? []
      : [{ kind: "elsewhere" as const, key, detail, source: readerOf(readers, ours) }]
  })
  const told = new Set(elsewhere.map(({ key }) => key))
  return [
    ...overruled(Table.alibaba, facts.set, readers),
    ...notesBy(rules, facts, readers),
    ...elsewhere,
    ...slips(
      [...facts.set].filter((name) => !told.has(name)),
      variables,
      readers
    )
  ]
}
