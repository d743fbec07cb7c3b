/**
 * Alibaba Cloud's settings: every variable and every key of a profile that is read here. Explanations, hints on misspelt
 * names and the documents come from this table.
 */

/** One setting. A variable and keys in one row mean the same. */
export interface SettingRow {
  readonly variable?: string
  /** The key in a profile of the command line tool's config file. */
  readonly key?: string
  /** The key in a profile of the shared credentials file. */
  readonly iniKey?: string
  /** The variable that counts instead, where that is set too. */
  readonly after?: string
}

const rows = [
  // Files and profile
  { variable: "ALIBABA_CLOUD_CONFIG_FILE" },
  { variable: "ALIBABA_CLOUD_CREDENTIALS_FILE" },
  { variable: "ALIBABA_CLOUD_PROFILE" },
  { variable: "ALIBABA_CLOUD_CLI_PROFILE_DISABLED" },
  { key: "mode", iniKey: "type" },
  { iniKey: "enable" },
  // Key pairs
  { variable: "ALIBABA_CLOUD_ACCESS_KEY_ID", key: "access_key_id", iniKey: "access_key_id" },
  { variable: "ALIBABA_CLOUD_ACCESS_KEY_SECRET", key: "access_key_secret", iniKey: "access_key_secret" },
  { variable: "ALIBABA_CLOUD_SECURITY_TOKEN", key: "sts_token", iniKey: "security_token" },
  { key: "sts_expiration" },
  // Roles
  { variable: "ALIBABA_CLOUD_ROLE_ARN", key: "ram_role_arn", iniKey: "role_arn" },
  { variable: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", key: "oidc_provider_arn", iniKey: "oidc_provider_arn" },
  { variable: "ALIBABA_CLOUD_OIDC_TOKEN_FILE", key: "oidc_token_file", iniKey: "oidc_token_file_path" },
  { iniKey: "oidc_token_file" },
  { variable: "ALIBABA_CLOUD_ROLE_SESSION_NAME", key: "ram_session_name", iniKey: "role_session_name" },
  { key: "expired_seconds", iniKey: "duration_seconds" },
  { iniKey: "role_session_expiration" },
  { key: "external_id", iniKey: "external_id" },
  { key: "policy", iniKey: "policy" },
  { key: "source_profile" },
  // Instances, endpoints, programs and people
  { variable: "ALIBABA_CLOUD_ECS_METADATA", key: "ram_role_name", iniKey: "role_name" },
  { variable: "ALIBABA_CLOUD_ECS_METADATA_DISABLED" },
  { variable: "ALIBABA_CLOUD_IMDSV1_DISABLED" },
  { variable: "ALIBABA_CLOUD_CREDENTIALS_URI", key: "credentials_uri", iniKey: "credentials_uri" },
  { key: "process_command" },
  { variable: "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" },
  { key: "cloud_sso_sign_in_url" },
  { key: "cloud_sso_account_id" },
  { key: "cloud_sso_access_config" },
  { key: "access_token" },
  { key: "cloud_sso_access_token_expire" },
  { key: "oauth_site_type" },
  { key: "oauth_access_token" },
  { key: "oauth_access_token_expire" },
  { key: "oauth_refresh_token" },
  // Requests
  { variable: "ALIBABA_CLOUD_STS_ENDPOINT", key: "sts_endpoint", iniKey: "sts_endpoint" },
  {
    variable: "ALIBABA_CLOUD_STS_REGION",
    key: "sts_region",
    iniKey: "sts_region",
    after: "ALIBABA_CLOUD_STS_ENDPOINT"
  },
  { key: "region_id", iniKey: "region_id" },
  { variable: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", key: "enable_vpc", iniKey: "enable_vpc" },
  { variable: "EFFECT_STS_ALLOW_HTTP" }
] as const satisfies ReadonlyArray<SettingRow>

/** The variables that are read. */
export type Variable = Extract<(typeof rows)[number], { readonly variable: string }>["variable"]

/** The variables that a pod with a RAM role has. */
export const podVariables = {
  roleArn: "ALIBABA_CLOUD_ROLE_ARN",
  oidcProviderArn: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
  oidcTokenFile: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
  roleSessionName: "ALIBABA_CLOUD_ROLE_SESSION_NAME"
} as const satisfies Readonly<Record<string, Variable>>

type Named<R> = R extends { readonly variable: infer Name }
  ? Name
  : R extends { readonly key: infer Name }
    ? Name
    : R extends { readonly iniKey: infer Name }
      ? Name
      : never

/** What a setting is called by: its variable, or its key where it has none. */
export type SettingName = Named<(typeof rows)[number]>

/** Every setting, in the order in which documents tell of them. */
export const settingTable: ReadonlyArray<SettingRow> = rows

const keysOf = ({ iniKey, key }: SettingRow): ReadonlyArray<string> =>
  [key, iniKey].filter((name) => name !== undefined)

const keys: ReadonlySet<string> = new Set(settingTable.flatMap(keysOf))

/** Whether one of the files has a key of this name. */
export const isKey = (name: string): boolean => keys.has(name)

/** What else the files call a key. */
export const namesOf = (key: string): ReadonlyArray<string> =>
  settingTable.flatMap((row) => (keysOf(row).includes(key) ? keysOf(row).filter((name) => name !== key) : []))
