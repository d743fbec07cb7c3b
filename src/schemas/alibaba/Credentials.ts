/**
 * Alibaba Cloud credentials.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { renamed } from "../Codec.js"
import { Expires, Instant } from "../Expiry.js"
import { NonEmptySecret, optionalSecret } from "../Secret.js"

/**
 * An access key pair, and for temporary credentials the security token that goes with it and the time it ends.
 *
 * @category models
 * @since 0.1.0
 */
export class Credentials extends Expires(
  Schema.Class<Credentials>("effect-sts/alibaba/Credentials")({
    accessKeyId: Schema.NonEmptyString.annotate({ description: "must not be empty" }),
    accessKeySecret: NonEmptySecret,
    securityToken: optionalSecret(NonEmptySecret),
    expiration: Schema.optional(Instant),
    /** Where they come from, for example `environment`; what STS itself answered says nothing. */
    source: Schema.optional(Schema.String)
  })
) {}

/**
 * {@link Credentials} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CredentialsFromWire = renamed(Credentials, {
  accessKeyId: "AccessKeyId",
  accessKeySecret: "AccessKeySecret",
  securityToken: "SecurityToken",
  expiration: "Expiration"
})

/**
 * Credentials that STS issued: always with a security token and an expiration.
 *
 * @category models
 * @since 0.1.0
 */
export type TemporaryCredentials = Credentials & {
  readonly securityToken: Redacted.Redacted
  readonly expiration: DateTime.Utc
}

/**
 * Credentials that STS issued.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TemporaryCredentials = CredentialsFromWire.pipe(
  Schema.refine(
    (credentials): credentials is TemporaryCredentials =>
      credentials.securityToken !== undefined && credentials.expiration !== undefined,
    { description: "must carry SecurityToken and Expiration" }
  )
)
