/**
 * AssumeRole: temporary credentials of an IAM role, for a caller that the role trusts.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { integer, list, string, structure } from "../../protocol/aws/shape.js"
import { Request } from "../Request.js"
import { Arn } from "./Arn.js"
import { AssumedRoleUser, assumedRoleUserShape } from "./AssumedRoleUser.js"
import { credentialsShape, TemporaryCredentials } from "./Credentials.js"
import {
  deviceWithCode,
  ExternalId,
  PolicyArns,
  ProvidedContexts,
  policyArnsShape,
  providedContextsShape,
  RoleDurationSeconds,
  RoleSessionName,
  SerialNumber,
  SessionTags,
  SourceIdentity,
  TokenCode,
  TransitiveTagKeys,
  tagsShape,
  UnrestrictedPolicy
} from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * What AssumeRole is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleRequest extends Request<AssumeRoleRequest>("aws", "AssumeRole")(
  {
    roleArn: Arn,
    roleSessionName: RoleSessionName,
    policyArns: Schema.optional(PolicyArns),
    policy: Schema.optional(UnrestrictedPolicy),
    durationSeconds: Schema.optional(RoleDurationSeconds),
    tags: Schema.optional(SessionTags),
    transitiveTagKeys: Schema.optional(TransitiveTagKeys),
    externalId: Schema.optional(ExternalId),
    serialNumber: Schema.optional(SerialNumber),
    tokenCode: Schema.optional(TokenCode),
    sourceIdentity: Schema.optional(SourceIdentity),
    providedContexts: Schema.optional(ProvidedContexts)
  },
  deviceWithCode
) {}

/**
 * What AssumeRole answers.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleResponse extends Schema.Class<AssumeRoleResponse>("effect-sts/aws/AssumeRoleResponse")(
  {
    requestId: Schema.optional(Schema.String),
    credentials: TemporaryCredentials,
    assumedRoleUser: Schema.optional(AssumedRoleUser),
    /** How much of the room for policies and tags is used, in percent. */
    packedPolicySize: Schema.optional(Schema.Number),
    sourceIdentity: Schema.optional(Schema.String)
  }
) {}

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
  input: structure({
    roleArn: ["RoleArn", string],
    roleSessionName: ["RoleSessionName", string],
    policyArns: ["PolicyArns", policyArnsShape],
    policy: ["Policy", string],
    durationSeconds: ["DurationSeconds", integer],
    tags: ["Tags", tagsShape],
    transitiveTagKeys: ["TransitiveTagKeys", list(string)],
    externalId: ["ExternalId", string],
    serialNumber: ["SerialNumber", string],
    tokenCode: ["TokenCode", string],
    sourceIdentity: ["SourceIdentity", string],
    providedContexts: ["ProvidedContexts", providedContextsShape]
  }),
  output: structure({
    credentials: ["Credentials", credentialsShape],
    assumedRoleUser: ["AssumedRoleUser", assumedRoleUserShape],
    packedPolicySize: ["PackedPolicySize", integer],
    sourceIdentity: ["SourceIdentity", string]
  }),
  response: AssumeRoleResponse,
  codes: [
    "ExpiredTokenException",
    "MalformedPolicyDocument",
    "PackedPolicyTooLarge",
    "RegionDisabledException"
  ]
})
