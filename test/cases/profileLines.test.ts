/**
 * Lines of AWS's files that are indented, and files in another encoding.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { asking as askingAlibaba } from "../support/alibabaOutcomes.js"
import {
  asking,
  assumed,
  callerIs,
  configFile,
  credentialsFile,
  parametersOf,
  running,
  type Setup
} from "../support/awsOutcomes.js"
import { held, isRefused, pair, strict, token } from "../support/awsProfiles.js"
import { bothWays } from "../support/runners.js"

const comments = [
  "  # note",
  "\t; note",
  " #",
  "  ;aws_session_token = PLANTED",
  "   # key = value",
  " # [other]"
]

const between = (text: string, comment: string) => text.replaceAll("\n", `\n${comment}\n`)

const role = [
  "role_arn = arn:aws:iam::123456789012:role/r",
  "source_profile = base",
  "role_session_name = me",
  "external_id = 42",
  "duration_seconds = 900",
  "region = eu-west-1",
  ""
].join("\n")

describe("A14: comments anywhere", () => {
  for (const comment of comments) {
    const all = `[default]\n${pair("MINE")}${token("MINE")}`
    for (const [who, making] of [
      ...strict,
      ["the lenient chain", Aws.DefaultChain.make({ continueOnFailure: true })] as const
    ]) {
      for (const setup of [{ config: between(all, comment) }, { credentials: between(all, comment) }]) {
        bothWays(`${JSON.stringify(comment)} below keys in ${Object.keys(setup)}: ${who}`, () =>
          Effect.map(asking(making, setup), (outcome) =>
            assert.deepStrictEqual(held(outcome), ["AKIAMINE", "PLANTED-MINE-SECRET", "PLANTED-MINE-TOKEN"])
          )
        )
      }
    }

    bothWays(`${JSON.stringify(comment)} below the settings of a role`, () =>
      Effect.gen(function* () {
        const config = `${between(`[default]\n${role}`, comment)}[profile base]\n${pair("MINE")}`
        const outcome = yield* asking(Aws.DefaultChain.make(), { config, answers: [assumed] })
        const parameters = parametersOf(outcome)
        assert.strictEqual(parameters.get("RoleArn"), "arn:aws:iam::123456789012:role/r")
        assert.strictEqual(parameters.get("RoleSessionName"), "me")
        assert.strictEqual(parameters.get("ExternalId"), "42")
        assert.strictEqual(parameters.get("DurationSeconds"), "900")
        assert.strictEqual(outcome.sent[0]?.url, "https://sts.eu-west-1.amazonaws.com/")
      })
    )

    bothWays(`${JSON.stringify(comment)} below nested settings and endpoint_url`, () =>
      Effect.gen(function* () {
        const services = "[services local]\nsts =\n  endpoint_url = https://sts.test\n"
        const config = `${between(`[default]\n${role}services = local\n${services}`, comment)}[profile base]\n${pair("MINE")}`
        const { sent } = yield* asking(Aws.DefaultChain.make(), { config, answers: [assumed] })
        assert.strictEqual(sent[0]?.url, "https://sts.test/")
      })
    )
  }

  bothWays("what only looks like a comment belongs to the value", () =>
    Effect.gen(function* () {
      const config = "[default]\naws_access_key_id = AKIA#1\naws_secret_access_key = PLANTED;SECRET # note\n"
      assert.deepStrictEqual(held(yield* asking(Aws.DefaultChain.make(), { config })), [
        "AKIA#1",
        "PLANTED;SECRET"
      ])
    })
  )
})

/** A profile with a line that disappears in the value above it, the setting that it states, and its number. */
const swallowed: ReadonlyArray<
  readonly [name: string, lines: ReadonlyArray<string>, key: string, line: number]
