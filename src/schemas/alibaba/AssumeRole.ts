/**
 * AssumeRole: temporary credentials of a RAM role, for a caller that the role trusts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { renamed } from "../Codec.js"
import { Request } from "../Request.js"
import { AssumedRoleUserFromWire } from "./AssumedRoleUser.js"
import { TemporaryCredentials } from "./Credentials.js"
import { DurationSeconds, ExternalId, Policy, RoleArn, RoleSessionName, SourceIdentity } from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * What AssumeRole is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleRequest extends Request<AssumeRoleRequest>(
  "alibaba",
  "AssumeRole"
)({
  roleArn: RoleArn,
  roleSessionName: RoleSessionName,
  durationSeconds: Schema.optional(DurationSeconds),
  policy: Schema.optional(Policy),
  externalId: Schema.optional(ExternalId),
  sourceIdentity: Schema.optional(SourceIdentity)
}) {}

/**
 * What AssumeRole answers.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleResponse extends Schema.Class<AssumeRoleResponse>(
  "effect-sts/alibaba/AssumeRoleResponse"
)({
  requestId: Schema.optional(Schema.String),
  credentials: TemporaryCredentials,
  assumedRoleUser: AssumedRoleUserFromWire,
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * {@link AssumeRoleResponse} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssumeRoleResponseFromWire = renamed(AssumeRoleResponse, {
  requestId: "RequestId",
  credentials: "Credentials",
  assumedRoleUser: "AssumedRoleUser",
  sourceIdentity: "SourceIdentity"
})

/**
 * AssumeRole as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRole = Operation.make({
  name: "AssumeRole",
  authentication: "signed",
  request: AssumeRoleRequest,
  parameters: {
    roleArn: "RoleArn",
    roleSessionName: "RoleSessionName",
    durationSeconds: "DurationSeconds",
    policy: "Policy",
    externalId: "ExternalId",
    sourceIdentity: "SourceIdentity"
  },
  response: AssumeRoleResponseFromWire,
  codes: [
    "EntityNotExist.Role",
    "InvalidParameter.DurationSeconds",
    "InvalidParameter.ExternalId",
    "InvalidParameter.PolicyGrammar",
    "InvalidParameter.PolicySize",
    "InvalidParameter.RoleArn",
    "InvalidParameter.RoleSessionName",
    "NoPermission"
  ]
})
