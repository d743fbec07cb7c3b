import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"

type Variables = Readonly<Record<string, string>>

const get = (variables: Variables) =>
  Effect.provideService(
    Aws.Environment.source.get,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown(variables)
  )

const pair = { AWS_ACCESS_KEY_ID: "env-id", AWS_SECRET_ACCESS_KEY: "PLANTED-SECRET" }

describe("the environment", () => {
  it.effect("gives key pair, token, expiration and account", () =>
    Effect.gen(function* () {
      const credentials = yield* get({
        ...pair,
        AWS_SESSION_TOKEN: "PLANTED-TOKEN",
        AWS_SECURITY_TOKEN: "older",
        AWS_CREDENTIAL_EXPIRATION: "2030-01-02T03:04:05Z",
        AWS_ACCOUNT_ID: "123456789012"
      })
      assert.strictEqual(credentials.accessKeyId, "env-id")
      assert.strictEqual(Redacted.value(credentials.secretAccessKey), "PLANTED-SECRET")
      assert.strictEqual(
        credentials.sessionToken && Redacted.value(credentials.sessionToken),
        "PLANTED-TOKEN"
      )
      assert.strictEqual(
        credentials.expiration && DateTime.formatIso(credentials.expiration),
        "2030-01-02T03:04:05.000Z"
      )
      assert.strictEqual(credentials.accountId, "123456789012")
      assert.strictEqual(credentials.source, "environment")
    })
  )

  it.effect("uses AWS_SECURITY_TOKEN when AWS_SESSION_TOKEN is blank", () =>
    Effect.gen(function* () {
      const { sessionToken } = yield* get({ ...pair, AWS_SESSION_TOKEN: " ", AWS_SECURITY_TOKEN: "older" })
      assert.strictEqual(sessionToken && Redacted.value(sessionToken), "older")
    })
  )

  const refusals: ReadonlyArray<readonly [string, Variables, StsCredentialError["reason"], string]> = [
    ["nothing", {}, "NotConfigured", "AWS_ACCESS_KEY_ID"],
    [
      "blanks",
      { AWS_ACCESS_KEY_ID: " ", AWS_SECRET_ACCESS_KEY: "\t", AWS_SESSION_TOKEN: "" },
      "NotConfigured",
      "AWS_ACCESS_KEY_ID"
    ],
    ["half a pair", { AWS_ACCESS_KEY_ID: "id" }, "Incomplete", "AWS_SECRET_ACCESS_KEY"],
    [
      "a line break",
      { ...pair, AWS_SECRET_ACCESS_KEY: "PLANTED-SECRET\n" },
      "Malformed",
      "AWS_SECRET_ACCESS_KEY"
    ],
    [
      "a line break in the older token",
      { ...pair, AWS_SECURITY_TOKEN: "a\nb" },
      "Malformed",
      "AWS_SECURITY_TOKEN"
    ],
    [
      "an end that is no time",
      { ...pair, AWS_CREDENTIAL_EXPIRATION: "tomorrow" },
      "Malformed",
      "AWS_CREDENTIAL_EXPIRATION"
    ],
    [
      "an end that has passed",
      { ...pair, AWS_CREDENTIAL_EXPIRATION: "2026-01-01T00:00:00Z" },
      "Expired",
      "AWS_CREDENTIAL_EXPIRATION"
    ]
  ]

  for (const [name, variables, reason, key] of refusals) {
    it.effect(`refuses ${name}: ${reason}`, () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-01-01T00:00:00Z"))
        const error = yield* Effect.flip(get(variables))
        assert.instanceOf(error, StsCredentialError)
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.key, key)
        assert.notInclude(String(error), "PLANTED")
      })
    )
  }
})
