/**
 * GetCallerIdentity: who the credentials in use belong to. Needs no permission.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
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
  requestId: Schema.optional(Schema.String).pipe(Schema.fromKey("RequestId")),
  identityType: Schema.propertySignature(Schema.String as Schema.Schema<IdentityType, string>).pipe(
    Schema.fromKey("IdentityType")
  ),
  accountId: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("AccountId")),
  principalId: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("PrincipalId")),
  arn: Schema.propertySignature(Schema.String).pipe(Schema.fromKey("Arn")),
  userId: Schema.optional(Schema.String).pipe(Schema.fromKey("UserId")),
  roleId: Schema.optional(Schema.String).pipe(Schema.fromKey("RoleId"))
}) {}

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
  response: GetCallerIdentityResponse,
  codes: []
})
