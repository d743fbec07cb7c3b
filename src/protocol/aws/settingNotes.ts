/**
 * What to say of AWS settings that may not do what one expects.
 *
 * Source of what other tools do: their documentation and sources as of 2026 (AWS SDK for JavaScript v3, botocore, AWS
 * SDK for Rust).
 */
import {
  type Facts,
  meant,
  namesIn,
  notesBy,
  overruled,
  type Readers,
  type Rule,
  type SettingNote,
  slips
} from "../settings.js"
import * as Table from "../settingTable.js"
import { meantKey, profileKeys } from "./profileFault.js"
import type { Section } from "./profileFile.js"

const variables = namesIn("variable", Table.aws, Table.common)

/** Which variables are for which source of the default chain. */
export const readers: Readers = [
  ["environment", /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|S\w+_TOKEN|CREDENTIAL_EXPIRATION|ACCOUNT_ID)$/],
  ["profile", /^AWS_((DEFAULT_)?PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|LOGIN_CACHE_DIRECTORY)$/],
  ["web identity", /^AWS_(ROLE|WEB_IDENTITY)_/],
  ["container", /^AWS_CONTAINER_/],
  ["instance metadata", /^AWS_(EC2|METADATA)_/]
]

/** What only other tools read: no slips, whatever they resemble. */
const ofOtherTools: ReadonlySet<string> = new Set([
  "AWS_CA_BUNDLE",
  "AWS_DEFAULTS_MODE",
  "AWS_DEFAULT_OUTPUT",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL_SES",
  "AWS_ENDPOINT_URL_SNS",
  "AWS_ENDPOINT_URL_SQS",
  "AWS_ENDPOINT_URL_SSM",
  "AWS_MAX_ATTEMPTS",
  "AWS_PAGER",
  "AWS_RETRY_MODE",
  "AWS_SDK_UA_APP_ID",
  "ca_bundle",
  "cli_auto_prompt",
  "cli_binary_format",
  "cli_history",
  "cli_pager",
  "cli_timestamp_format",
  "defaults_mode",
  "max_attempts",
  "output",
  "parameter_validation",
  "retry_mode",
  "s3",
  "sdk_ua_app_id",
  "sso_registration_scopes",
  "tcp_keepalive"
])

const beside =
  (other: Table.Variable): Rule["when"] =>
  ({ set }) =>
    set.has(other)
const without =
  (other: Table.Variable): Rule["when"] =>
  ({ set }) =>
    !set.has(other)
const chosen =
  (...sources: ReadonlyArray<string>): Rule["when"] =>
  (facts) =>
    facts.chosen !== undefined && sources.includes(facts.chosen)

const rules: ReadonlyArray<Rule> = [
  {
    kind: "shadowed",
    key: "AWS_PROFILE",
    detail: "the key pair in the environment takes precedence",
    when: chosen("environment")
  },
  {
    kind: "shadowed",
    key: "AWS_WEB_IDENTITY_TOKEN_FILE",
    detail: "the key pair in the environment and the profile take precedence",
    when: chosen("environment", "profile")
  },
  {
    kind: "elsewhere",
    key: "AWS_PROFILE",
    detail: "the AWS SDK for JavaScript takes the profile before the environment's key pair",
    when: beside("AWS_ACCESS_KEY_ID")
  },
  {
    kind: "elsewhere",
    key: "AWS_PROFILE",
    detail:
      "the AWS SDKs for JavaScript and Rust pass over a profile that does not exist, and may find another identity",
    when: ({ chosen: source, set }) => source === undefined && !set.has("AWS_ACCESS_KEY_ID")
  },
  {
    kind: "elsewhere",
    key: "AWS_DEFAULT_PROFILE",
    detail: "botocore takes it before AWS_PROFILE; the AWS SDKs for JavaScript and Rust do not read it",
    when: () => true
  },
  {
    kind: "elsewhere",
    key: "AWS_DEFAULT_REGION",
    detail: "the AWS SDK for JavaScript does not read it",
    when: without("AWS_REGION")
  },
  {
    kind: "elsewhere",
    key: "AWS_REGION",
    detail: "botocore reads AWS_DEFAULT_REGION alone",
    when: without("AWS_DEFAULT_REGION")
  },
  {
    kind: "elsewhere",
    key: "AWS_SECURITY_TOKEN",
    detail: "botocore alone reads this old name of AWS_SESSION_TOKEN",
    when: () => true
  }
]

const unknownIn = (section: Section): ReadonlyArray<SettingNote> =>
  [...section.settings].flatMap(([key, { file, line }]) => {
    if (profileKeys.has(key) || ofOtherTools.has(key)) return []
    const other = meantKey(key) ?? meant(key, profileKeys)
    const detail = other === undefined ? "nothing reads it here" : `nothing reads it (did you mean ${other}?)`
    return [{ kind: "unknown" as const, key, detail, source: "profile", file, line }]
  })

/** Notes on the environment's variables and on the settings of the profiles that were read. */
export const settingNotes = (facts: Facts, profiles: Iterable<Section>): ReadonlyArray<SettingNote> => [
  ...overruled(Table.aws, facts.set, readers),
  ...notesBy(rules, facts, readers),
  ...slips(
    [...facts.set].filter((name) => !ofOtherTools.has(name)),
    variables,
    readers
  ),
  ...[...profiles].flatMap(unknownIn)
]
