/**
 * A setting that a check refuses is told where it was stated, under the name that it has there.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { asking, bothWays } from "../support/alibabaOutcomes.js"

const oidc = {
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::123456789012:role/reader",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token",
  ALIBABA_CLOUD_ROLE_SESSION_NAME: "job"
}

const own = Effect.orDie(
  Effect.provide(
    Alibaba.CredentialProvider,
    Alibaba.Static.layer({ accessKeyId: "LTAIOWN", accessKeySecret: "PLANTED-SECRET" })
  )
)

describe("B8: a refused setting of Alibaba Cloud is told where it was stated", () => {
  for (const [key, value] of [
    ["ALIBABA_CLOUD_ROLE_SESSION_NAME", "my pod/1"],
    ["ALIBABA_CLOUD_ROLE_SESSION_NAME", "x"],
    ["ALIBABA_CLOUD_ROLE_ARN", "arn:aws:iam::123456789012:role/reader"],
    ["ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ack"]
  ] as const) {
    bothWays(`${key} = ${value}`, () =>
      Effect.map(
        asking(Alibaba.Oidc.fromEnvironment, {
          variables: { ...oidc, [key]: value },
          files: { "/var/token": "PLANTED-TOKEN" }
        }),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "Malformed", key })
          assert.include(error?.message, `AssumeRoleWithOIDC: ${key} must`)
          assert.lengthOf(sent, 0)
        }
      )
    )
  }

  for (const [key, value] of [
    ["roleSessionName", "a b"],
    ["roleArn", "reader"],
    ["durationSeconds", 1],
    ["policy", "x".repeat(10_000)],
    ["externalId", "x".repeat(2_000)]
  ] as const) {
    bothWays(`the option ${key}`, () =>
      Effect.map(
        asking(
          Effect.flatMap(own, (base) =>
            Alibaba.RamRoleArn.make(base, { roleArn: oidc.ALIBABA_CLOUD_ROLE_ARN, [key]: value })
          )
        ),
        ({ error, sent }) => {
          assert.deepInclude({ ...error }, { reason: "Malformed", key })
          assert.lengthOf(sent, 0)
        }
      )
    )
  }
})
