/**
 * GetCallerIdentity: the identity behind the current credentials. Needs no permission.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Operation from "../Operation.js"
import { type InputOf, onWire, schemasOf } from "../Operation.js"
import { Request, requestId } from "../Request.js"

const input = {}

/**
 * The input of GetCallerIdentity: no fields.
 *
 * @category models
 * @since 0.1.0
 */
export interface GetCallerIdentityInput extends InputOf<typeof input> {}

/**
 * The request of GetCallerIdentity.
 *
 * @category models
 * @since 0.1.0
 */
export class GetCallerIdentityRequest extends Request<GetCallerIdentityRequest, GetCallerIdentityInput>(
  "alibaba",
  "GetCallerIdentity"
)(schemasOf(input)) {}

/**
 * What kind of identity is calling: `Account`, `RAMUser`, `AssumedRoleUser`, or one the service adds later.
 *
 * @category models
 * @since 0.1.0
 */
export type IdentityType = "Account" | "RAMUser" | "AssumedRoleUser" | (string & {})

/**
 * The response of GetCallerIdentity.
 *
 * @category models
 * @since 0.1.0
 */
export class GetCallerIdentityResponse extends Schema.Class<GetCallerIdentityResponse>(
  "effect-sts/alibaba/GetCallerIdentityResponse"
)({
  ...requestId,
  /** `Account`, `RAMUser` or `AssumedRoleUser`. */
  identityType: Schema.String as Schema.Codec<IdentityType, string>,
  /** The account's number. */
  accountId: Schema.String,
  /** The caller's unique id; for a role's session the role's id, `:` and the session's name. */
  principalId: Schema.String,
  /** The caller's ARN, such as `acs:ram::123456789012:user/alice`. */
  arn: Schema.String,
  /** The id of the account or RAM user; absent for a role's session. */
  userId: Schema.optional(Schema.String),
  /** The role's id; absent unless the caller is a role's session. */
  roleId: Schema.optional(Schema.String)
}) {}

/**
 * The operation GetCallerIdentity.
 *
 * @category operations
 * @since 0.1.0
 */
export const GetCallerIdentityOperation = Operation.alibaba({
  name: "GetCallerIdentity",
  authentication: "signed",
  request: GetCallerIdentityRequest,
  input,
  response: onWire(GetCallerIdentityResponse),
  codes: []
})
