/**
 * Profiles that somebody named and whose settings for credentials are misspelt, or stand where nobody reads them, on a
 * machine whose instance has a role.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { asking, configFile, credentialsFile, running, type Setup } from "../support/awsOutcomes.js"
import { held, instanceRole, isRefused, naming, pair, refused } from "../support/awsProfiles.js"
import { bothWays } from "../support/runners.js"

const profile = (...lines: ReadonlyArray<string>) =>
  `[profile prod]\nregion = eu-west-1\n${lines.join("\n")}\n`

/** What somebody wrote, and the setting that was meant. */
const misspelt: ReadonlyArray<readonly [written: string, meant: string]> = [
  ["credentials_process", "credential_process"],
  ["credential_proces", "credential_process"],
  ["credential-process", "credential_process"],
  ["credentialProcess", "credential_process"],
  ["Credential_Porcess", "credential_process"],
  ["credentials_source", "credential_source"],
  ["credentialsource", "credential_source"],
  ["rolearn", "role_arn"],
  ["roleArn", "role_arn"],
  ["role-arn", "role_arn"],
  ["role arn", "role_arn"],
  ["role_anr", "role_arn"],
  ["role_arns", "role_arn"],
  ["source-profile", "source_profile"],
  ["sourceProfile", "source_profile"],
  ["source_profil", "source_profile"],
  ["soruce_profile", "source_profile"],
  ["web_identity_token", "web_identity_token_file"],
  ["web-identity-token-file", "web_identity_token_file"],
  ["web_identity_tokenfile", "web_identity_token_file"],
  ["sso_acount_id", "sso_account_id"],
  ["sso_account", "sso_account_id"],
  ["sso_rolename", "sso_role_name"],
  ["sso_role", "sso_role_name"],
  ["sso-session", "sso_session"],
  ["sso_sesion", "sso_session"],
  ["sso_start_ulr", "sso_start_url"],
  ["login_sesion", "login_session"],
  ["aws_acess_key_id", "aws_access_key_id"],
  ["aws_access_key", "aws_access_key_id"],
  ["access_key_id", "aws_access_key_id"],
  ["AwsAccessKeyId", "aws_access_key_id"],
  ["aws access key id", "aws_access_key_id"],
  ["aws_secret_acces_key", "aws_secret_access_key"],
  ["secret_access_key", "aws_secret_access_key"],
  ["aws_secret_key", "aws_secret_access_key"],
  ["aws_session_tokne", "aws_session_token"],
  ["aws_role_arn", "role_arn"],
  ["AWS_ROLE_ARN", "role_arn"],
  ["aws-source-profile", "source_profile"],
  ["aws_credential_process", "credential_process"],
  ["aws_sso_acount_id", "sso_account_id"],
  ["AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"],
  ["export AWS_ACCESS_KEY_ID", "aws_access_key_id"],
  ["set AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"],
  ["declare -x aws_role_arn", "role_arn"],
  ["$Env:AWS_SESSION_TOKEN", "aws_session_token"]
]

const nested: ReadonlyArray<
  readonly [name: string, lines: ReadonlyArray<string>, meant: string, line: number]
> = [
  [
    "below s3",
    ["s3 =", "  aws_access_key_id = AKIA", "  aws_secret_access_key = PLANTED"],
    "aws_access_key_id",
    4
  ],
  ["below s3, behind its own", ["s3 =", "  max_queue_size = 1", "\trole_arn = arn"], "role_arn", 5],
  ["below services", ["services =", "  credential_process = /bin/x"], "credential_process", 4],
  ["below a service's name", ["services = local", " credential_process = /bin/x"], "credential_process", 4],
  ["below a setting that nobody knows", ["mine =", "  sso_session = corp"], "sso_session", 4],
  ["below s3, misspelt", ["s3 =", "  aws_acess_key_id = AKIA"], "aws_access_key_id", 4],
  ["below api_versions", ["api_versions =", "  ec2 = 2015", "  source_profile = base"], "source_profile", 5]
]

/** Sections that are called as their file calls none. */
const elsewhere: ReadonlyArray<readonly [name: string, setup: Setup, file: string, line: number]> = [
  ["without its prefix", { config: `${profile()}[prod]\n${pair("LOST")}` }, configFile, 4],
  [
    "with a prefix that there is not",
    { config: `${profile()}[profiles prod]\n${pair("LOST")}` },
    configFile,
    4
  ],
  [
    "with a prefix in the credentials file",
    { config: profile(), credentials: `[profile prod]\n${pair("LOST")}` },
    credentialsFile,
    1
  ]
]

/** What is no slip: other tools' settings, and the profile's own that lead to no credentials alone. */
const innocent: ReadonlyArray<string> = [
  "output = json",
  "cli_pager =",
  "s3 =\n  addressing_style = path\n  use_dualstack_endpoint = true",
  "services = local",
  "mfa_serial = arn:aws:iam::123456789012:mfa/me",
  "role_session_name = me\nexternal_id = 1\nduration_seconds = 900",
  "sso_registration_scopes = sso:account:access",
  "aws_account_id = 123456789012",
  "granted_sso_account_id = 123456789012",
  "x_security_token_expires = 2026-01-01T00:00:00Z",
  "expiration = 2026-01-01T00:00:00Z",
  "s3_region = eu-west-1",
  "ses_region = eu-west-1",
  "include_profile = base",
  "max_attempts = 3",
  "  # credential_process = /bin/x"
]