> = [
  [
    "a secret below its id",
    ["aws_access_key_id = A", " aws_secret_access_key = PLANTED"],
    "aws_secret_access_key",
    3
  ],
  [
    "an id below its secret",
    ["aws_secret_access_key = PLANTED", "\taws_access_key_id = A"],
    "aws_access_key_id",
    3
  ],
  [
    "a whole pair below a region",
    ["region = eu-west-1", "  aws_access_key_id = A", "  aws_secret_access_key = PLANTED"],
    "aws_access_key_id",
    3
  ],
  [
    "a token below its secret",
    ["aws_access_key_id = A", "aws_secret_access_key = PLANTED", "  aws_session_token = PLANTED"],
    "aws_session_token",
    4
  ],
  ["a source below its role", ["role_arn = arn", "  source_profile = base"], "source_profile", 3],
  ["a role below its source", ["source_profile = base", "   role_arn = arn"], "role_arn", 3],
  [
    "a region below a pair",
    ["aws_access_key_id = A", "aws_secret_access_key = PLANTED", " region = eu-west-1"],
    "region",
    4
  ],
  [
    "an external id below a name",
    ["role_arn = arn", "source_profile = base", "role_session_name = me", " external_id = 1"],
    "external_id",
    5
  ],
  ["a process below output", ["output = json", "  credential_process = /bin/x"], "credential_process", 3],
  ["a setting below a process", ["credential_process = /bin/x", "  region = eu-west-1"], "region", 3],
  ["a setting below a process that is blank", ["credential_process =", "  region = eu-west-1"], "region", 3],
  [
    "a secret below a blank token",
    ["aws_access_key_id = A", "aws_session_token =", " aws_secret_access_key = PLANTED"],
    "aws_secret_access_key",
    4
  ],
  ["a setting below what nobody knows", ["mine = 1", "  aws_access_key_id = A"], "aws_access_key_id", 3],
  ["a misspelt one", ["mine = 1", "  aws_acess_key_id = A"], "aws_access_key_id", 3],
  [
    "behind a comment",
    ["aws_access_key_id = A", "  # note", " aws_secret_access_key = PLANTED"],
    "aws_secret_access_key",
    4
  ],
  ["what no setting is", ["aws_access_key_id = A", "  PLANTED"], "aws_access_key_id", 3],
  ["of another name", ["role_arn = arn", "  note = PLANTED"], "role_arn", 3]
]

describe("A18: indented settings", () => {
  for (const [who, making] of strict) {
    for (const [name, lines, key, line] of swallowed) {
      const text = `[default]\n${lines.join("\n")}\n`
      const files: ReadonlyArray<readonly [file: string, setup: Setup]> = [
        [configFile, { config: text }],
        [credentialsFile, { credentials: text }]
      ]
      for (const [file, setup] of files) {
        bothWays(`${name}, in ${file}: ${who}`, () =>
          isRefused(making, setup, {
            file,
            line,
            key,
            profile: "default",
            says: [/start the line at the margin/]
          })
        )
      }
    }
  }

  bothWays("a source profile", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nrole_arn = arn\nsource_profile = base\n[profile base]\naws_access_key_id = A\n  aws_secret_access_key = PLANTED\n`
      },
      { line: 6, profile: "base", key: "aws_secret_access_key", says: [/margin/] }
    )
  )

  bothWays("an sso-session that a profile names", () =>
    isRefused(
      Aws.DefaultChain.make(),
      {
        config: `[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_start_url = https://corp.test\n  sso_region = eu-west-1\n`
      },
      { line: 7, profile: "default", key: "sso_region", says: [/margin/] }
    )
  )

  bothWays("an indented header keeps its settings from other profiles", () =>
    Effect.gen(function* () {
      const config = `[default]\nregion = eu-west-1\n  [profile prod]\n${pair("PROD")}`
      yield* isRefused(Aws.DefaultChain.make(), { config }, { line: 3, says: [/header/, /margin/] })
      yield* isRefused(
        Aws.DefaultChain.make({ profile: "prod" }),
        { config },
        { reason: "UnknownProfile", file: configFile, line: 3, says: [/margin/] }
      )
    })
  )

  const named = { AWS_PROFILE: "default" }
  for (const env of [{}, named]) {
    bothWays(`a complete environment still works: ${JSON.stringify(env)}`, () =>
      Effect.gen(function* () {
        const config = "[default]\noutput = json\n  region = eu-west-1\n"
        const stated = { AWS_ACCESS_KEY_ID: "AKIAMINE", AWS_SECRET_ACCESS_KEY: "PLANTED", ...env }
        const layers = Layer.merge(Aws.DefaultChain.layer, Aws.SharedSettings.layer)
        const call = (more: Record<string, string>) =>
          running(Effect.provide(Aws.getCallerIdentity(), layers), {
            env: { ...stated, ...more },
            config,
            answers: [callerIs]
          })
        const whole = yield* call({ AWS_REGION: "eu-central-1" })
        assert.strictEqual(whole.sent[0]?.url, "https://sts.eu-central-1.amazonaws.com/")
        const { error, sent } = yield* call({})
        assert.deepInclude({ ...error }, { _tag: "StsConfigError", key: "region", line: 3 })
        assert.match(error?.message ?? "", /start the line at the margin/)
        assert.deepStrictEqual(sent, [])
      })
    )
  }

  bothWays("other profiles still work", () =>
    Effect.map(
      asking(Aws.DefaultChain.make(), {
        config: `[profile broken]\nregion = a\n  output = json\n  aws_access_key_id = A\n[default]\n${pair("MINE")}`
      }),
      (outcome) => assert.include(held(outcome), "AKIAMINE")
    )
  )

  bothWays("nested settings and multi-line values are not reported", () =>
    Effect.gen(function* () {
      const config = [
        "[default]",
        "s3 =",
        "  region = eu-west-1",
        "  endpoint_url = https://s3.test",
        "mine = a",
        "  b",
        "  c = d",
        "credential_process = /bin/x",
        "  --verbose",
        "  --id=1",
        "  --role-arn=arn:aws:iam::123456789012:role/r",
        "  --source-profile = base"
      ].join("\n")
      assert.include(
        held(yield* asking(Aws.DefaultChain.make(), { config, credentials: `[default]\n${pair("MINE")}` })),
        "AKIAMINE"
      )
    })
  )
})

