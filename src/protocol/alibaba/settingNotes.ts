/**
 * What to say of Alibaba Cloud settings that do not do what somebody may think.
 *
 * Source of what other tools do: their documentation and sources as of 2026 (Alibaba Cloud CLI and the vendor's
 * credential packages).
 *
 * @since 0.1.0
 */
import type { SettingNote } from "../../schemas/Explanation.js"
import { type Facts, notesBy, type Rule, slips } from "../settingNotes.js"

const variables: ReadonlySet<string> = new Set([
  "ALIBABA_CLOUD_ACCESS_KEY_ID",
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
  "ALIBABA_CLOUD_CONFIG_FILE",
  "ALIBABA_CLOUD_CREDENTIALS_FILE",
  "ALIBABA_CLOUD_CREDENTIALS_URI",
  "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
  "ALIBABA_CLOUD_ECS_METADATA",
  "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
  "ALIBABA_CLOUD_IMDSV1_DISABLED",
  "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
  "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
  "ALIBABA_CLOUD_PROFILE",
  "ALIBABA_CLOUD_ROLE_ARN",
  "ALIBABA_CLOUD_ROLE_SESSION_NAME",
  "ALIBABA_CLOUD_SECURITY_TOKEN",
  "ALIBABA_CLOUD_STS_ENDPOINT",
  "ALIBABA_CLOUD_STS_REGION",
  "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"
])

const afterEnvironment = (key: string): Rule => ({
  kind: "shadowed",
  key,
  detail: "the environment's key pair counts first",
  when: ({ chosen }) => chosen === "environment"
})

const ofTheCommandLine = (key: string, meant: string): Rule => ({
  kind: "elsewhere",
  key,
  detail: `the command line alone reads it; ${meant} is read everywhere`,
  when: () => true
})

const rules: ReadonlyArray<Rule> = [
  afterEnvironment("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
  afterEnvironment("ALIBABA_CLOUD_PROFILE"),
  afterEnvironment("ALIBABA_CLOUD_CREDENTIALS_URI"),
  {
    kind: "shadowed",
    key: "ALIBABA_CLOUD_STS_REGION",
    detail: "ALIBABA_CLOUD_STS_ENDPOINT is set too and counts instead",
    when: ({ set }) => set.has("ALIBABA_CLOUD_STS_ENDPOINT")
  },
  {
    kind: "shadowed",
    key: "ALIBABA_CLOUD_ECS_METADATA",
    detail: "ALIBABA_CLOUD_ECS_METADATA_DISABLED may switch the metadata service off",
    when: ({ set }) => set.has("ALIBABA_CLOUD_ECS_METADATA_DISABLED")
  },
  ofTheCommandLine("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
  ofTheCommandLine("ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
  ofTheCommandLine("ALIBABACLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN"),
  ofTheCommandLine("ALICLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_ID"),
  ofTheCommandLine("ALICLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
]

/**
 * Notes on the environment's variables.
 *
 * @category constructors
 * @since 0.1.0
 */
export const settingNotes = (facts: Facts): ReadonlyArray<SettingNote> => [
  ...notesBy(rules, facts),
  ...slips(
    [...facts.set].filter((name) => !rules.some(({ key }) => key === name)),
    variables
  )
]
