/**
 * AssumeRole: temporary credentials of a RAM role, for a caller that the role trusts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Operation from "../Operation.js"
import { type InputOf, onWire, optional, schemasOf } from "../Operation.js"
import { Request, requestId } from "../Request.js"
import { assumed } from "./Credentials.js"
import { ExternalId, RoleArn, RoleSessionName, SourceIdentity, session } from "./Fields.js"

const input = {
  /** The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. */
  roleArn: RoleArn,
  /** The session's name, which shows in audit logs: 2 to 64 letters, digits and `. @ - _`. */
  roleSessionName: RoleSessionName,
  ...session,
  /** What the role's owner agreed on with a third party: 2 to 1224 letters, digits and `_ + = , . @ : / -`. */
  externalId: optional(ExternalId),
  /** The source identity of the session, kept through role chaining: 2 to 64 letters, digits and `_ + = , . @ -`. */
  sourceIdentity: optional(SourceIdentity)
}

/**
 * The input of AssumeRole.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssumeRoleInput extends InputOf<typeof input> {}

/**
 * The request of AssumeRole.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleRequest extends Request<AssumeRoleRequest, AssumeRoleInput>(
  "alibaba",
  "AssumeRole"
)(schemasOf(input)) {}

/**
 * The response of AssumeRole.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleResponse extends Schema.Class<AssumeRoleResponse>(
  "effect-sts/alibaba/AssumeRoleResponse"
)({
  ...requestId,
  ...assumed,
  /** The source identity of the session, if it has one. */
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * The operation AssumeRole.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRoleOperation = Operation.alibaba({
  name: "AssumeRole",
  authentication: "signed",
  request: AssumeRoleRequest,
  input,
  response: onWire(AssumeRoleResponse),
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