describe("A11: misspelt profile name", () => {
  for (const [who, making, env] of naming("prod")) {
    for (const [written, meant] of misspelt) {
      bothWays(`${written}: Incomplete by ${who}`, () =>
        isRefused(
          making,
          { env, config: profile(`${written} = PLANTED`) },
          {
            reason: "Incomplete",
            key: meant,
            file: configFile,
            line: 3,
            profile: "prod",
            says: [new RegExp(meant)]
          }
        )
      )
    }

    for (const [name, lines, meant, line] of nested) {
      bothWays(`${name}: Incomplete by ${who}`, () =>
        isRefused(
          making,
          { env, config: profile(...lines) },
          { reason: "Incomplete", key: meant, file: configFile, line, says: [new RegExp(meant), /margin/] }
        )
      )
    }

    for (const [name, setup, file, line] of elsewhere) {
      bothWays(`section header ${name}: Incomplete by ${who}`, () =>
        isRefused(making, { env, ...setup }, { reason: "Incomplete", file, line, says: [/line \d/] })
      )
    }
  }

  for (const line of innocent) {
    bothWays(`continues when the profile only has ${JSON.stringify(line)}`, () =>
      Effect.map(
        asking(Aws.DefaultChain.make(), {
          env: { AWS_PROFILE: "prod" },
          config: `${profile(line)}[services local]\nsts =\n  endpoint_url = https://sts.test\n`,
          answers: [instanceRole]
        }),
        (outcome) => assert.include(held(outcome), "ASIAINSTANCE")
      )
    )
  }

  for (const [written] of misspelt) {
    bothWays(`${written} is harmless next to credentials`, () =>
      Effect.map(
        asking(Aws.DefaultChain.make(), {
          env: { AWS_PROFILE: "prod" },
          config: profile(`${written} = PLANTED`),
          credentials: `[prod]\n${pair("MINE")}`
        }),
        (outcome) => assert.include(held(outcome), "AKIAMINE")
      )
    )
  }

  bothWays("the lenient chain continues", () =>
    Effect.map(
      asking(Aws.DefaultChain.make({ continueOnFailure: true }), {
        env: { AWS_PROFILE: "prod" },
        config: profile("credentials_process = x"),
        answers: [instanceRole]
      }),
      (outcome) => assert.include(held(outcome), "ASIAINSTANCE")
    )
  )

  bothWays("an unnamed default profile counts as not configured", () =>
    Effect.map(
      asking(Aws.DefaultChain.make(), {
        config: "[default]\ncredentials_process = /bin/x\n",
        answers: [instanceRole]
      }),
      (outcome) => assert.include(held(outcome), "ASIAINSTANCE")
    )
  )

  bothWays("trace and explain show its line", () =>
    Effect.gen(function* () {
      const setup = { config: "[default]\ns3 =\n  role_arn = arn\ncredentials_process = /bin/x\n" }
      const outcome = yield* asking(Aws.DefaultChain.make(), setup)
      refused(outcome, { says: [/line 4 of \/home\/alice\/\.aws\/config.*credential_process/] })
      const { value } = yield* running(Aws.explain(), setup)
      const notes = value?.notes.map(({ detail, line }) => `${line} ${detail}`).join("\n") ?? ""
      assert.match(notes, /^4 .*credential_process/m)
      assert.match(notes, /^3 .*role_arn/m)
    })
  )

  bothWays("naming default counts as naming", () =>
    isRefused(
      Aws.DefaultChain.make(),
      { env: { AWS_PROFILE: "default" }, config: "[default]\ncredentials_process = /bin/x\n" },
      { reason: "Incomplete", key: "credential_process", line: 2 }
    )
  )

  for (const [name, lines, key, line] of [
    ["half a pair", ["aws_acess_key_id = AKIA", "aws_secret_access_key = PLANTED"], "aws_access_key_id", 3],
    ["a role's source", ["role_arn = arn", "source-profile = base"], "source_profile", 4],
    ["a source's role", ["source_profile = base", "rolearn = arn"], "role_arn", 4],
    [
      "an SSO role",
      ["sso_start_url = u", "sso_region = r", "sso_account_id = 1", "sso_role = x"],
      "sso_role_name",
      6
    ],
    ["a token's role", ["web_identity_token_file = /t", "role-arn = arn"], "role_arn", 4],
    [
      "a pair's half below s3",
      ["aws_access_key_id = AKIA", "s3 =", " aws_secret_access_key = PLANTED"],
      "aws_secret_access_key",
      5
    ]
  ] as const) {
    bothWays(`a missing setting may be misspelt: ${name}`, () =>
      isRefused(
        Aws.DefaultChain.make(),
        { env: { AWS_PROFILE: "prod" }, config: profile(...lines) },
        { reason: "Incomplete", key, line, says: [new RegExp(`line ${line} of .*${key}`)] }
      )
    )
  }
})