const encodings: ReadonlyArray<readonly [name: string, encode: (text: string) => Buffer]> = [
  ["UTF-16LE", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16LE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16BE", (text) => Buffer.from(text, "utf16le").swap16()],
  ["UTF-16BE with a mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()]
]

describe("A12: file errors with a hint", () => {
  for (const [who, making] of strict) {
    for (const [name, config] of [
      ["a setting", `[default]\n  region = eu-west-1\n`],
      ["a setting by a tab", `[default]\n\n\taws_access_key_id = PLANTED\n`],
      ["a header", `[default]\n  [profile prod]\n`],
      ["the first header", `\t[default]\n`],
      ["the first header, below a comment", `# profiles\n\n  [profile prod]\n`]
    ] as const) {
      bothWays(`${name} is indented: ${who}`, () =>
        isRefused(
          making,
          { config },
          {
            reason: "Malformed",
            file: configFile,
            line: config.split("\n").length - 1,
            says: [/start the line .*at the margin/]
          }
        )
      )
    }

    for (const [name, encode] of encodings) {
      for (const first of [
        "[default]\r\n",
        "# Schlüssel für alle, 钥匙\r\n[default]\r\n",
        "\r\n\r\n[default]\r\n"
      ]) {
        const text = new TextDecoder().decode(encode(`${first}${pair("PLANTED")}`))
        bothWays(`${name}, ${JSON.stringify(first)}: ${who}`, () =>
          Effect.gen(function* () {
            const says = [/UTF-16/, /save it as UTF-8/]
            yield* isRefused(
              making,
              { config: text },
              { reason: "Malformed", file: configFile, line: 1, says }
            )
            yield* isRefused(
              making,
              { credentials: text },
              { reason: "Malformed", file: credentialsFile, says }
            )
          })
        )
      }
    }

    bothWays(`UTF-8 with a byte order mark and any letters is read: ${who}`, () =>
      Effect.map(
        asking(making, { config: `\uFEFF# Schlüssel, 钥匙\r\n[default]\r\n${pair("MINE")}` }),
        (outcome) => assert.include(held(outcome), "AKIAMINE")
      )
    )
  }

  for (const [name, encode] of encodings) {
    const config = '{"current":"a","profiles":[{"name":"a","mode":"EcsRamRole","ram_role_name":"PLANTED"}]}'
    const files: ReadonlyArray<readonly [file: string, text: string]> = [
      [".aliyun/config.json", config],
      [".alibabacloud/credentials", "[default]\r\ntype = access_key\r\naccess_key_id = PLANTED\r\n"]
    ]
    for (const [below, text] of files) {
      bothWays(`${name}, ${below}`, () =>
        Effect.gen(function* () {
          const file = `/home/alice/${below}`
          const setup = {
            variables: { HOME: "/home/alice" },
            files: { [file]: new TextDecoder().decode(encode(text)) }
          }
          const { error, sent } = yield* askingAlibaba(Alibaba.DefaultChain.make(), setup)
          assert.deepInclude({ ...error }, { reason: "Malformed", file, line: 1 })
          assert.match(error?.message ?? "", /UTF-16.*save it as UTF-8/)
          assert.notInclude(error?.message ?? "", "PLANTED")
          assert.deepStrictEqual(sent, [])
        })
      )
    }
  }
})
