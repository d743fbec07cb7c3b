/**
 * Credentials from the providers of AWS's SDK for JavaScript.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import type { Place } from "../credentials.js"
import { rejected, saysTryNext, textIn, type Vendor, waitFor } from "../vendorPromise.js"
import { read } from "./credentials.js"
import type { AwsIdentity, AwsProvider } from "./ToVendor.js"

/**
 * How a vendor's provider is taken.
 *
 * @category models
 * @since 0.1.0
 */
export interface FromAwsProviderOptions {
  /** How errors and traces call it; `AWS SDK provider` where left out. */
  readonly name?: string | undefined
  /**
   * Whether an error whose `tryNextLink` is true counts as `NotConfigured`, so that a chain goes on. The SDK's providers
   * mark so what is not configured and also much of what is configured and broken: a profile that lacks half of its key
   * pair, for example. So it is false unless said otherwise.
   */
  readonly followTryNextLink?: boolean | undefined
}

const keys: Place["keys"] = {
  id: "accessKeyId",
  secret: "secretAccessKey",
  token: "sessionToken",
  expiration: "expiration"
}

const instantIn = (
  answer: AwsIdentity,
  fail: (reason: CredentialErrorReason, detail: string, key?: string) => StsCredentialError
): Effect.Effect<string | undefined, StsCredentialError> => {
  const expiration: unknown = answer.expiration
  if (expiration === undefined || expiration === null) return Effect.succeed(undefined)
  return expiration instanceof Date && !Number.isNaN(expiration.getTime())
    ? Effect.succeed(expiration.toISOString())
    : Effect.fail(fail("Malformed", "expiration is not a valid Date", "expiration"))
}

/**
 * A source that asks any provider of AWS's SDK for JavaScript, version 3, each time it is asked itself. What the
 * provider gives is checked. What it rejects with becomes a `StsCredentialError`, which tells the foreign error's name
 * and code only: `Refused` where a service answered with a client error, otherwise `Unavailable`.
 *
 * Nothing can wait for a promise under `Effect.runSync`: there the source fails with `Unsupported`.
 *
 * @example
 * ```ts
 * import { fromCognitoIdentity } from "@aws-sdk/credential-providers"
 * import * as Layer from "effect/Layer"
 * import { Aws, Refreshing } from "effect-sts"
 *
 * const cognito = Aws.fromAwsProvider(
 *   fromCognitoIdentity({ identityId: "eu-central-1:example", clientConfig: { region: "eu-central-1" } }),
 *   { name: "cognito" }
 * )
 *
 * const layer = Layer.succeed(Aws.CredentialProvider, Refreshing.make("aws", cognito))
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const fromAwsProvider = (
  provider: () => Promise<AwsIdentity>,
  { followTryNextLink = false, name = "AWS SDK provider" }: FromAwsProviderOptions = {}
): CredentialSource<Credentials> => {
  const vendor: Vendor = { cloud: "aws", source: name }
  const fail = (reason: CredentialErrorReason, detail: string, key?: string) =>
    new StsCredentialError({ ...vendor, reason, detail, key, transient: reason !== "NotConfigured" })
  const onRejected = (error: unknown) =>
    followTryNextLink && saysTryNext(error)
      ? fail("NotConfigured", "its provider has none and says that the next may be asked")
      : rejected(vendor)(error)
  // Providers that keep what they got give something new where they are told to.
  const ask: AwsProvider = provider
  let given: string | undefined
  let forced = false
  return {
    name,
    get: Effect.gen(function* () {
      const answer = yield* waitFor(
        vendor,
        () => ask(forced ? { forceRefresh: true } : undefined),
        onRejected
      )
      const text = textIn(vendor, answer)
      const id = yield* text("accessKeyId")
      const secret = yield* text("secretAccessKey")
      if (!id && !secret) return yield* fail("Malformed", "its provider gave no credentials")
      const credentials = yield* Effect.fromResult(
        read(
          { source: name, keys },
          {
            id,
            secret,
            token: yield* text("sessionToken"),
            expiration: yield* instantIn(answer, fail),
            accountId: yield* text("accountId")
          }
        )
      )
      given = credentials.accessKeyId
      forced = false
      return (yield* credentials.isExpired)
        ? yield* fail("Expired", "its provider gave credentials that have ended")
        : credentials
    }),
    invalidate: (accessKeyId) =>
      Effect.sync(() => {
        forced ||= accessKeyId === given
      })
  }
}
