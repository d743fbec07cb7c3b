/** What AWS's settings are for. Documents alone tell of it, so it is no part of what a program loads. */
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
  AWS_CONFIG_FILE: { doc: "the shared config file", default: "~/.aws/config", reader: "shared files" },
  AWS_SHARED_CREDENTIALS_FILE: {
    doc: "the shared credentials file",
    default: "~/.aws/credentials",
    reader: "shared files"
  },
  AWS_PROFILE: { doc: "the profile", default: "default", reader: "shared files" },
  AWS_DEFAULT_PROFILE: { doc: "the profile, by its old name", reader: "shared files" },

  // Key pairs
  AWS_ACCESS_KEY_ID: { doc: "a key pair's id", reader: "environment, profile" },
  AWS_SECRET_ACCESS_KEY: { doc: "a key pair's secret", reader: "environment, profile" },
  AWS_SESSION_TOKEN: { doc: "the token of temporary credentials", reader: "environment, profile" },
  AWS_SECURITY_TOKEN: { doc: "the token, by its old name", reader: "environment, profile" },
  AWS_CREDENTIAL_EXPIRATION: {
    doc: "when temporary credentials end, such as 2026-01-31T12:00:00Z",
    reader: "environment"
  },
  AWS_ACCOUNT_ID: { doc: "whose account the credentials are of", reader: "environment, profile" },

  // Roles
  AWS_ROLE_ARN: { doc: "the role to assume", reader: "web identity, profile" },
  AWS_WEB_IDENTITY_TOKEN_FILE: {
    doc: "a file with an identity provider's token for the role",
    reader: "web identity, profile"
  },
  AWS_ROLE_SESSION_NAME: {
    doc: "the session's name; the variable counts for web identities alone, where the profile states none",
    default: "effect-sts- and letters and digits",
    reader: "web identity, profile"
  },
  source_profile: { doc: "the profile whose credentials may assume the role", reader: "profile" },
  credential_source: {
    doc: "or whose may: Environment, EcsContainer or Ec2InstanceMetadata",
    reader: "profile"
  },
  external_id: { doc: "what the role's owner asks for besides", reader: "profile" },
  duration_seconds: {
    doc: "how long a role's credentials last, 900 to 43200",
    default: "3600",
    reader: "profile"
  },
  mfa_serial: { doc: "the device whose code is asked for", reader: "profile" },

  // Programs and people
  credential_process: {
    doc: "a program that prints credentials, its words parted as a shell parts them",
    reader: "profile"
  },
  sso_session: { doc: "the [sso-session] to sign in with", reader: "profile" },
  sso_start_url: { doc: "IAM Identity Center's portal", reader: "profile" },
  sso_region: { doc: "IAM Identity Center's region", reader: "profile" },
  sso_account_id: { doc: "the account to have credentials of", reader: "profile" },
  sso_role_name: { doc: "the role in that account", reader: "profile" },
  login_session: { doc: "the session of aws login", reader: "profile" },
  AWS_LOGIN_CACHE_DIRECTORY: {
    doc: "where aws login keeps sessions",
    default: "~/.aws/login/cache",
    reader: "profile"
  },

  // Containers and instances
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: {
    doc: "the path of Amazon ECS's endpoint for a task's credentials",
    reader: "container"
  },
  AWS_CONTAINER_CREDENTIALS_FULL_URI: { doc: "any endpoint's URL", reader: "container" },
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {
    doc: "a file with the Authorization header's value",
    reader: "container"
  },
  AWS_CONTAINER_AUTHORIZATION_TOKEN: { doc: "the value itself", reader: "container" },
  AWS_EC2_METADATA_DISABLED: {
    doc: "true: the metadata service is not asked",
    default: "false",
    reader: "instance metadata"
  },
  AWS_EC2_METADATA_V1_DISABLED: {
    doc: "true: it is never asked without a token",
    default: "false",
    reader: "instance metadata"
  },
  AWS_EC2_METADATA_SERVICE_ENDPOINT: { doc: "its URL", reader: "instance metadata" },
  AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: {
    doc: "IPv4 or IPv6: its address where no URL is set",
    default: "IPv4",
    reader: "instance metadata"
  },
  AWS_EC2_INSTANCE_PROFILE_NAME: {
    doc: "the instance profile to take",
    default: "the one that the service names",
    reader: "instance metadata"
  },
  AWS_METADATA_SERVICE_TIMEOUT: {
    doc: "seconds for each attempt",
    default: "1",
    reader: "instance metadata"
  },
  AWS_METADATA_SERVICE_NUM_ATTEMPTS: {
    doc: "attempts in all",
    default: "1 where nothing answers, else 4",
    reader: "instance metadata"
  },

  // Requests
  AWS_REGION: { doc: "the region", reader: "requests" },
  AWS_DEFAULT_REGION: { doc: "the region, by its old name", reader: "requests" },
  AWS_ENDPOINT_URL: { doc: "the URL of every service that has none of its own", reader: "requests" },
  AWS_ENDPOINT_URL_STS: { doc: "the URL of AWS STS", reader: "requests" },
  AWS_ENDPOINT_URL_SSO: { doc: "the URL of IAM Identity Center's portal", reader: "requests" },
  AWS_ENDPOINT_URL_SSO_OIDC: { doc: "the URL of IAM Identity Center's token service", reader: "requests" },
  AWS_ENDPOINT_URL_SIGNIN: { doc: "the URL of AWS Sign-In", reader: "requests" },
  services: { doc: "the [services] section with URLs of single services", reader: "requests" },
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: {
    doc: "true: no URL in variables and files counts",
    default: "false",
    reader: "requests"
  },
  AWS_USE_FIPS_ENDPOINT: { doc: "true: the FIPS endpoint", default: "false", reader: "requests" },
  AWS_USE_DUALSTACK_ENDPOINT: {
    doc: "true: the endpoint for IPv4 and IPv6",
    default: "false",
    reader: "requests"
  },
  AWS_STS_REGIONAL_ENDPOINTS: {
    doc: "legacy: older regions use sts.amazonaws.com",
    default: "regional",
    reader: "requests"
  },
  EFFECT_STS_ALLOW_HTTP: {
    doc: "true: plain HTTP may go to any host; both clouds",
    default: "false",
    reader: "requests, container, instance metadata"
  }
}

const nameOf = (row: SettingRow) => (row.variable ?? row.key) as SettingName

/** Every setting, in the order in which documents tell of them. */
export const documentedSettings: ReadonlyArray<DocumentedSetting> = settingTable.map((row) => ({
  ...row,
  ...docs[nameOf(row)]
}))
