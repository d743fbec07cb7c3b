/**
 * Alibaba Cloud's settings: every variable and every key of a profile that is read here. Explanations, hints on misspelt
 * names and the documents come from this table.
 *
 * @since 0.1.0
 */

/**
 * One setting. A variable and keys in one row mean the same.
 *
 * @category models
 * @since 0.1.0
 */
export interface SettingRow {
  readonly variable?: string
  /** The key in a profile of the command line tool's config file. */
  readonly key?: string
  /** The key in a profile of the shared credentials file. */
  readonly iniKey?: string
  /** One line for people. */
  readonly doc: string
  /** What counts where nobody states it. */
  readonly default?: string
  /** Who reads it. */
  readonly reader: string
  /** The variable that counts instead, where that is set too. */
  readonly after?: string
}

const rows = [
  // Files and profile
  {
    variable: "ALIBABA_CLOUD_CONFIG_FILE",
    doc: "the command line tool's config file",
    default: "~/.aliyun/config.json",
    reader: "CLI profile"
  },
  {
    variable: "ALIBABA_CLOUD_CREDENTIALS_FILE",
    doc: "the shared credentials file",
    default: "~/.alibabacloud/credentials, then ~/.alibabacloud/credentials.ini",
    reader: "credentials file"
  },
  {
    variable: "ALIBABA_CLOUD_PROFILE",
    doc: "the profile",
    default: "the config file's current, the credentials file's default",
    reader: "CLI profile, credentials file"
  },
  {
    variable: "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
    doc: "true: the config file is not read",
    default: "false",
    reader: "CLI profile"
  },
  { key: "mode", iniKey: "type", doc: "what a profile is", default: "access_key", reader: "both files" },
  {
    iniKey: "enable",
    doc: "false: the profile is passed over",
    default: "true",
    reader: "credentials file"
  },

  // Key pairs
  {
    variable: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    key: "access_key_id",
    iniKey: "access_key_id",
    doc: "a key pair's id",
    reader: "environment, both files"
  },
  {
    variable: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    key: "access_key_secret",
    iniKey: "access_key_secret",
    doc: "a key pair's secret",
    reader: "environment, both files"
  },
  {
    variable: "ALIBABA_CLOUD_SECURITY_TOKEN",
    key: "sts_token",
    iniKey: "security_token",
    doc: "the token of temporary credentials",
    reader: "environment, both files"
  },
  {
    key: "sts_expiration",
    doc: "when temporary credentials end, in seconds since 1970",
    reader: "CLI profile"
  },

  // Roles
  {
    variable: "ALIBABA_CLOUD_ROLE_ARN",
    key: "ram_role_arn",
    iniKey: "role_arn",
    doc: "the role; the variable counts with an identity provider's token",
    reader: "OIDC, both files"
  },
  {
    variable: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    key: "oidc_provider_arn",
    iniKey: "oidc_provider_arn",
    doc: "who issues the token",
    reader: "OIDC, both files"
  },
  {
    variable: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    key: "oidc_token_file",
    iniKey: "oidc_token_file_path",
    doc: "a file with the token; the variable asks for OIDC",
    reader: "OIDC, both files"
  },
  { iniKey: "oidc_token_file", doc: "the same, by another name", reader: "credentials file" },
  {
    variable: "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    key: "ram_session_name",
    iniKey: "role_session_name",
    doc: "the session's name; the variable counts where a profile states none",
    default: "effect-sts- and letters and digits",
    reader: "OIDC, both files"
  },
  {
    key: "expired_seconds",
    iniKey: "duration_seconds",
    doc: "how long a role's credentials last, 900 to 43200",
    default: "3600",
    reader: "both files"
  },
  { iniKey: "role_session_expiration", doc: "the same, by another name", reader: "credentials file" },
  {
    key: "external_id",
    iniKey: "external_id",
    doc: "what the role's owner asks for besides",
    reader: "both files"
  },
  { key: "policy", iniKey: "policy", doc: "what narrows the role", reader: "both files" },
  {
    key: "source_profile",
    doc: "the profile whose credentials may assume the role",
    reader: "CLI profile"
  },

  // Instances, endpoints, programs and people
  {
    variable: "ALIBABA_CLOUD_ECS_METADATA",
    key: "ram_role_name",
    iniKey: "role_name",
    doc: "the instance's role",
    default: "the one that the service names",
    reader: "ECS RAM role, both files"
  },
  {
    variable: "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
    doc: "true: the metadata service is not asked",
    default: "false",
    reader: "ECS RAM role"
  },
  {
    variable: "ALIBABA_CLOUD_IMDSV1_DISABLED",
    doc: "true: it is never asked without a token",
    default: "false",
    reader: "ECS RAM role"
  },
  {
    variable: "ALIBABA_CLOUD_CREDENTIALS_URI",
    key: "credentials_uri",
    iniKey: "credentials_uri",
    doc: "a URL that answers with credentials",
    reader: "credentials URI, both files"
  },
  {
    key: "process_command",
    doc: "a program that prints credentials, its words parted by spaces",
    reader: "CLI profile"
  },
  {
    variable: "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
    doc: "true: profiles run no program and ask no URL",
    default: "false",
    reader: "both files"
  },
  { key: "cloud_sso_sign_in_url", doc: "CloudSSO's portal", reader: "CLI profile" },
  { key: "cloud_sso_account_id", doc: "the account to have credentials of", reader: "CLI profile" },
  { key: "cloud_sso_access_config", doc: "what they may do in that account", reader: "CLI profile" },
  { key: "access_token", doc: "CloudSSO's token", reader: "CLI profile" },
  { key: "cloud_sso_access_token_expire", doc: "when that ends", reader: "CLI profile" },
  { key: "oauth_site_type", doc: "CN or INTL", reader: "CLI profile" },
  { key: "oauth_access_token", doc: "the OAuth login's token", reader: "CLI profile" },
  { key: "oauth_access_token_expire", doc: "when that ends", reader: "CLI profile" },
  { key: "oauth_refresh_token", doc: "what renews it", reader: "CLI profile" },

  // Requests
  {
    variable: "ALIBABA_CLOUD_STS_ENDPOINT",
    key: "sts_endpoint",
    iniKey: "sts_endpoint",
    doc: "the URL or host of STS",
    reader: "requests, both files"
  },
  {
    variable: "ALIBABA_CLOUD_STS_REGION",
    key: "sts_region",
    iniKey: "sts_region",
    doc: "the region whose STS is asked",
    default: "sts.aliyuncs.com",
    reader: "requests, both files",
    after: "ALIBABA_CLOUD_STS_ENDPOINT"
  },
  {
    key: "region_id",
    iniKey: "region_id",
    doc: "the region inside a VPC, where no other is stated",
    reader: "requests"
  },
  {
    variable: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",
    key: "enable_vpc",
    iniKey: "enable_vpc",
    doc: "true: the endpoint inside the VPC",
    default: "false",
    reader: "requests, both files"
  },
  {
    variable: "EFFECT_STS_ALLOW_HTTP",
    doc: "true: plain HTTP may go to any host; both clouds",
    default: "false",
    reader: "requests, credentials URI, ECS RAM role"
  }
] as const satisfies ReadonlyArray<SettingRow>

