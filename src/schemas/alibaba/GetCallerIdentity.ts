/**
 * GetCallerIdentity: who the credentials in use belong to. Needs no permission.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { renamed } from "../Codec.js"
import { Request } from "../Request.js"
import * as Operation from "./Operation.js"

/**
 * GetCallerIdentity is asked nothing.
 *
 * @category models
 * @since 0.1.0
 */
export class GetCallerIdentityRequest extends Request<GetCallerIdentityRequest>(
  "alibaba",
  "GetCallerIdentity"
)({}) {}

/**
 * What kind of identity is calling: `Account`, `RAMUser`, `AssumedRoleUser`, or one the service adds later.
 *
 * @category models
 * @since 0.1.0
 */
export type IdentityType = "Account" | "RAMUser" | "AssumedRoleUser" | (string & {})

/**
 * What GetCallerIdentity answers.
 *
 * @category models
 * @since 0.1.0
 */
export class GetCallerIdentityResponse extends Schema.Class<GetCallerIdentityResponse>(
  "effect-sts/alibaba/GetCallerIdentityResponse"
)({
  requestId: Schema.optional(Schema.String),
  identityType: Schema.String as Schema.Codec<IdentityType, string>,
  accountId: Schema.String,
  principalId: Schema.String,
  arn: Schema.String,
  userId: Schema.optional(Schema.String),
  roleId: Schema.optional(Schema.String)
}) {}

/**
 * {@link GetCallerIdentityResponse} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const GetCallerIdentityResponseFromWire = renamed(GetCallerIdentityResponse, {
  requestId: "RequestId",
  identityType: "IdentityType",
  accountId: "AccountId",
  principalId: "PrincipalId",
  arn: "Arn",
  userId: "UserId",
  roleId: "RoleId"
})

/**
 * GetCallerIdentity as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const GetCallerIdentity = Operation.make({
  name: "GetCallerIdentity",
  authentication: "signed",
  request: GetCallerIdentityRequest,
  parameters: {},
  response: GetCallerIdentityResponseFromWire,
  codes: []
})
