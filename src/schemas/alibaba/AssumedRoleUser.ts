/**
 * The identity that a role's credentials act as.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The identity that a role's credentials act as.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumedRoleUser extends Schema.Class<AssumedRoleUser>("effect-sts/alibaba/AssumedRoleUser")({
  /** For example `acs:ram::123456789012:role/reader/report`. */
  arn: Schema.String,
  /** The role's id, mostly followed by `:` and the session's name. */
  assumedRoleId: Schema.String
}) {}

const spellings = Schema.Struct({
  Arn: Schema.optional(Schema.String),
  arn: Schema.optional(Schema.String),
  AssumedRoleId: Schema.optional(Schema.String),
  AssumedRoleUserId: Schema.optional(Schema.String)
})

/**
 * The identity as the service spells it now, and as its older documents do (`arn`, `AssumedRoleUserId`).
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssumedRoleUserFromWire = Schema.transform(spellings, Schema.typeSchema(AssumedRoleUser), {
  strict: true,
  decode: (wire) =>
    new AssumedRoleUser({
      arn: wire.Arn ?? wire.arn ?? "",
      assumedRoleId: wire.AssumedRoleId ?? wire.AssumedRoleUserId ?? ""
    }),
  encode: (user) => ({ Arn: user.arn, AssumedRoleId: user.assumedRoleId })
})