/**
 * The variables that are read.
 *
 * @category models
 * @since 0.1.0
 */
export type Variable = Extract<(typeof rows)[number], { readonly variable: string }>["variable"]

/**
 * The variables that a pod with a RAM role has.
 *
 * @category constants
 * @since 0.1.0
 */
export const podVariables = {
  roleArn: "ALIBABA_CLOUD_ROLE_ARN",
  oidcProviderArn: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
  oidcTokenFile: "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
  roleSessionName: "ALIBABA_CLOUD_ROLE_SESSION_NAME"
} as const satisfies Readonly<Record<string, Variable>>

/**
 * Every setting, in the order in which documents tell of them.
 *
 * @category constants
 * @since 0.1.0
 */
export const settingTable: ReadonlyArray<SettingRow> = rows

const keysOf = ({ iniKey, key }: SettingRow): ReadonlyArray<string> =>
  [key, iniKey].filter((name) => name !== undefined)

const keys: ReadonlySet<string> = new Set(settingTable.flatMap(keysOf))

/**
 * Whether one of the files has a key of this name.
 *
 * @category predicates
 * @since 0.1.0
 */
export const isKey = (name: string): boolean => keys.has(name)

/**
 * What else the files call a key.
 *
 * @category accessors
 * @since 0.1.0
 */
export const namesOf = (key: string): ReadonlyArray<string> =>
  settingTable.flatMap((row) => (keysOf(row).includes(key) ? keysOf(row).filter((name) => name !== key) : []))
