/**
 * Variables that several tools read, and that ask for no source by themselves.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { configFile, credentialsFile } from "../support/alibabaEnvironment.js"
import { asking, explaining, type Setup } from "../support/alibabaOutcomes.js"
import { bothWays } from "../support/runners.js"

const role = "acs:ram::123456789012:role/reader"
const pair = { access_key_id: "LTAIFILE", access_key_secret: "PLANTED-SECRET" }
const config = JSON.stringify({ current: "dev", profiles: [{ name: "dev", mode: "AK", ...pair }] })
const ini = "[default]\naccess_key_id = LTAIFILE\naccess_key_secret = PLANTED-SECRET\n"

const shared = {
  ALIBABA_CLOUD_ROLE_ARN: role,
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
  ALIBABA_CLOUD_ROLE_SESSION_NAME: "job",
  ALIBABA_CLOUD_STS_REGION: "eu-central-1",
  ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: "true"
}
const names = Object.keys(shared)
const some: ReadonlyArray<ReadonlyArray<string>> = [
  ...names.map((name) => [name]),
  ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"],
  ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_SESSION_NAME"],
  names
]

const of = (set: ReadonlyArray<string>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(shared).filter(([name]) => set.includes(name)))

describe("B6: a variable shared with other tools does not configure a source", () => {
  for (const set of some) {
    for (const [file, text] of [
      [configFile, config],
      [credentialsFile, ini]
    ] as const) {
      const setup: Setup = { variables: of(set), files: { [file]: text } }
      for (const continueOnFailure of [false, true]) {
        bothWays(`${continueOnFailure ? "lenient" : "strict"}: ${set} over ${file}`, () =>
          Effect.map(asking(Alibaba.DefaultChain.make({ continueOnFailure }), setup), ({ credentials }) =>
            assert.strictEqual(credentials?.accessKeyId, "LTAIFILE")
          )
        )
      }
    }
  }

  bothWays("the trace lists the ones that are set", () =>
    Effect.gen(function* () {
      const { error } = yield* asking(Alibaba.DefaultChain.make(), {
        variables: of(["ALIBABA_CLOUD_ROLE_ARN"])
      })
      assert.include(
        error?.message,
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set; ALIBABA_CLOUD_ROLE_ARN is, which does not ask for it"
      )
      const { sources } = yield* explaining({ variables: of(names), files: { [configFile]: config } })
      assert.include(sources[1]?.detail, "ALIBABA_CLOUD_ROLE_ARN and ALIBABA_CLOUD_OIDC_PROVIDER_ARN and")
    })
  )

  for (const set of [
    [],
    ["ALIBABA_CLOUD_ROLE_ARN"],
    ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_ROLE_SESSION_NAME"]
  ]) {
    bothWays(`the token file configures it; the error names what is missing besides ${set}`, () =>
      Effect.map(
        asking(Alibaba.DefaultChain.make(), {
          variables: { ...of(set), ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token" },
          files: { [configFile]: config, "/var/token": "PLANTED-TOKEN" }
        }),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "Incomplete" })
          for (const name of ["ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"]) {
            assert.strictEqual(error?.detail.includes(name), !set.includes(name))
          }
          assert.lengthOf(sent, 0)
        }
      )
    )
  }
})
