/**
 * What to say of AWS settings that do not do what somebody may think.
 *
 * Source of what other tools do: their documentation and sources as of 2026 (AWS SDK for JavaScript v3, botocore, AWS
 * SDK for Rust).
 *
 * @since 0.1.0
 */
import type { SettingNote } from "../../schemas/Explanation.js"
import { meant } from "../misspelling.js"
import { type Facts, notesBy, type Rule, slips } from "../settingNotes.js"
import type { Section } from "./profileFile.js"

const variables: ReadonlySet<string> = new Set([
  "AWS_ACCESS_KEY_ID",
  "AWS_ACCOUNT_ID",
  "AWS_CA_BUNDLE",
  "AWS_CONFIG_FILE",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_DEFAULT_PROFILE",
  "AWS_DEFAULT_REGION",
  "AWS_EC2_INSTANCE_PROFILE_NAME",
  "AWS_EC2_METADATA_DISABLED",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
  "AWS_EC2_METADATA_V1_DISABLED",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_ENDPOINT_URL_STS",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_LOGIN_CACHE_DIRECTORY",
  "AWS_MAX_ATTEMPTS",
  "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
  "AWS_METADATA_SERVICE_TIMEOUT",
  "AWS_PROFILE",
  "AWS_REGION",
  "AWS_RETRY_MODE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECURITY_TOKEN",
  "AWS_SESSION_TOKEN",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_STS_REGIONAL_ENDPOINTS",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_WEB_IDENTITY_TOKEN_FILE"
])

const profileKeys: ReadonlySet<string> = new Set([
  "aws_access_key_id",
  "aws_account_id",
  "aws_secret_access_key",
  "aws_security_token",
  "aws_session_token",
  "ca_bundle",
  "cli_pager",
  "credential_process",
  "credential_source",
  "duration_seconds",
  "ec2_metadata_service_endpoint",
  "ec2_metadata_service_endpoint_mode",
  "ec2_metadata_v1_disabled",
  "endpoint_url",
  "external_id",
  "ignore_configured_endpoint_urls",
  "login_session",
  "max_attempts",
  "mfa_serial",
  "output",
  "region",
  "retry_mode",
  "role_arn",
  "role_session_name",
  "s3",
  "services",
  "source_profile",
  "sso_account_id",
  "sso_region",
  "sso_role_name",
  "sso_session",
  "sso_start_url",
  "sts_regional_endpoints",
  "use_dualstack_endpoint",
  "use_fips_endpoint",
  "web_identity_token_file"
])

const counts = (other: string) => `${other} is set too and counts instead`
const beside =
  (other: string): Rule["when"] =>
  ({ set }) =>
    set.has(other)
const without =
  (other: string): Rule["when"] =>
  ({ set }) =>
    !set.has(other)
const chosen =
  (...sources: ReadonlyArray<string>): Rule["when"] =>
  (facts) =>
    facts.chosen !== undefined && sources.includes(facts.chosen)

const shadowed = (key: string, by: string): Rule => ({
  kind: "shadowed",
  key,
  detail: counts(by),
  when: beside(by)
})

const rules: ReadonlyArray<Rule> = [
  shadowed("AWS_DEFAULT_REGION", "AWS_REGION"),
  shadowed("AWS_DEFAULT_PROFILE", "AWS_PROFILE"),
  shadowed("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"),
  shadowed("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
  shadowed("AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
  {
    kind: "shadowed",
    key: "AWS_PROFILE",
    detail: "the key pair in the environment counts first",
    when: chosen("environment")
  },
  {
    kind: "shadowed",
    key: "AWS_WEB_IDENTITY_TOKEN_FILE",
    detail: "the environment's key pair and the profile count first",
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
    if (profileKeys.has(key)) return []
    const other = meant(key, profileKeys)
    const detail = other === undefined ? "nobody reads it here" : `nobody reads it; ${other} may be meant`
    return [{ kind: "unknown" as const, key, detail, file, line }]
  })

/**
 * Notes on the environment's variables and on the settings of the profiles that were read.
 *
 * @category constructors
 * @since 0.1.0
 */
export const settingNotes = (facts: Facts, profiles: Iterable<Section>): ReadonlyArray<SettingNote> => [
  ...notesBy(rules, facts),
  ...slips(facts.set, variables),
  ...[...profiles].flatMap(unknownIn)
]
