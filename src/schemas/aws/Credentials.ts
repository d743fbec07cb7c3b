/**
 * AWS credentials.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { string, structure, timestamp } from "../../protocol/aws/query.js"
import { Expires, InstantFromDate } from "../Expiry.js"
import { NonEmptySecret, optionalSecret } from "../Secret.js"

/**
 * An access key pair, and for temporary credentials the session token that goes with it and the time it ends.
 *
 * @category models
 * @since 0.1.0
 */
export class Credentials extends Expires(
  Schema.Class<Credentials>("effect-sts/aws/Credentials")({
    accessKeyId: Schema.NonEmptyString.annotate({ description: "must not be empty" }),
    secretAccessKey: NonEmptySecret,
    sessionToken: optionalSecret(NonEmptySecret),
    expiration: Schema.optional(InstantFromDate),
    /** The account the key belongs to, where the source of the credentials tells it. */
    accountId: Schema.optional(Schema.String),
    /** Where they come from, for example `environment`; what STS itself answered says nothing. */
    source: Schema.optional(Schema.String)
  })
) {}

/**
 * Credentials that STS issued: always with a session token and an expiration.
 *
 * @category models
 * @since 0.1.0
 */
export type TemporaryCredentials = Credentials & {
  readonly sessionToken: Redacted.Redacted
  readonly expiration: DateTime.Utc
}

/**
 * Credentials that STS issued.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TemporaryCredentials = Credentials.pipe(
  Schema.refine(
    (credentials): credentials is TemporaryCredentials =>
      credentials.sessionToken !== undefined && credentials.expiration !== undefined,
    { description: "must carry SessionToken and Expiration" }
  )
)

/**
 * Issued credentials on the wire.
 *
 * @category shapes
 * @since 0.1.0
 */
export const credentialsShape = structure({
  accessKeyId: ["AccessKeyId", string],
  secretAccessKey: ["SecretAccessKey", string],
  sessionToken: ["SessionToken", string],
  expiration: ["Expiration", timestamp]
})
