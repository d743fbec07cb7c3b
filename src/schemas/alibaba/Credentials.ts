/**
 * Alibaba Cloud credentials, and whom they act as.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { isInstant } from "../../protocol/encoding.js"
import { having, mapped, NonEmptySecret, optionalSecret, renamed } from "../Codec.js"
import { Expires } from "../Expiry.js"
import { onWire } from "../Operation.js"

/** An instant as the services write it, `2026-01-31T12:00:00Z`, with or without a fraction of a second. */
const Instant = /* @__PURE__ */ mapped(
  /* @__PURE__ */ Schema.String.pipe(
    /* @__PURE__ */ Schema.check(
      /* @__PURE__ */ Schema.makeFilter(isInstant, {
        description: "must be a date and time such as 2026-01-31T12:00:00Z"
      })
    )
  ),
  Schema.DateTimeUtc,
  DateTime.makeUnsafe,
  DateTime.formatIso
)

/**
 * An access key pair, and for temporary credentials the security token that goes with it and the time it ends.
 *
 * @category models
 * @since 0.1.0
 */
export class Credentials extends Expires(
  Schema.Class<Credentials>("effect-sts/alibaba/Credentials")({
    /** The id of the access key; no secret. */
    accessKeyId: Schema.NonEmptyString.annotate({ description: "must not be empty" }),
    /** The secret of the access key, plain or redacted. */
    accessKeySecret: NonEmptySecret,
    /** What makes credentials temporary: every request carries it. */
    securityToken: optionalSecret(NonEmptySecret),
    /** When they end; absent where they never do. */
    expiration: Schema.optional(Instant),
    /** Where they come from, for example `environment`; absent from what STS itself answers. */
    source: Schema.optional(Schema.String)
  })
) {}

/** {@link Credentials} in the format of the service. */
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
  /** What makes them temporary: every request carries it. */
  readonly securityToken: Redacted.Redacted
  /** When they end. */
  readonly expiration: DateTime.Utc
}

/**
 * Credentials that STS issued.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TemporaryCredentials = CredentialsFromWire.pipe(
  Schema.refine(having<Credentials, TemporaryCredentials>("securityToken", "expiration"), {
    description: "must have SecurityToken and Expiration"
  })
)

/**
 * The identity that a role's credentials act as. Alibaba Cloud always sends both; other servers may not.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumedRoleUser extends Schema.Class<AssumedRoleUser>("effect-sts/alibaba/AssumedRoleUser")({
  /** For example `acs:ram::123456789012:role/reader/report`. */
  arn: Schema.optional(Schema.String),
  /** The role's id, mostly followed by `:` and the session's name. */
  assumedRoleId: Schema.optional(Schema.String)
}) {}

/** What every operation that assumes a role answers. */
export const assumed = {
  /** The role's credentials. */
  credentials: TemporaryCredentials,
  /** The identity that the credentials act as. Some servers leave it out. */
  assumedRoleUser: Schema.optional(onWire(AssumedRoleUser))
}
