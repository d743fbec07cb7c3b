/**
 * Which name a role's session has, where variables and profiles may state one.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { asking, assumed, parametersOf, type Setup } from "../support/awsOutcomes.js"
import { bothWays } from "../support/runners.js"

const arn = "arn:aws:iam::123456789012:role/pod"
const web = `role_arn = ${arn}\nweb_identity_token_file = /token\n`
const keys = "aws_access_key_id = AKIABASE\naws_secret_access_key = PLANTED-SECRET\n"
const named = { AWS_REGION: "eu-central-1", AWS_ROLE_SESSION_NAME: "from-variable" }

const setup = (config: string, env: Readonly<Record<string, string>> = named): Setup => ({
  env,
  config,
  answers: [assumed],
  others: { "/token": "PLANTED-WEB-TOKEN" }
})

const sources = [
  ["the profile alone", Aws.Profile.make()],
  ["the default chain", Aws.DefaultChain.make()],
  ["the lenient chain", Aws.DefaultChain.make({ continueOnFailure: true })]
] as const

describe("A17: session name from AWS_ROLE_SESSION_NAME", () => {
  for (const [who, source] of sources) {
    const nameOf = (config: string, env?: Readonly<Record<string, string>>) =>
      Effect.map(asking(source, setup(config, env)), (outcome) => {
        assert.strictEqual(outcome.value?.accessKeyId, "ASIAROLE")
        return parametersOf(outcome).get("RoleSessionName")
      })

    bothWays(`is used for a profile's web identity: ${who}`, () =>
      Effect.map(nameOf(`[default]\n${web}`), (name) => assert.strictEqual(name, "from-variable"))
    )

    bothWays(`is trimmed, and ignored when blank: ${who}`, () =>
      Effect.gen(function* () {
        const padded = { ...named, AWS_ROLE_SESSION_NAME: " padded " }
        assert.strictEqual(yield* nameOf(`[default]\n${web}`, padded), "padded")
        const blank = { ...named, AWS_ROLE_SESSION_NAME: "  " }
        assert.match((yield* nameOf(`[default]\n${web}`, blank)) ?? "", /^effect-sts-/)
      })
    )

    bothWays(`is overridden by the profile: ${who}`, () =>
      Effect.gen(function* () {
        const own = `[default]\n${web}role_session_name = from-profile\n`
        assert.strictEqual(yield* nameOf(own), "from-profile")
        const blank = `[default]\n${web}role_session_name =\n`
        assert.strictEqual(yield* nameOf(blank), "from-variable")
      })
    )

    bothWays(`is not read when the profile has one: ${who}`, () =>
      Effect.map(
        nameOf(`[default]\n${web}role_session_name = from-profile\n`, {
          ...named,
          AWS_ROLE_SESSION_NAME: '"quoted"'
        }),
        (name) => assert.strictEqual(name, "from-profile")
      )
    )

    bothWays(`is used for a web identity below a role, not for the role: ${who}`, () =>
      Effect.gen(function* () {
        const config = `[default]\nrole_arn = ${arn}-2\nsource_profile = pod\n[profile pod]\n${web}`
        const { sent } = yield* asking(source, setup(config))
        const names = sent.map(({ body }) => new URLSearchParams(body).get("RoleSessionName"))
        assert.strictEqual(names[0], "from-variable")
        assert.match(names[1] ?? "", /^effect-sts-/)
      })
    )

    // Neither botocore nor the SDK for JavaScript reads it there.
    bothWays(`is not used for a role over a key pair: ${who}`, () =>
      Effect.map(
        nameOf(`[default]\nrole_arn = ${arn}\nsource_profile = base\n[profile base]\n${keys}`),
        (name) => assert.match(name ?? "", /^effect-sts-/)
      )
    )
  }
})
