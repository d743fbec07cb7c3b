/**
 * What is said of profiles that lead nowhere: true, with file, line and key.
 */
import { describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { configFile } from "../support/awsOutcomes.js"
import { isRefused, pair, strict } from "../support/awsProfiles.js"
import type { Expected } from "../support/refusals.js"
import { bothWays } from "../support/runners.js"

const role = "role_arn = arn:aws:iam::123456789012:role/r\n"
const session = "[sso-session corp]\nsso_start_url = https://corp.test\n"

const faults: ReadonlyArray<readonly [name: string, config: string, expected: Expected, untrue?: RegExp]> = [
  [
    "a profile that is its own source, without credentials",
    `[default]\n${role}source_profile = default\n`,
    {
      reason: "Incomplete",
      key: "source_profile",
      line: 3,
      says: [/profile default names itself, and has no credentials of its own/]
    },
    /missing/
  ],
  [
    "the same below another one",
    `[default]\n${role}source_profile = b\n[profile b]\n${role}source_profile = b\nregion = eu-west-1\n`,
    {
      reason: "Incomplete",
      key: "source_profile",
      line: 6,
      profile: "b",
      says: [/profile b names itself, and has no credentials of its own/]
    },
    /missing/
  ],
  [
    "the same with a misspelt process",
    `[default]\n${role}source_profile = default\ncredentials_process = /bin/x\n`,
    {
      reason: "Incomplete",
      key: "source_profile",
      line: 3,
      says: [/names itself/, /line 4 of .*did you mean credential_process\?/]
    }
  ],
  [
    "the same with half a pair",
    `[default]\n${role}source_profile = default\naws_access_key_id = A\n`,
    {
      reason: "Incomplete",
      key: "aws_secret_access_key",
      line: 4,
      says: [/aws_secret_access_key is missing/]
    },
    /names itself/
  ],
  [
    "the same with a pair that is blank",
    `[default]\n${role}source_profile = default\naws_access_key_id =\n`,
    { reason: "Incomplete", key: "aws_access_key_id", line: 4, says: [/aws_access_key_id is empty/] },
    /missing/
  ],
  [
    "two that name each other",
    `[default]\n${role}source_profile = b\n[profile b]\n${role}source_profile = default\n`,
    {
      reason: "Malformed",
      key: "source_profile",
      line: 6,
      profile: "b",
      says: [/forms a loop: default -> b -> default/]
    }
  ],
  [
    "three behind the first",
    `[default]\n${role}source_profile = b\n[profile b]\n${role}source_profile = c\n[profile c]\n${role}source_profile = d\n[profile d]\n${role}source_profile = b\n`,
    { reason: "Malformed", line: 12, profile: "d", says: [/forms a loop: b -> c -> d -> b/] },
    /default ->/
  ],
  [
    "a source without a role",
    `[default]\nsource_profile = b\n[profile b]\n${pair("B")}`,
    { reason: "Incomplete", key: "role_arn", line: 1, says: [/role_arn is missing/] }
  ],
  [
    "the same below another one",
    `[default]\n${role}source_profile = b\n[profile b]\nsource_profile = c\n[profile c]\n${pair("C")}`,
    { reason: "Incomplete", key: "role_arn", line: 4, profile: "b", says: [/role_arn is missing/] }
  ],
  [
    "a role alone",
    `[default]\n${role}`,
    { reason: "Incomplete", key: "source_profile", line: 1, says: [/nothing names the credentials/] }
  ],
  [
    "a role beside its own keys",
    `[default]\n${role}${pair("MINE")}`,
    {
      reason: "Incomplete",
      key: "source_profile",
      line: 1,
      says: [/nothing names the credentials/, /source_profile, which may name this profile itself/]
    }
  ],
  [
    "a role that is blank",
    `[default]\nrole_arn =\nsource_profile = b\n`,
    { reason: "Incomplete", key: "role_arn", line: 2, says: [/role_arn is empty/] },
    /missing/
  ],
  [
    "a source that is blank",
    `[default]\n${role}source_profile =\n`,
    { reason: "Incomplete", key: "source_profile", line: 3, says: [/source_profile is empty/] },
    /missing/
  ],
  [
    "a source that there is not",
    `[default]\n${role}source_profile = staging\n[profile stagin]\n${pair("B")}`,
    {
      reason: "UnknownProfile",
      key: "source_profile",
      line: 3,
      profile: "default",
      says: [/there is no profile staging; there are default, stagin/, /Did you mean profile stagin\?/]
    }
  ],
  [
    "a source without credentials",
    `[default]\n${role}source_profile = b\n[profile b]\nregion = eu-west-1\n`,
    {
      reason: "Incomplete",
      line: 4,
      profile: "b",
      says: [
        /profile b has no setting for credentials/,
        new RegExp(`source_profile of default \\(${configFile}:3\\)`)
      ]
    }
  ],
  [
    "a source that is misspelt",
    `[default]\n${role}source_profile = b\n[profile b]\ncredentials_process = x\n`,
    {
      reason: "Incomplete",
      key: "credential_process",
      line: 5,
      profile: "b",
      says: [/did you mean credential_process\?/]
    }
  ],
  [
    "both sources",
    `[default]\n${role}source_profile = b\ncredential_source = Environment\n`,
    { reason: "Malformed", key: "credential_source", line: 4, says: [/both set/] }
  ],
  [
    "a source of another name",
    `[default]\n${role}credential_source = ecscontainer\n`,
    { reason: "Unsupported", key: "credential_source", line: 3, says: [/EcsContainer/] }
  ],
  [
    "a token without a role",
    `[default]\nweb_identity_token_file = /token\n`,
    { reason: "Incomplete", key: "role_arn", line: 1, says: [/role_arn is missing/] },
    /empty/
  ],
  [
    "a session without a region",
    `[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n${session}`,
    { reason: "Incomplete", key: "sso_region", line: 5, profile: "default", says: [/sso_region is missing/] },
    /empty/
  ],
  [
    "a session whose region is blank",
    `[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n${session}sso_region =\n`,
    { reason: "Incomplete", key: "sso_region", line: 7, profile: "default", says: [/sso_region is empty/] },
    /missing/
  ],
  [
    "a region beside a session that states none",
    `[default]\nsso_session = corp\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n${session}`,
    {
      reason: "Malformed",
      key: "sso_region",
      line: 3,
      says: [/sso_region is set here and not in \[sso-session corp\]/]
    }
  ],
  [
    "a region beside a session that states another",
    `[default]\nsso_session = corp\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n${session}sso_region = eu-west-2\n`,
    {
      reason: "Malformed",
      key: "sso_region",
      line: 3,
      says: [/differs from the one in \[sso-session corp\]/]
    }
  ],
  [
    "a session that there is not",
    `[default]\nsso_session = cop\nsso_account_id = 1\nsso_role_name = r\n${session}`,
    {
      reason: "Malformed",
      key: "sso_session",
      line: 2,
      says: [/there is no \[sso-session cop\]; the only one is corp/, /Did you mean \[sso-session corp\]\?/]
    }
  ],
  [
    "an account without a role",
    `[default]\nsso_session = corp\nsso_account_id = 1\n${session}sso_region = eu-west-1\n`,
    { reason: "Incomplete", key: "sso_role_name", line: 1, says: [/sso_role_name is missing/] },
    /sso_account_id is/
  ]
]

describe("A20: profile errors", () => {
  for (const [who, making] of strict) {
    for (const [name, config, expected, untrue] of faults) {
      const says = [...(expected.says ?? []), ...(untrue === undefined ? [] : [not(untrue)])]
      bothWays(`${name}: ${who}`, () =>
        isRefused(making, { config }, { file: configFile, ...expected, says })
      )
    }
  }

  bothWays("long loops and long lists of names are shortened", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 1_000 }, (_, index) => `p${index}`)
      const chain = names.map((name, index) => `[profile ${name}]\n${role}source_profile = p${index + 1}\n`)
      const circle = `${chain.join("")}[profile p1000]\n${role}source_profile = p0\n`
      const making = Aws.DefaultChain.make({ profile: "p0" })
      const short = [/^.{1,600}$/]
      yield* isRefused(
        making,
        { config: circle },
        { line: 3_003, says: [/p0 -> p1 -> .* \.\.\. -> p0/, ...short] }
      )
      yield* isRefused(making, { config: chain.join("") }, { line: 3_000, says: [/and 980 more/, ...short] })
    })
  )
})

/** Words that do not occur. */
function not(words: RegExp): RegExp {
  return new RegExp(`^(?!.*${words.source})`, "s")
}
