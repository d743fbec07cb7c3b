/**
 * What Alibaba Cloud's settings are for. Documents alone tell of it, so it is no part of what a program loads.
 */
import { type SettingName, type SettingRow, settingTable } from "./settings.js"

/** One setting, with what people want to know of it. */
export interface DocumentedSetting extends SettingRow {
  /** One line for people. */
  readonly doc: string
  /** What counts where nobody states it. */
  readonly default?: string
  /** Who reads it. */
  readonly reader: string
}

const docs: Readonly<Record<SettingName, Omit<DocumentedSetting, keyof SettingRow>>> = {
  // Files and profile
  ALIBABA_CLOUD_CONFIG_FILE: {
    doc: "the command line tool's config file",
    default: "~/.aliyun/config.json",
    reader: "CLI profile"
  },
  ALIBABA_CLOUD_CREDENTIALS_FILE: {
    doc: "the shared credentials file",
    default: "~/.alibabacloud/credentials, then ~/.alibabacloud/credentials.ini",
    reader: "credentials file"
  },
  ALIBABA_CLOUD_PROFILE: {
    doc: "the profile",
    default: "the config file's current, the credentials file's default",
    reader: "CLI profile, credentials file"
  },
  ALIBABA_CLOUD_CLI_PROFILE_DISABLED: {
    doc: "true: the config file is not read",
    default: "false",
    reader: "CLI profile"
  },
  mode: { doc: "what a profile is", default: "access_key", reader: "both files" },
  enable: { doc: "false: the profile is passed over", default: "true", reader: "credentials file" },

  // Key pairs
  ALIBABA_CLOUD_ACCESS_KEY_ID: { doc: "a key pair's id", reader: "environment, both files" },
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: { doc: "a key pair's secret", reader: "environment, both files" },
  ALIBABA_CLOUD_SECURITY_TOKEN: {
    doc: "the token of temporary credentials",
    reader: "environment, both files"
  },
  sts_expiration: { doc: "when temporary credentials end, in seconds since 1970", reader: "CLI profile" },

  // Roles
  ALIBABA_CLOUD_ROLE_ARN: {
    doc: "the role; the variable counts with an identity provider's token",
    reader: "OIDC, both files"
  },
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: { doc: "who issues the token", reader: "OIDC, both files" },
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: {
    doc: "a file with the token; the variable asks for OIDC",
    reader: "OIDC, both files"
  },
  oidc_token_file: { doc: "the same, by another name", reader: "credentials file" },
  ALIBABA_CLOUD_ROLE_SESSION_NAME: {
    doc: "the session's name; the variable counts where a profile states none",
    default: "effect-sts- and letters and digits",
    reader: "OIDC, both files"
  },
  expired_seconds: {
    doc: "how long a role's credentials last, 900 to 43200",
    default: "3600",
    reader: "both files"
  },
  role_session_expiration: { doc: "the same, by another name", reader: "credentials file" },
  external_id: { doc: "what the role's owner asks for besides", reader: "both files" },
  policy: { doc: "what narrows the role", reader: "both files" },
  source_profile: { doc: "the profile whose credentials may assume the role", reader: "CLI profile" },

  // Instances, endpoints, programs and people
  ALIBABA_CLOUD_ECS_METADATA: {
    doc: "the instance's role",
    default: "the one that the service names",
    reader: "ECS RAM role, both files"
  },
  ALIBABA_CLOUD_ECS_METADATA_DISABLED: {
    doc: "true: the metadata service is not asked",
    default: "false",
    reader: "ECS RAM role"
  },
  ALIBABA_CLOUD_IMDSV1_DISABLED: {
    doc: "true: it is never asked without a token",
    default: "false",
    reader: "ECS RAM role"
  },
  ALIBABA_CLOUD_CREDENTIALS_URI: {
    doc: "a URL that answers with credentials",
    reader: "credentials URI, both files"
  },
  process_command: {
    doc: "a program that prints credentials, its words parted by spaces",
    reader: "CLI profile"
  },
  ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS: {
    doc: "true: profiles run no program and ask no URL",
    default: "false",
    reader: "both files"
  },
  cloud_sso_sign_in_url: { doc: "CloudSSO's portal", reader: "CLI profile" },
  cloud_sso_account_id: { doc: "the account to have credentials of", reader: "CLI profile" },
  cloud_sso_access_config: { doc: "what they may do in that account", reader: "CLI profile" },
  access_token: { doc: "CloudSSO's token", reader: "CLI profile" },
  cloud_sso_access_token_expire: { doc: "when that ends", reader: "CLI profile" },
  oauth_site_type: { doc: "CN or INTL", reader: "CLI profile" },
  oauth_access_token: { doc: "the OAuth login's token", reader: "CLI profile" },
  oauth_access_token_expire: { doc: "when that ends", reader: "CLI profile" },
  oauth_refresh_token: { doc: "what renews it", reader: "CLI profile" },

  // Requests
  ALIBABA_CLOUD_STS_ENDPOINT: { doc: "the URL or host of STS", reader: "requests, both files" },
  ALIBABA_CLOUD_STS_REGION: {
    doc: "the region whose STS is asked",
    default: "sts.aliyuncs.com",
    reader: "requests, both files"
  },
  region_id: { doc: "the region inside a VPC, where no other is stated", reader: "requests" },
  ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: {
    doc: "true: the endpoint inside the VPC",
    default: "false",
    reader: "requests, both files"
  },
  EFFECT_STS_ALLOW_HTTP: {
    doc: "true: plain HTTP may go to any host; both clouds",
    default: "false",
    reader: "requests, credentials URI, ECS RAM role"
  }
}

const nameOf = (row: SettingRow) => (row.variable ?? row.key ?? row.iniKey) as SettingName

/** Every setting, in the order in which documents tell of them. */
export const documentedSettings: ReadonlyArray<DocumentedSetting> = settingTable.map((row) => ({
  ...row,
  ...docs[nameOf(row)]
}))
