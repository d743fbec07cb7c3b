/**
 * AWS's settings: every variable and every key of a profile that is read here. Readers, explanations, hints on
 * misspelt names and the documents come from this table.
 *
 * @since 0.1.0
 */

/**
 * One setting. A variable and a key in one row mean the same.
 *
 * @category models
 * @since 0.1.0
 */
export interface SettingRow {
  readonly variable?: string
  /** The key in a profile of the shared config and credentials files. */
  readonly key?: string
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
    variable: "AWS_CONFIG_FILE",
    doc: "the shared config file",
    default: "~/.aws/config",
    reader: "shared files"
  },
  {
    variable: "AWS_SHARED_CREDENTIALS_FILE",
    doc: "the shared credentials file",
    default: "~/.aws/credentials",
    reader: "shared files"
  },
  { variable: "AWS_PROFILE", doc: "the profile", default: "default", reader: "shared files" },
  {
    variable: "AWS_DEFAULT_PROFILE",
    doc: "the profile, by its old name",
    reader: "shared files",
    after: "AWS_PROFILE"
  },

  // Key pairs
  {
    variable: "AWS_ACCESS_KEY_ID",
    key: "aws_access_key_id",
    doc: "a key pair's id",
    reader: "environment, profile"
  },
  {
    variable: "AWS_SECRET_ACCESS_KEY",
    key: "aws_secret_access_key",
    doc: "a key pair's secret",
    reader: "environment, profile"
  },
  {
    variable: "AWS_SESSION_TOKEN",
    key: "aws_session_token",
    doc: "the token of temporary credentials",
    reader: "environment, profile"
  },
  {
    variable: "AWS_SECURITY_TOKEN",
    key: "aws_security_token",
    doc: "the token, by its old name",
    reader: "environment, profile",
    after: "AWS_SESSION_TOKEN"
  },
  {
    variable: "AWS_CREDENTIAL_EXPIRATION",
    doc: "when temporary credentials end, such as 2026-01-31T12:00:00Z",
    reader: "environment"
  },
  {
    variable: "AWS_ACCOUNT_ID",
    key: "aws_account_id",
    doc: "whose account the credentials are of",
    reader: "environment, profile"
  },

  // Roles
  {
    variable: "AWS_ROLE_ARN",
    key: "role_arn",
    doc: "the role to assume",
    reader: "web identity, profile"
  },
  {
    variable: "AWS_WEB_IDENTITY_TOKEN_FILE",
    key: "web_identity_token_file",
    doc: "a file with an identity provider's token for the role",
    reader: "web identity, profile"
  },
  {
    variable: "AWS_ROLE_SESSION_NAME",
    key: "role_session_name",
    doc: "the session's name; the variable counts for web identities alone, where the profile states none",
    default: "effect-sts- and letters and digits",
    reader: "web identity, profile"
  },
  {
    key: "source_profile",
    doc: "the profile whose credentials may assume the role",
    reader: "profile"
  },
  {
    key: "credential_source",
    doc: "or whose may: Environment, EcsContainer or Ec2InstanceMetadata",
    reader: "profile"
  },
  { key: "external_id", doc: "what the role's owner asks for besides", reader: "profile" },
  {
    key: "duration_seconds",
    doc: "how long a role's credentials last, 900 to 43200",
    default: "3600",
    reader: "profile"
  },
  { key: "mfa_serial", doc: "the device whose code is asked for", reader: "profile" },

  // Programs and people
  {
    key: "credential_process",
    doc: "a program that prints credentials, its words parted as a shell parts them",
    reader: "profile"
  },
  { key: "sso_session", doc: "the [sso-session] to sign in with", reader: "profile" },
  { key: "sso_start_url", doc: "IAM Identity Center's portal", reader: "profile" },
  { key: "sso_region", doc: "IAM Identity Center's region", reader: "profile" },
  { key: "sso_account_id", doc: "the account to have credentials of", reader: "profile" },
  { key: "sso_role_name", doc: "the role in that account", reader: "profile" },
  { key: "login_session", doc: "the session of aws login", reader: "profile" },
  {
    variable: "AWS_LOGIN_CACHE_DIRECTORY",
    doc: "where aws login keeps sessions",
    default: "~/.aws/login/cache",
    reader: "profile"
  },

  // Containers and instances
  {
    variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    doc: "the path of Amazon ECS's endpoint for a task's credentials",
    reader: "container"
  },
  {
    variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    doc: "any endpoint's URL",
    reader: "container",
    after: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  },
  {
    variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    doc: "a file with the Authorization header's value",
    reader: "container"
  },
  {
    variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    doc: "the value itself",
    reader: "container",
    after: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
  },
  {
    variable: "AWS_EC2_METADATA_DISABLED",
    doc: "true: the metadata service is not asked",
    default: "false",
    reader: "instance metadata"
  },
  {
    variable: "AWS_EC2_METADATA_V1_DISABLED",
    key: "ec2_metadata_v1_disabled",
    doc: "true: it is never asked without a token",
    default: "false",
    reader: "instance metadata"
  },
  {
    variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    key: "ec2_metadata_service_endpoint",
    doc: "its URL",
    reader: "instance metadata"
  },
  {
    variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    key: "ec2_metadata_service_endpoint_mode",
    doc: "IPv4 or IPv6: its address where no URL is set",
    default: "IPv4",
    reader: "instance metadata"
  },
  {
    variable: "AWS_EC2_INSTANCE_PROFILE_NAME",
    key: "ec2_instance_profile_name",
    doc: "the instance profile to take",
    default: "the one that the service names",
    reader: "instance metadata"
  },
  {
    variable: "AWS_METADATA_SERVICE_TIMEOUT",
    key: "metadata_service_timeout",
    doc: "seconds for each attempt",
    default: "1",
    reader: "instance metadata"
  },
  {
    variable: "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    key: "metadata_service_num_attempts",
    doc: "attempts in all",
    default: "1 where nothing answers, else 4",
    reader: "instance metadata"
  },

  // Requests
  { variable: "AWS_REGION", key: "region", doc: "the region", reader: "requests" },
  {
    variable: "AWS_DEFAULT_REGION",
    doc: "the region, by its old name",
    reader: "requests",
    after: "AWS_REGION"
  },
  {
    variable: "AWS_ENDPOINT_URL",
    key: "endpoint_url",
    doc: "the URL of every service that has none of its own",
    reader: "requests"
  },
  { variable: "AWS_ENDPOINT_URL_STS", doc: "the URL of AWS STS", reader: "requests" },
  { variable: "AWS_ENDPOINT_URL_SSO", doc: "the URL of IAM Identity Center's portal", reader: "requests" },
  {
    variable: "AWS_ENDPOINT_URL_SSO_OIDC",
    doc: "the URL of IAM Identity Center's token service",
    reader: "requests"
  },
  { variable: "AWS_ENDPOINT_URL_SIGNIN", doc: "the URL of AWS Sign-In", reader: "requests" },
  {
    key: "services",
    doc: "the [services] section with URLs of single services",
    reader: "requests"
  },
  {
    variable: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    key: "ignore_configured_endpoint_urls",
    doc: "true: no URL in variables and files counts",
    default: "false",
    reader: "requests"
  },
  {
    variable: "AWS_USE_FIPS_ENDPOINT",
    key: "use_fips_endpoint",
    doc: "true: the FIPS endpoint",
    default: "false",
    reader: "requests"
  },
  {
    variable: "AWS_USE_DUALSTACK_ENDPOINT",
    key: "use_dualstack_endpoint",
    doc: "true: the endpoint for IPv4 and IPv6",
    default: "false",
    reader: "requests"
  },
  {
    variable: "AWS_STS_REGIONAL_ENDPOINTS",
    key: "sts_regional_endpoints",
    doc: "legacy: older regions use sts.amazonaws.com",
    default: "regional",
    reader: "requests"
  },
  {
    variable: "EFFECT_STS_ALLOW_HTTP",
    doc: "true: plain HTTP may go to any host; both clouds",
    default: "false",
    reader: "requests, container, instance metadata"
  }
] as const satisfies ReadonlyArray<SettingRow>

type Row = (typeof rows)[number]

/**
 * The variables that are read.
 *
 * @category models
 * @since 0.1.0
 */
export type Variable = Extract<Row, { readonly variable: string }>["variable"]

/**
 * The keys of a profile that are read.
 *
 * @category models
 * @since 0.1.0
 */
export type ProfileKey = Extract<Row, { readonly key: string }>["key"]

type Shared<R> = R extends { readonly variable: `AWS_${infer Name}`; readonly key: infer Key }
  ? Key extends Lowercase<Name>
    ? R["variable"]
    : never
  : never

/**
 * The settings that variables and keys of a profile state alike, by the same name.
 *
 * @category models
 * @since 0.1.0
 */
export type SharedVariable = Shared<Row>

/**
 * Every setting, in the order in which documents tell of them.
 *
 * @category constants
 * @since 0.1.0
 */
export const settingTable: ReadonlyArray<SettingRow> = rows

/**
 * The key of a profile that means the same as a variable.
 *
 * @category accessors
 * @since 0.1.0
 */
export const keyOf = (variable: SharedVariable): string => variable.slice("AWS_".length).toLowerCase()
