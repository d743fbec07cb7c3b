/**
 * Names of sections in AWS's files: in quotes, with spaces, and those that are passed over.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import {
  asking,
  assumed,
  configFile,
  credentialsFile,
  parametersOf,
  running
} from "../support/awsOutcomes.js"
import { held, instanceRole, isRefused, naming, pair } from "../support/awsProfiles.js"
import { bothWays } from "../support/runners.js"

/** Headers of the config file, and the names that they give. */
const ofConfig: ReadonlyArray<readonly [header: string, name: string]> = [
  ['[profile "plain"]', "plain"],
  ["[profile 'plain']", "plain"],
  ["[profile 'plain' ]", "plain"],
  ['[ profile "plain" ]', "plain"],
  ['[profile\t"plain"\t]', "plain"],
  ['[profile   "plain"] # "note', "plain"],
  ["[profile 'plain']; it's mine", "plain"],
  ["[profile plain] # it's mine]", "plain"],
  ['[profile "two words"]', "two words"],
  ["[profile 'two words']", "two words"],
  ["[profile two\\ words]", "two words"],
  ['[profile two" "words]', "two words"],
  ['[profile "three little words"]', "three little words"],
  ['[profile "a\tb"]', "a\tb"],
  ['[profile "Å (prod) — 生产"]', "Å (prod) — 生产"],
  ['[profile "a # b ; c"]', "a # b ; c"],
  ['[profile "a ] b"]', "a ] b"],
  ['[profile "[a]"] # ]', "[a]"],
  ['[profile "it\'s"]', "it's"],
  ["[profile 'say \"x\"']", 'say "x"'],
  ['[profile "say \\"x\\""]', 'say "x"'],
  ['[profile "a\\\\b"]', "a\\b"],
  ['[profile "a\\b"]', "a\\b"],
  ["[profile 'a\\b']", "a\\b"],
  ["[profile it\\'s]", "it's"],
  ['[profile "default"]', "default"],
  ['["default"]', "default"],
  ["['default']", "default"]
]

const ofCredentials: ReadonlyArray<readonly [header: string, name: string]> = [
  ['["default"]', "default"],
  ["['a b']", "a b"],
  ['[ "a b" ] ; note', "a b"],
  ['["a # b"]', "a # b"],
  ['["say \\"x\\""]', 'say "x"'],
  ["['profile x']", "profile x"],
  ['["a]b"]', "a]b"]
]

/** Headers that give no profile, and the name that somebody looks for. */
const passedOver: ReadonlyArray<readonly [header: string, name: string]> = [
  ["[prod]", "prod"],
  ["[Profile prod]", "prod"],
  ["[profiles prod]", "prod"],
  ["[profile two words]", "two words"],
  ['[profile "two words]', "two words"],
  ["[profile 'prod]", "prod"],
  ["[profile prod's]", "prods"],
  ["[profile prod!]", "prod!"],
  ["[profile größe]", "größe"],
  ['[profile ""]', "prod"],
  ["[profile]", "prod"],
  ["[]", "prod"],
  ['["profile prod"]', "prod"],
  ['[profile "prod" x]', "prod"],
  ["[profileprod]", "prod"]
]

const chosen = (profile: string) => ({ AWS_PROFILE: profile })

