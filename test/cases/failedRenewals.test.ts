/** Which failures of a renewal are told at once, and which leave what is valid in use. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../src/aws.js"
import {
  type CredentialSource,
  Refreshing,
  StsApiError,
  StsConfigError,
  StsCredentialError
} from "../../src/index.js"
import { fromCall } from "../../src/services/SourceRequest.js"

type Source = CredentialSource<Aws.Credentials>

describe("A3: a refused early renewal keeps valid credentials", () => {
  const hour = (
    answer: (now: number) => Effect.Effect<Aws.Credentials, StsCredentialError | StsConfigError>
  ) => {
    const source: Source = { name: "scripted", get: Effect.flatMap(Clock.currentTimeMillis, answer) }
    return Refreshing.make("aws", source)
  }

  const fresh = (now: number) =>
    Effect.succeed(
      new Aws.Credentials({
        accessKeyId: "ASIA0",
        secretAccessKey: Redacted.make("secret"),
        expiration: DateTime.makeUnsafe(now + 3_600_000)
      })
    )

  const early = (error: StsCredentialError | StsConfigError) =>
    Effect.gen(function* () {
      let failing = false
      const kept = hour((now) => (failing ? Effect.fail(error) : fresh(now)))
      yield* kept.get
      failing = true
      yield* TestClock.adjust("50 minutes")
      return yield* Effect.result(kept.get)
    })

  const refusal = (cloud: "aws" | "alibaba", code: string, category: StsApiError["category"], status = 403) =>
    fromCall({ cloud, source: "role" })(
      new StsApiError({
        cloud,
        operation: "AssumeRole",
        code,
        status,
        detail: "no",
        category,
        retryable: false
      })
    )

  const told = (reason: StsCredentialError["reason"]) =>
    new StsCredentialError({ cloud: "aws", source: "scripted", reason, detail: "no" })

  it.effect.each([
    ["AWS: a denied AssumeRole", refusal("aws", "AccessDenied", "access-denied")],
    ["AWS: a rejected claim", refusal("aws", "IDPRejectedClaim", "identity-provider")],
    ["AWS: an invalid identity token", refusal("aws", "InvalidIdentityToken", "identity-provider", 400)],
    ["AWS: a policy that is none", refusal("aws", "MalformedPolicyDocument", "invalid-request", 400)],
    ["AWS: policies that are too large", refusal("aws", "PackedPolicyTooLarge", "invalid-request", 400)],
    ["AWS: a region that is off", refusal("aws", "RegionDisabledException", "access-denied")],
    ["Alibaba Cloud: a denied AssumeRole", refusal("alibaba", "NoPermission", "access-denied")],
    ["Alibaba Cloud: no such role", refusal("alibaba", "EntityNotExist.Role", "not-found", 404)],
    ["a refusal that nobody explains", refusal("alibaba", "Forbidden.Whatever", "other")],
    ["an ended sign-in", told("Expired")],
    ["a refusal", told("Refused")],
    ["a broken profile", told("Incomplete")],
    ["a profile that is gone", told("UnknownProfile")],
    ["a broken file", told("Malformed")],
    ["a wrong setting", new StsConfigError({ key: "AWS_REGION", detail: "is not set" })]
  ] as const)("%s is raised at once: a person must act", ([, error]) =>
    Effect.map(early(error), (outcome) =>
      assert.strictEqual(outcome._tag === "Failure" && outcome.failure.message, error.message)
    )
  )

  it.effect.each([
    ["AWS: a token that has ended", refusal("aws", "ExpiredTokenException", "expired-credentials", 400)],
    [
      "AWS: a base key that is no longer known",
      refusal("aws", "InvalidClientTokenId", "invalid-credentials")
    ],
    ["AWS: a wrong clock", refusal("aws", "RequestExpired", "clock-skew", 400)],
    [
      "Alibaba Cloud: a token that has ended",
      refusal("alibaba", "AuthenticationFail.OIDCToken.Expired", "identity-provider", 400)
    ],
    [
      "Alibaba Cloud: a base that has ended",
      refusal("alibaba", "InvalidSecurityToken.Expired", "expired-credentials")
    ],
    ["a source that is down", told("Unavailable")]
  ] as const)("%s is no reason to withhold what is valid", ([, error]) =>
    Effect.map(early(error), (outcome) =>
      assert.strictEqual(outcome._tag === "Success" && outcome.success.accessKeyId, "ASIA0")
    )
  )

  it.effect("short-lived credentials are renewed once the source has recovered", () =>
    Effect.gen(function* () {
      let failing = false
      const source: Source = {
        name: "scripted",
        get: Effect.flatMap(Clock.currentTimeMillis, (now) =>
          failing ? Effect.fail(told("Unavailable")) : Effect.map(fresh(now - 2_700_000), (one) => one)
        )
      }
      const kept = Refreshing.make("aws", source)
      yield* kept.get
      failing = true
      yield* TestClock.adjust("11 minutes")
      yield* kept.get
      failing = false
      yield* TestClock.adjust("3 minutes")
      yield* kept.get
      assert.isAbove((yield* kept.status)?.expiresAt ?? 0, 20 * 60_000)
    })
  )
})
