/**
 * Profiles of AWS's files that are wrong, for all who read them: with and without an event loop, in strict chains,
 * lenient ones and alone.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { asking, type Making, type Outcome, type Setup } from "./awsOutcomes.js"
import { type Expected, expectError } from "./refusals.js"
import { type Answer, reply } from "./scripted.js"

/** The instance's metadata service, which has a role: who passes over a broken profile becomes it. */
export const instanceRole: Answer = (request, sent) => {
  const text = (body: string, headers = {}) =>
    reply(200, body, { "content-type": "text/plain", ...headers })(request, sent)
  if (sent.url.endsWith("/api/token")) {
    return text("PLANTED-IMDS-TOKEN", { "x-aws-ec2-metadata-token-ttl-seconds": "21600" })
  }
  if (/\/security-credentials(-extended)?\/?$/.test(sent.url)) return text("instance")
  return reply(200, {
    Code: "Success",
    AccessKeyId: "ASIAINSTANCE",
    SecretAccessKey: "PLANTED-INSTANCE-SECRET",
    Token: "PLANTED-INSTANCE-TOKEN",
    Expiration: "2030-01-01T00:00:00Z"
  })(request, sent)
}

export const pair = (name: string): string =>
  `aws_access_key_id = AKIA${name}\naws_secret_access_key = PLANTED-${name}-SECRET\n`

export const token = (name: string): string => `aws_session_token = PLANTED-${name}-TOKEN\n`

/** Who goes no further than a profile that is wrong. */
export const strict: ReadonlyArray<readonly [who: string, making: Making]> = [
  ["the profile alone", Aws.Profile.make()],
  ["the default chain", Aws.DefaultChain.make()]
]

/** Who reads the profile that AWS_PROFILE, an older variable or the program names. */
export const naming = (
  profile: string
): ReadonlyArray<readonly [who: string, making: Making, env: Readonly<Record<string, string>>]> => [
  ["AWS_PROFILE", Aws.DefaultChain.make(), { AWS_PROFILE: profile }],
  ["AWS_DEFAULT_PROFILE", Aws.DefaultChain.make(), { AWS_DEFAULT_PROFILE: profile }],
  ["the chain's option", Aws.DefaultChain.make({ profile }), {}],
  ["the profile's option", Aws.Profile.make({ profile }), {}]
]

/** What somebody has in the end, plain. */
export const held = ({ error, value }: Outcome) =>
  value === undefined
    ? `${error?._tag}: ${error?.message}`
    : [
        value.accessKeyId,
        Redacted.value(value.secretAccessKey),
        value.sessionToken && Redacted.value(value.sessionToken)
      ].filter((part) => part !== undefined)

/** That somebody was refused, and is told what is expected, and no secret. */
export const refused = (outcome: Outcome, expected: Expected): void =>
  expectError(outcome.error, expected, String(held(outcome)))

/** The same, on a machine whose instance has a role. */
export const isRefused = (making: Making, setup: Setup, expected: Expected): Effect.Effect<void> =>
  Effect.map(asking(making, { answers: [instanceRole], ...setup }), (outcome) => {
    refused(outcome, expected)
    assert.deepStrictEqual(outcome.sent, [])
  })