describe("A4: section names as a shell reads them", () => {
  for (const [header, name] of ofConfig) {
    bothWays(`${header} in the config file`, () =>
      Effect.gen(function* () {
        const config = `[profile other]\n${pair("OTHER")}${header}\n${pair("MINE")}`
        for (const [, making, env] of naming(name)) {
          assert.include(held(yield* asking(making, { env, config })), "AKIAMINE")
        }
      })
    )
  }

  for (const [header, name] of ofCredentials) {
    bothWays(`${header} in the credentials file`, () =>
      Effect.gen(function* () {
        const credentials = `[other]\n${pair("OTHER")}${header}\n${pair("MINE")}`
        for (const [, making, env] of naming(name)) {
          assert.include(held(yield* asking(making, { env, credentials })), "AKIAMINE")
        }
      })
    )
  }

  bothWays("sections of one name are one profile, however they are quoted", () =>
    Effect.gen(function* () {
      const { value } = yield* asking(Aws.DefaultChain.make({ profile: "a b" }), {
        config: "[profile 'a b']\naws_account_id = 123456789012\n",
        credentials: `["a b"]\n${pair("MINE")}`
      })
      assert.strictEqual(value?.accessKeyId, "AKIAMINE")
      assert.strictEqual(value?.accountId, "123456789012")
    })
  )

  bothWays("source_profile and services find them", () =>
    Effect.gen(function* () {
      const config = [
        '[profile "my role"]',
        "role_arn = arn:aws:iam::123456789012:role/r",
        "source_profile = two words",
        "services = my services",
        "region = eu-west-1",
        '[services "my services"]',
        "sts =",
        "  endpoint_url = https://sts.test",
        "[profile 'two words']",
        pair("MINE")
      ].join("\n")
      const setup = { env: chosen("my role"), config, answers: [assumed] }
      const outcome = yield* asking(Aws.DefaultChain.make(), setup)
      assert.include(held(outcome), "ASIAROLE")
      assert.strictEqual(outcome.sent[0]?.url, "https://sts.test/")
      assert.strictEqual(parametersOf(outcome).get("RoleArn"), "arn:aws:iam::123456789012:role/r")
    })
  )

  for (const header of ['[sso-session "my corp"]', "[sso-session 'my corp']", "[sso-session my\\ corp]"]) {
    bothWays(`sso_session finds ${header}`, () =>
      isRefused(
        Aws.DefaultChain.make(),
        {
          config: `[default]\nsso_session = my corp\nsso_account_id = 1\nsso_role_name = r\n${header}\nsso_region = eu-west-1\nsso_start_url = https://corp.test\n`
        },
        { reason: "Expired", says: [/log ?in|sign/i] }
      )
    )
  }

  bothWays("sso_session errors name the ignored header", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nsso_session = my corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session my corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.test\n`
      },
      { reason: "Malformed", key: "sso_session", line: 2, says: [/line 5 of .* is ignored/, /quotes/] }
    )
  )

  for (const [header, name] of passedOver) {
    bothWays(`the error about ${name} names ${header}`, () =>
      Effect.gen(function* () {
        const config = `[profile other]\n${pair("OTHER")}${header}\n${pair("MINE")}`
        for (const [, making, env] of naming(name)) {
          yield* isRefused(
            making,
            { env, config },
            {
              reason: "UnknownProfile",
              says: [new RegExp(`line 4 of ${configFile}(, which)? is ignored: \\w`)]
            }
          )
        }
        const { value } = yield* running(Aws.explain({ profile: name }), { config })
        assert.deepStrictEqual(
          value?.notes.map(({ file, key, line }) => [file, key, line]),
          [[configFile, "section", 4]]
        )
      })
    )
  }

  for (const header of ["[profile prod]", "[two words]", "[prod"]) {
    bothWays(`the error names ${header} in the credentials file`, () =>
      isRefused(
        Aws.DefaultChain.make(),
        {
          env: chosen(header === "[two words]" ? "two words" : "prod"),
          credentials: `${header}\n${pair("MINE")}`
        },
        { file: credentialsFile, line: 1 }
      )
    )
  }

  bothWays("a source profile with an ignored header", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nrole_arn = arn\nsource_profile = two words\n[profile two words]\n${pair("MINE")}`
      },
      {
        reason: "UnknownProfile",
        key: "source_profile",
        line: 3,
        says: [/line 4 of .* is ignored/, /quotes/]
      }
    )
  )

  bothWays("a quoted name without a header", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nrole_arn = arn\nsource_profile = "two words"\n[profile "two words"]\n${pair("MINE")}`
      },
      {
        reason: "UnknownProfile",
        key: "source_profile",
        line: 3,
        says: [/Did you mean profile two words\?/]
      }
    )
  )

  bothWays("an ignored default profile counts as not configured, with a note", () =>
    Effect.gen(function* () {
      const config = `[profile "default]\n${pair("MINE")}`
      const outcome = yield* asking(Aws.DefaultChain.make(), { config, answers: [instanceRole] })
      assert.include(held(outcome), "ASIAINSTANCE")
      const alone = yield* asking(Aws.Profile.make(), { config })
      assert.match(alone.error?.message ?? "", /line 1 of .* is ignored: a quote/)
    })
  )
})
