/**
 * AWS credentials, and whom they act as.
 *
 * @since 0.1.0
 */
import type * as DateTime from "effect/DateTime"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { string, structure, timestamp } from "../../protocol/shape.js"
import { having, NonEmptySecret, optionalSecret } from "../Codec.js"
import { Expires, InstantFromDate } from "../Expiry.js"
import { field, optional, schemasOf, structureOf } from "../Operation.js"
import { anyText, Percent } from "./Fields.js"

/**
 * An access key pair, and for temporary credentials the session token that goes with it and the time it ends.
 *
 * @category models
 * @since 0.1.0
 */
export class Credentials extends Expires(
  Schema.Class<Credentials>("effect-sts/aws/Credentials")({
    /** The id of the access key; no secret. */
    accessKeyId: Schema.NonEmptyString.annotate({ description: "must not be empty" }),
    /** The secret of the access key, plain or redacted. */
    secretAccessKey: NonEmptySecret,
    /** What makes credentials temporary: every request carries it. */
    sessionToken: optionalSecret(NonEmptySecret),
    /** When they end; absent where they never do. */
    expiration: Schema.optional(InstantFromDate),
    /** The account the key belongs to, 12 digits, where the source of the credentials tells it. */
    accountId: Schema.optional(Schema.String),
    /** Where they come from, for example `environment`; absent from what STS itself answers. */
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
  /** What makes them temporary: every request carries it. */
  readonly sessionToken: Redacted.Redacted
  /** When they end. */
  readonly expiration: DateTime.Utc
}

/**
 * Credentials that STS issued.
 *
 * @category schemas
 * @since 0.1.0
 */
export const TemporaryCredentials = Credentials.pipe(
  Schema.refine(having<Credentials, TemporaryCredentials>("sessionToken", "expiration"), {
    description: "must have SessionToken and Expiration"
  })
)

/** Credentials as a reply has them. */
export const issuedCredentials = field(
  TemporaryCredentials,
  structure({
    accessKeyId: ["AccessKeyId", string],
    secretAccessKey: ["SecretAccessKey", string],
    sessionToken: ["SessionToken", string],
    expiration: ["Expiration", timestamp]
  })
)

const user = {
  /** For example `arn:aws:sts::123456789012:assumed-role/reader/report`. */
  arn: optional(anyText),
  /** The role's id, followed by `:` and the session's name. */
  assumedRoleId: optional(anyText)
}

/**
 * The identity that a role's credentials act as. AWS always sends both; other services with the same protocol may not.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumedRoleUser extends Schema.Class<AssumedRoleUser>("effect-sts/aws/AssumedRoleUser")(
  schemasOf(user)
) {}

/** What every operation that assumes a role answers. */
export const assumed = {
  /** The role's credentials. */
  credentials: issuedCredentials,
  /** The identity that the credentials act as. Some servers other than AWS leave it out. */
  assumedRoleUser: optional(field(AssumedRoleUser, structureOf(user))),
  /** How much of the room for policies and tags is used, in percent; absent where none are given. */
  packedPolicySize: optional(Percent)
}
