/**
 * Every setting that is read: each variable, and each key of a profile. The types of the readers, explanations, hints on
 * misspelt names and the tables of `docs/settings.md` come from here.
 *
 * The comment above a row is what those tables tell of it: what it means, what counts where nobody states it, and who
 * reads it. A program that uses the table loads none of it.
 */

/** One setting. A variable and keys in one row mean the same. */
export interface SettingRow {
  readonly variable?: string
  /** The key in a profile of AWS's shared files, or of the Alibaba Cloud command line tool's config file. */
  readonly key?: string
  /** The key in a profile of Alibaba Cloud's shared credentials file. */
  readonly iniKey?: string
  /** The variable that counts instead, where that is set too. */
  readonly after?: string
  /** What its text is read as: a switch is true or false. */
  readonly is?: "switch" | "number"
}

/** What concerns both clouds. */
export const common = [
  /** the home directory | what the system says | all files */
  { variable: "HOME" },
  /** the home directory on Windows, where HOME is not set | | all files */
  { variable: "USERPROFILE" },
  /** the drive of the home directory on Windows, where neither HOME nor USERPROFILE is set | | all files */
  { variable: "HOMEDRIVE" },
  /** the path of the home directory on Windows, after HOMEDRIVE | | all files */
  { variable: "HOMEPATH" },
  /** true: plain HTTP may go to any host | false | requests, container, credentials URI, instance metadata */
  { variable: "EFFECT_STS_ALLOW_HTTP", is: "switch" },
  /** the proxy for https: hosts; https_proxy counts first | none | this package's HTTP clients */
  { variable: "HTTPS_PROXY" },
  /** the proxy for http: hosts; http_proxy counts first | none | this package's HTTP clients */
  { variable: "HTTP_PROXY" },
  /** the hosts that are reached without a proxy; no_proxy counts first | none | this package's HTTP clients */
  { variable: "NO_PROXY" },
  /** set in CGI programs, where HTTP_PROXY in upper case is not a setting | | this package's HTTP clients */
  { variable: "REQUEST_METHOD" },
  /** the X11 display, on systems other than Windows and macOS | none: no browser is opened | signing in */
  { variable: "DISPLAY" },
  /** the Wayland display, on systems other than Windows and macOS | none: no browser is opened | signing in */
  { variable: "WAYLAND_DISPLAY" },
  /** where a job of GitHub Actions gets its identity token | | githubActions */
  { variable: "ACTIONS_ID_TOKEN_REQUEST_URL" },
  /** the token with which the job asks for it | | githubActions */
  { variable: "ACTIONS_ID_TOKEN_REQUEST_TOKEN" }
] as const satisfies ReadonlyArray<SettingRow>

