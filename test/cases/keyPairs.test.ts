/**
 * Key pairs whose parts stand in both of AWS's files.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { asking, configFile, credentialsFile, running, type Setup } from "../support/awsOutcomes.js"
import { held, instanceRole, isRefused, pair, strict, token } from "../support/awsProfiles.js"
import { bothWays } from "../support/runners.js"

const both = (config: string, credentials: string): Setup => ({
  config: `[default]\n${config}`,
  credentials: `[default]\n${credentials}`
})

const mine = ["AKIAMINE", "PLANTED-MINE-SECRET"]
const other = ["AKIAOTHER", "PLANTED-OTHER-SECRET"]

// The config file has OTHER's keys, the credentials file MINE.
const whole: ReadonlyArray<
  readonly [name: string, config: string, credentials: string, expected: Array<string>]
> = [
  ["a pair and its token, and another pair", pair("OTHER") + token("OTHER"), pair("MINE"), mine],
  [
    "a pair and the token's older name, and another pair",
    `${pair("OTHER")}aws_security_token = PLANTED-OTHER-TOKEN\n`,
    pair("MINE"),
    mine
  ],
  ["a token alone, and a pair", token("OTHER"), pair("MINE"), mine],
  ["an id alone, and a pair", "aws_access_key_id = AKIAOTHER\n", pair("MINE"), mine],
  ["a secret alone, and a pair", "aws_secret_access_key = PLANTED-OTHER-SECRET\n", pair("MINE"), mine],
  [
    "a pair, and another with a token",
    pair("OTHER"),
    pair("MINE") + token("MINE"),
    [...mine, "PLANTED-MINE-TOKEN"]
  ],
  [
    "a pair with a token, and another with the token's older name",
    pair("OTHER") + token("OTHER"),
    `${pair("MINE")}aws_security_token = PLANTED-MINE-TOKEN\n`,
    [...mine, "PLANTED-MINE-TOKEN"]
  ],
  [
    "a pair with a token, and nothing of one",
    pair("OTHER") + token("OTHER"),
    "region = eu-west-1\n",
    [...other, "PLANTED-OTHER-TOKEN"]
  ],
  [
    "a pair with a token, and a token that is blank",
    pair("OTHER") + token("OTHER"),
    "aws_session_token =\n",
    [...other, "PLANTED-OTHER-TOKEN"]
  ],
  ["nothing of a pair, and one", "region = eu-west-1\n", pair("MINE"), mine]
]

const mixed: ReadonlyArray<
  readonly [name: string, config: string, credentials: string, key: string, line: number]
> = [
  [
    "an id, and a secret",
    "aws_access_key_id = AKIAOTHER\n",
    "aws_secret_access_key = PLANTED-MINE-SECRET\n",
    "aws_access_key_id",
    2
  ],
  [
    "a secret, and an id",
    "region = eu-west-1\naws_secret_access_key = PLANTED-OTHER-SECRET\n",
    "aws_access_key_id = AKIAMINE\n",
    "aws_secret_access_key",
    3
  ],
  ["a pair, and an id", pair("OTHER"), "aws_access_key_id = AKIAMINE\n", "aws_secret_access_key", 3],
  [
    "a pair, and a secret",
    pair("OTHER"),
    "aws_secret_access_key = PLANTED-MINE-SECRET\n",
    "aws_access_key_id",
    2
  ],
  ["a pair, and a token", pair("OTHER"), token("MINE"), "aws_access_key_id", 2],
  ["a pair with a token, and a token", pair("OTHER") + token("OTHER"), token("MINE"), "aws_access_key_id", 2],
  [
    "a secret, and an id with a token",
    "aws_secret_access_key = PLANTED-OTHER-SECRET\n",
    `aws_access_key_id = AKIAMINE\n${token("MINE")}`,
    "aws_secret_access_key",
    2
  ],
  [
    "a pair, and one whose secret is blank",
    pair("OTHER"),
    "aws_access_key_id = AKIAMINE\naws_secret_access_key =\n",
    "aws_secret_access_key",
    3
  ]
]

describe("A16: key id, secret and token come from one file", () => {
  for (const [who, making] of [
    ...strict,
    ["the lenient chain", Aws.DefaultChain.make({ continueOnFailure: true })] as const
  ]) {
    for (const [name, config, credentials, expected] of whole) {
      bothWays(`${name}: ${who}`, () =>
        Effect.map(asking(making, both(config, credentials)), (outcome) =>
          assert.deepStrictEqual(held(outcome), expected)
        )
      )
    }
  }

  for (const [who, making] of strict) {
    for (const [name, config, credentials, key, line] of mixed) {
      bothWays(`${name}: Incomplete for ${who}`, () =>
        isRefused(making, both(config, credentials), {
          reason: "Incomplete",
          key,
          file: credentialsFile,
          says: [new RegExp(`${configFile}:${line}`), new RegExp(`${credentialsFile}:\\d`), /one file/]
        })
      )
    }
  }

  for (const [name, config, credentials] of mixed) {
    bothWays(`${name}: the lenient chain does not join two files either`, () =>
      Effect.map(
        asking(Aws.DefaultChain.make({ continueOnFailure: true }), {
          ...both(config, credentials),
          answers: [instanceRole]
        }),
        (outcome) => assert.include(held(outcome), "ASIAINSTANCE")
      )
    )
  }

  bothWays("also for a source profile", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n[profile base]\naws_access_key_id = AKIAOTHER\n`,
        credentials: "[base]\naws_secret_access_key = PLANTED-MINE-SECRET\n"
      },
      { reason: "Incomplete", file: credentialsFile, line: 2, says: [new RegExp(`${configFile}:5`)] }
    )
  )

  bothWays("other settings of both files are still merged", () =>
    Effect.gen(function* () {
      const config = `${pair("OTHER")}aws_account_id = 123456789012\nregion = eu-west-1\n`
      const { value } = yield* asking(Aws.DefaultChain.make(), both(config, pair("MINE")))
      assert.strictEqual(value?.accountId, "123456789012")
      const own = `${pair("MINE")}aws_account_id = 210987654321\n`
      const overruled = yield* asking(Aws.DefaultChain.make(), both(config, own))
      assert.strictEqual(overruled.value?.accountId, "210987654321")
    })
  )

  bothWays("explain lists the ignored parts", () =>
    Effect.map(running(Aws.explain(), both(pair("OTHER") + token("OTHER"), pair("MINE"))), ({ value }) =>
      assert.deepStrictEqual(
        value?.notes.map(({ key, kind, line }) => [kind, key, line]),
        [
          ["shadowed", "aws_access_key_id", 2],
          ["shadowed", "aws_secret_access_key", 3],
          ["shadowed", "aws_session_token", 4]
        ]
      )
    )
  )
})
