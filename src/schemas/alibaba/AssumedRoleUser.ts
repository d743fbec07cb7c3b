/**
 * The identity that a role's credentials act as.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { mappedUnlessMissing } from "../Codec.js"

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
export const AssumedRoleUserFromWire = mappedUnlessMissing(
  spellings,
  AssumedRoleUser,
  (wire) => {
    const arn = wire.Arn ?? wire.arn
    const assumedRoleId = wire.AssumedRoleId ?? wire.AssumedRoleUserId
    if (arn === undefined) return Result.fail("Arn")
    if (assumedRoleId === undefined) return Result.fail("AssumedRoleId")
    return Result.succeed({ arn, assumedRoleId })
  },
  (user) => ({ Arn: user.arn, AssumedRoleId: user.assumedRoleId })
)
