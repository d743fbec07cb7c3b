/**
 * Credentials from the providers of AWS's SDK for JavaScript, and ours for its clients.
 *
 * @since 0.1.0
 */

import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { endsUnstated, unstatedTerm } from "../../services/RefreshSchedule.js"
import type { Place } from "../credentials.js"
import { rejected, running, saysTryNext, textIn, type Vendor, waitFor } from "../vendorPromise.js"
import { read } from "./credentials.js"

/**
 * How a vendor's provider is used.
 *
 * @category models
 * @since 0.1.0
 */
export interface FromAwsProviderOptions {
  /** Its name in errors and traces. Default: `AWS SDK provider`. */
  readonly name?: string | undefined
  /**
   * Whether an error whose `tryNextLink` is true counts as `NotConfigured`, so that a chain goes on. The SDK's
   * providers mark in this way what is not configured, but also much of what is configured and broken, such as a
   * profile that lacks half of its key pair. Default: false.
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
 * provider gives is checked. A rejection becomes a `StsCredentialError` with only the name and code of the original
 * error: `Refused` where a service answered with a client error, otherwise `Unavailable`.
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
      ? fail("NotConfigured", "its provider has none and lets the next one try")
      : rejected(vendor)(error)
  // Providers that cache give something new where they are told to.
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
        ? yield* fail("Expired", "its provider gave credentials that have expired")
        : credentials
    }),
    invalidate: (accessKeyId) =>
      Effect.sync(() => {
        forced ||= accessKeyId === given
      })
  }
}

/**
 * Credentials as AWS's SDK has them, an `AwsCredentialIdentity`: secrets are plain text.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwsIdentity {
  /** The id of the access key; no secret. */
  readonly accessKeyId: string
  /** The secret of the access key, in plain text. */
  readonly secretAccessKey: string
  /** What makes credentials temporary, in plain text. */
  readonly sessionToken?: string
  /** When they end; absent where they never do. */
  readonly expiration?: Date
  /** The account of the key, 12 digits, if the source has it. */
  readonly accountId?: string
}

/**
 * For the `credentials` option of any client of AWS's SDK, an `AwsCredentialIdentityProvider`. With
 * `{ forceRefresh: true }` it gives other credentials than last time, if there are any.
 *
 * @category models
 * @since 0.1.0
 */
export type AwsProvider = (identityProperties?: object) => Promise<AwsIdentity>

// A client keeps credentials without an expiration for good: one that is near makes it ask again.
const endOf = (credentials: Credentials, now: number): Date | undefined => {
  if (endsUnstated(credentials)) return new Date(now + unstatedTerm)
  const { expiration } = credentials
  return expiration === undefined ? undefined : DateTime.toDateUtc(expiration)
}

const identityOf = (credentials: Credentials, now: number): AwsIdentity => {
  const { accessKeyId, accountId, secretAccessKey, sessionToken } = credentials
  const expiration = endOf(credentials, now)
  return {
    accessKeyId,
    secretAccessKey: Redacted.value(secretAccessKey),
    ...(sessionToken === undefined ? undefined : { sessionToken: Redacted.value(sessionToken) }),
    ...(expiration === undefined ? undefined : { expiration }),
    ...(accountId === undefined ? undefined : { accountId })
  }
}

const isForced = (properties: object | undefined): boolean =>
  properties !== undefined && "forceRefresh" in properties && properties.forceRefresh === true

/**
 * The credentials in use as a provider for AWS's SDK for JavaScript, version 3. It runs with the clock, tracer and
 * settings of the program that made it, and rejects with this package's own errors.
 *
 * A client of the SDK keeps credentials until 5 minutes before their expiration and asks at every request from then on,
 * so it gets new ones as soon as there are any. It keeps a key pair without a token for good; temporary credentials
 * that do not say when they end are given an expiration a minute from now, so that it asks for those again too.
 *
 * @example
 * ```ts
 * import { S3Client } from "@aws-sdk/client-s3"
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 *
 * const s3 = Effect.map(Aws.toAwsProvider, (credentials) => new S3Client({ region: "eu-central-1", credentials }))
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const toAwsProvider: Effect.Effect<AwsProvider, never, CredentialProvider> = Effect.map(
  Effect.all([CredentialProvider, running]),
  ([{ get, invalidate }, run]) => {
    let given: string | undefined
    const identity = Effect.flatMap(get, (credentials) => {
      given = credentials.accessKeyId
      return Effect.map(Clock.currentTimeMillis, (now) => identityOf(credentials, now))
    })
    const renewed = Effect.suspend(() =>
      given === undefined || invalidate === undefined ? identity : Effect.andThen(invalidate(given), identity)
    )
    return (properties) => run(isForced(properties) ? renewed : identity)
  }
)
