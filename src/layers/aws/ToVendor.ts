/**
 * Our credentials for the clients of AWS's SDK for JavaScript.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { endsUnstated, unstatedTerm } from "../../services/Refreshing.js"
import { running } from "../vendorPromise.js"

/**
 * Credentials as AWS's SDK has them, an `AwsCredentialIdentity`: secrets are plain text.
 *
 * @category models
 * @since 0.1.0
 */
export interface AwsIdentity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
  readonly accountId?: string
}

/**
 * What every client of AWS's SDK takes as its `credentials`, an `AwsCredentialIdentityProvider`. With
 * `{ forceRefresh: true }` it gives other credentials than last time, if there are any.
 *
 * @category models
 * @since 0.1.0
 */
export type AwsProvider = (identityProperties?: object) => Promise<AwsIdentity>

// A client keeps for good what has no expiration: one that is near makes it ask again.
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
 * A client of the SDK keeps what it got until 5 minutes before its expiration and asks at every request from then on, so
 * it gets new credentials as soon as there are any. A key pair without a token it keeps for good; temporary credentials
 * that do not say when they end are given with an expiration a minute from now, so that it asks for them again too.
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
