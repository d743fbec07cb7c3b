/**
 * AWS's settings: every variable and every key of a profile that is read here. Readers, explanations, hints on
 * misspelt names and the documents come from this table.
 */

/** One setting. A variable and a key in one row mean the same. */
export interface SettingRow {
  readonly variable?: string
  /** The key in a profile of the shared config and credentials files. */
  readonly key?: string
  /** The variable that counts instead, where that is set too. */
  readonly after?: string
}

const rows = [
  // Files and profile
  { variable: "AWS_CONFIG_FILE" },
  { variable: "AWS_SHARED_CREDENTIALS_FILE" },
  { variable: "AWS_PROFILE" },
  { variable: "AWS_DEFAULT_PROFILE", after: "AWS_PROFILE" },
  // Key pairs
  { variable: "AWS_ACCESS_KEY_ID", key: "aws_access_key_id" },
  { variable: "AWS_SECRET_ACCESS_KEY", key: "aws_secret_access_key" },
  { variable: "AWS_SESSION_TOKEN", key: "aws_session_token" },
  { variable: "AWS_SECURITY_TOKEN", key: "aws_security_token", after: "AWS_SESSION_TOKEN" },
  { variable: "AWS_CREDENTIAL_EXPIRATION" },
  { variable: "AWS_ACCOUNT_ID", key: "aws_account_id" },
  // Roles
  { variable: "AWS_ROLE_ARN", key: "role_arn" },
  { variable: "AWS_WEB_IDENTITY_TOKEN_FILE", key: "web_identity_token_file" },
  { variable: "AWS_ROLE_SESSION_NAME", key: "role_session_name" },
  { key: "source_profile" },
  { key: "credential_source" },
  { key: "external_id" },
  { key: "duration_seconds" },
  { key: "mfa_serial" },
  // Programs and people
  { key: "credential_process" },
  { key: "sso_session" },
  { key: "sso_start_url" },
  { key: "sso_region" },
  { key: "sso_account_id" },
  { key: "sso_role_name" },
  { key: "login_session" },
  { variable: "AWS_LOGIN_CACHE_DIRECTORY" },
  // Containers and instances
  { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
  { variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI", after: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
  { variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" },
  { variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN", after: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" },
  { variable: "AWS_EC2_METADATA_DISABLED" },
  { variable: "AWS_EC2_METADATA_V1_DISABLED", key: "ec2_metadata_v1_disabled" },
  { variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT", key: "ec2_metadata_service_endpoint" },
  { variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", key: "ec2_metadata_service_endpoint_mode" },
  { variable: "AWS_EC2_INSTANCE_PROFILE_NAME", key: "ec2_instance_profile_name" },
  { variable: "AWS_METADATA_SERVICE_TIMEOUT", key: "metadata_service_timeout" },
  { variable: "AWS_METADATA_SERVICE_NUM_ATTEMPTS", key: "metadata_service_num_attempts" },
  // Requests
  { variable: "AWS_REGION", key: "region" },
  { variable: "AWS_DEFAULT_REGION", after: "AWS_REGION" },
  { variable: "AWS_ENDPOINT_URL", key: "endpoint_url" },
  { variable: "AWS_ENDPOINT_URL_STS" },
  { variable: "AWS_ENDPOINT_URL_SSO" },
  { variable: "AWS_ENDPOINT_URL_SSO_OIDC" },
  { variable: "AWS_ENDPOINT_URL_SIGNIN" },
  { key: "services" },
  { variable: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", key: "ignore_configured_endpoint_urls" },
  { variable: "AWS_USE_FIPS_ENDPOINT", key: "use_fips_endpoint" },
  { variable: "AWS_USE_DUALSTACK_ENDPOINT", key: "use_dualstack_endpoint" },
  { variable: "AWS_STS_REGIONAL_ENDPOINTS", key: "sts_regional_endpoints" },
  { variable: "EFFECT_STS_ALLOW_HTTP" }
] as const satisfies ReadonlyArray<SettingRow>

type Row = (typeof rows)[number]

/** The variables that are read. */
export type Variable = Extract<Row, { readonly variable: string }>["variable"]

/** The keys of a profile that are read. */
export type ProfileKey = Extract<Row, { readonly key: string }>["key"]

type Shared<R> = R extends { readonly variable: `AWS_${infer Name}`; readonly key: infer Key }
  ? Key extends Lowercase<Name>
    ? R["variable"]
    : never
  : never

/** The settings that variables and keys of a profile state alike, by the same name. */
export type SharedVariable = Shared<Row>

type Named<R> = R extends { readonly variable: infer Name }
  ? Name
  : R extends { readonly key: infer Name }
    ? Name
    : never

/** What a setting is called by: its variable, or its key where it has none. */
export type SettingName = Named<(typeof rows)[number]>

/** Every setting, in the order in which documents tell of them. */
export const settingTable: ReadonlyArray<SettingRow> = rows

/** The key of a profile that means the same as a variable. */
export const keyOf = (variable: SharedVariable): string => variable.slice("AWS_".length).toLowerCase()