/** AWS's. */
export const aws = [
  // Files and profile
  /** the shared config file | ~/.aws/config | shared files */
  { variable: "AWS_CONFIG_FILE" },
  /** the shared credentials file | ~/.aws/credentials | shared files */
  { variable: "AWS_SHARED_CREDENTIALS_FILE" },
  /** the profile | default | shared files */
  { variable: "AWS_PROFILE" },
  /** the profile, by its old name | | shared files */
  { variable: "AWS_DEFAULT_PROFILE", after: "AWS_PROFILE" },
  // Key pairs
  /** a key pair's id | | environment, profile */
  { variable: "AWS_ACCESS_KEY_ID", key: "aws_access_key_id" },
  /** a key pair's secret | | environment, profile */
  { variable: "AWS_SECRET_ACCESS_KEY", key: "aws_secret_access_key" },
  /** the token of temporary credentials | | environment, profile */
  { variable: "AWS_SESSION_TOKEN", key: "aws_session_token" },
  /** the token, by its old name | | environment, profile */
  { variable: "AWS_SECURITY_TOKEN", key: "aws_security_token", after: "AWS_SESSION_TOKEN" },
  /** when temporary credentials end, such as 2026-01-31T12:00:00Z | | environment */
  { variable: "AWS_CREDENTIAL_EXPIRATION" },
  /** the account that the credentials belong to | | environment, profile */
  { variable: "AWS_ACCOUNT_ID", key: "aws_account_id" },
  // Roles
  /** the role to assume | | web identity, profile */
  { variable: "AWS_ROLE_ARN", key: "role_arn" },
  /** a file with an identity provider's token for the role | | web identity, profile */
  { variable: "AWS_WEB_IDENTITY_TOKEN_FILE", key: "web_identity_token_file" },
  /**
   * the session's name; the variable counts only for web identities, where the profile states none
   * | effect-sts- and letters and digits | web identity, profile
   */
  { variable: "AWS_ROLE_SESSION_NAME", key: "role_session_name" },
  /** the profile whose credentials may assume the role | | profile */
  { key: "source_profile" },
  /** the source of the credentials for the role: Environment, EcsContainer or Ec2InstanceMetadata | | profile */
  { key: "credential_source" },
  /** the external id that the role's owner asks for | | profile */
  { key: "external_id" },
  /** how long a role's credentials last, 900 to 43200 | 3600 | profile */
  { key: "duration_seconds", is: "number" },
  /** the MFA device whose code is asked for | | profile */
  { key: "mfa_serial" },
  // Programs and people
  /** a command that prints credentials, as a line for the shell | | profile */
  { key: "credential_process" },
  /** the [sso-session] to sign in with | | profile */
  { key: "sso_session" },
  /** IAM Identity Center's portal | | profile */
  { key: "sso_start_url" },
  /** IAM Identity Center's region | | profile */
  { key: "sso_region" },
  /** what a token may be used for, separated by commas | sso:account:access | signing in */
  { key: "sso_registration_scopes" },
  /** the account to get credentials for | | profile */
  { key: "sso_account_id" },
  /** the role in the account of sso_account_id | | profile */
  { key: "sso_role_name" },
  /** the session of aws login | | profile */
  { key: "login_session" },
  /** where aws login keeps sessions | ~/.aws/login/cache | profile */
  { variable: "AWS_LOGIN_CACHE_DIRECTORY" },
  // Containers and instances
  /** the path of Amazon ECS's endpoint for a task's credentials | | container */
  { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
  /** the URL of any endpoint for a container's credentials | | container */
  { variable: "AWS_CONTAINER_CREDENTIALS_FULL_URI", after: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
  /** a file with the value of the endpoint's Authorization header | | container */
  { variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" },
  /** the value of the endpoint's Authorization header | | container */
  { variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN", after: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" },
  /** true: the metadata service is not asked | false | instance metadata */
  { variable: "AWS_EC2_METADATA_DISABLED", is: "switch" },
  /** true: the metadata service is never asked without a token | false | instance metadata */
  { variable: "AWS_EC2_METADATA_V1_DISABLED", key: "ec2_metadata_v1_disabled", is: "switch" },
  /** the metadata service's URL | | instance metadata */
  { variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT", key: "ec2_metadata_service_endpoint" },
  /** IPv4 or IPv6: the metadata service's address where no URL is set | IPv4 | instance metadata */
  { variable: "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", key: "ec2_metadata_service_endpoint_mode" },
  /** the instance profile to take | the one that the service names | instance metadata */
  { variable: "AWS_EC2_INSTANCE_PROFILE_NAME", key: "ec2_instance_profile_name" },
  /** seconds for each attempt to reach the metadata service | 1 | instance metadata */
  { variable: "AWS_METADATA_SERVICE_TIMEOUT", key: "metadata_service_timeout", is: "number" },
  /** attempts to reach the metadata service | 1 where nothing answers, else 4 | instance metadata */
  { variable: "AWS_METADATA_SERVICE_NUM_ATTEMPTS", key: "metadata_service_num_attempts", is: "number" },
  // Requests
  /** the region | | requests */
  { variable: "AWS_REGION", key: "region" },
  /** the region, by its old name | | requests */
  { variable: "AWS_DEFAULT_REGION", after: "AWS_REGION" },
  /** the URL of every service that has none of its own | | requests */
  { variable: "AWS_ENDPOINT_URL", key: "endpoint_url" },
  /** the URL of AWS STS | | requests */
  { variable: "AWS_ENDPOINT_URL_STS" },
  /** the URL of IAM Identity Center's portal | | requests */
  { variable: "AWS_ENDPOINT_URL_SSO" },
  /** the URL of IAM Identity Center's token service | | requests */
  { variable: "AWS_ENDPOINT_URL_SSO_OIDC" },
  /** the URL of AWS Sign-In | | requests */
  { variable: "AWS_ENDPOINT_URL_SIGNIN" },
  /** the [services] section with the URLs of individual services | | requests */
  { key: "services" },
  /** true: URLs in variables and files are ignored | false | requests */
  { variable: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", key: "ignore_configured_endpoint_urls", is: "switch" },
  /** true: the FIPS endpoint | false | requests */
  { variable: "AWS_USE_FIPS_ENDPOINT", key: "use_fips_endpoint", is: "switch" },
  /** true: the endpoint for IPv4 and IPv6 | false | requests */
  { variable: "AWS_USE_DUALSTACK_ENDPOINT", key: "use_dualstack_endpoint", is: "switch" },
  /** legacy: older regions use sts.amazonaws.com | regional | requests */
  { variable: "AWS_STS_REGIONAL_ENDPOINTS", key: "sts_regional_endpoints" }
] as const satisfies ReadonlyArray<SettingRow>

/** Alibaba Cloud's. */
export const alibaba = [
  // Files and profile
  /** the command line tool's config file | ~/.aliyun/config.json | CLI profile */
  { variable: "ALIBABA_CLOUD_CONFIG_FILE" },
  /**
   * the shared credentials file | ~/.alibabacloud/credentials, then ~/.alibabacloud/credentials.ini
   * | credentials file
   */
  { variable: "ALIBABA_CLOUD_CREDENTIALS_FILE" },
  /** the profile | the config file's current, the credentials file's default | CLI profile, credentials file */
  { variable: "ALIBABA_CLOUD_PROFILE" },
  /** true: the config file is not read | false | CLI profile */
  { variable: "ALIBABA_CLOUD_CLI_PROFILE_DISABLED", is: "switch" },
  /** what kind of profile it is | access_key | both files */
  { key: "mode", iniKey: "type" },
  /** false: the profile is passed over | true | credentials file */
  { iniKey: "enable", is: "switch" },
  // Key pairs
  /** a key pair's id | | environment, both files */
  { variable: "ALIBABA_CLOUD_ACCESS_KEY_ID", key: "access_key_id", iniKey: "access_key_id" },
  /** a key pair's secret | | environment, both files */
  { variable: "ALIBABA_CLOUD_ACCESS_KEY_SECRET", key: "access_key_secret", iniKey: "access_key_secret" },
  /** the token of temporary credentials | | environment, both files */
  { variable: "ALIBABA_CLOUD_SECURITY_TOKEN", key: "sts_token", iniKey: "security_token" },
  /** when temporary credentials end, in seconds since 1970 | | CLI profile */
  { key: "sts_expiration", is: "number" },
  // Roles
  /** the role to assume; the variable counts with an identity provider's token | | OIDC, both files */
  { variable: "ALIBABA_CLOUD_ROLE_ARN", key: "ram_role_arn", iniKey: "role_arn" },
  /** the identity provider that issues the token | | OIDC, both files */
  { variable: "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", key: "oidc_provider_arn", iniKey: "oidc_provider_arn" },
  /** a file with the identity provider's token; where the variable is set, OIDC is used | | OIDC, both files */
  { variable: "ALIBABA_CLOUD_OIDC_TOKEN_FILE", key: "oidc_token_file", iniKey: "oidc_token_file_path" },
  /** the same as oidc_token_file_path | | credentials file */
  { iniKey: "oidc_token_file" },
  /**
   * the session's name; the variable counts where a profile states none | effect-sts- and letters and digits
   * | OIDC, both files
   */
  { variable: "ALIBABA_CLOUD_ROLE_SESSION_NAME", key: "ram_session_name", iniKey: "role_session_name" },
  /** how long a role's credentials last, 900 to 43200 | 3600 | both files */
  { key: "expired_seconds", iniKey: "duration_seconds", is: "number" },
  /** the same as duration_seconds | | credentials file */
  { iniKey: "role_session_expiration", is: "number" },
  /** the external id that the role's owner asks for | | both files */
  { key: "external_id", iniKey: "external_id" },
  /** a policy that narrows what the role allows | | both files */
  { key: "policy", iniKey: "policy" },
  /** the profile whose credentials may assume the role | | CLI profile */
  { key: "source_profile" },
  // Instances, endpoints, programs and people
  /** the instance's role | the one that the service names | ECS RAM role, both files */
  { variable: "ALIBABA_CLOUD_ECS_METADATA", key: "ram_role_name", iniKey: "role_name" },
  /** true: the metadata service is not asked | false | ECS RAM role */
  { variable: "ALIBABA_CLOUD_ECS_METADATA_DISABLED", is: "switch" },
  /** true: the metadata service is never asked without a token | false | ECS RAM role */
  { variable: "ALIBABA_CLOUD_IMDSV1_DISABLED", is: "switch" },
  /** a URL that answers with credentials | | credentials URI, both files */
  { variable: "ALIBABA_CLOUD_CREDENTIALS_URI", key: "credentials_uri", iniKey: "credentials_uri" },
  /** a program that prints credentials, and its arguments, separated by spaces | | CLI profile */
  { key: "process_command" },
  /** true: profiles must not run programs or ask URLs | false | both files */
  { variable: "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS" },
  /** CloudSSO's portal | | CLI profile */
  { key: "cloud_sso_sign_in_url" },
  /** the account to get credentials for | | CLI profile */
  { key: "cloud_sso_account_id" },
  /** the access configuration in the account of cloud_sso_account_id | | CLI profile */
  { key: "cloud_sso_access_config" },
  /** CloudSSO's token | | CLI profile */
  { key: "access_token" },
  /** when CloudSSO's token ends, in seconds since 1970 | | CLI profile */
  { key: "cloud_sso_access_token_expire", is: "number" },
  /** the site of the OAuth login: CN or INTL | | CLI profile */
  { key: "oauth_site_type" },
  /** the OAuth login's token | | CLI profile */
  { key: "oauth_access_token" },
  /** when the OAuth login's token ends, in seconds since 1970 | | CLI profile */
  { key: "oauth_access_token_expire", is: "number" },
  /** the token that renews the OAuth login's | | CLI profile */
  { key: "oauth_refresh_token" },
  // Requests
  /** the URL or host of STS | | requests, both files */
  { variable: "ALIBABA_CLOUD_STS_ENDPOINT", key: "sts_endpoint", iniKey: "sts_endpoint" },
  /** the region whose STS is called | the global sts.aliyuncs.com | requests, both files */
  {
    variable: "ALIBABA_CLOUD_STS_REGION",
    key: "sts_region",
    iniKey: "sts_region",
    after: "ALIBABA_CLOUD_STS_ENDPOINT"
  },
  /** the region inside a VPC, where sts_region is not stated | | requests */
  { key: "region_id", iniKey: "region_id" },
  /** true: the endpoint inside the VPC | false | requests, both files */
  { variable: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", key: "enable_vpc", iniKey: "enable_vpc", is: "switch" }
] as const satisfies ReadonlyArray<SettingRow>

type AwsRow = (typeof aws)[number]
type AlibabaRow = (typeof alibaba)[number]
type Row = (typeof common)[number] | AwsRow | AlibabaRow

type In<Place extends string, R> = R extends { readonly [_ in Place]: infer Name } ? Name : never
type Read<R, As> = R extends { readonly is: As } ? R : never

/** The variables that are read. */
export type Variable = In<"variable", Row>

/** The variables that are true or false. */
export type Switch = In<"variable", Read<Row, "switch">>

/** The keys of AWS's profiles that are read. */
export type AwsKey = In<"key", AwsRow>

type KeyIn<R> = In<"key", R> | In<"iniKey", R>

/** The keys of Alibaba Cloud's profiles that are read, in either file. */
export type AlibabaKey = KeyIn<AlibabaRow>

/** Those that are true or false. */
export type AlibabaSwitch = KeyIn<Read<AlibabaRow, "switch">>

/** Those that are numbers. */
export type AlibabaNumber = KeyIn<Read<AlibabaRow, "number">>

type Alike<R> = R extends { readonly variable: `AWS_${infer Name}`; readonly key: infer Key }
  ? Key extends Lowercase<Name>
    ? R["variable"]
    : never
  : never

/** The settings that variables and keys of AWS's profiles state alike, by the same name. */
export type SharedVariable = Alike<AwsRow>

/** The key of a profile that means the same as a variable. */
export const keyOf = (variable: SharedVariable): AwsKey =>
  variable.slice("AWS_".length).toLowerCase() as AwsKey
