/**
 * AssumeRoleWithSAML: temporary credentials for who an identity provider vouches for in a SAML response. Anonymous:
 * the assertion is the proof.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { renamed } from "../Codec.js"
import { Request } from "../Request.js"
import { secretBetween } from "../Secret.js"
import { AssumedRoleUserFromWire } from "./AssumedRoleUser.js"
import { TemporaryCredentials } from "./Credentials.js"
import { DurationSeconds, Policy, RoleArn, SamlProviderArn } from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * What AssumeRoleWithSAML is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithSAMLRequest extends Request<AssumeRoleWithSAMLRequest>(
  "alibaba",
  "AssumeRoleWithSAML"
)({
  samlProviderArn: SamlProviderArn,
  roleArn: RoleArn,
  /** The whole SAML response of the identity provider, in base64: 4 to 100 000 characters. */
  samlAssertion: secretBetween(4, 100_000),
  policy: Schema.optional(Policy),
  durationSeconds: Schema.optional(DurationSeconds)
}) {}

/**
 * What the service read in the assertion.
 *
 * @category models
 * @since 0.1.0
 */
export class SAMLAssertionInfo extends Schema.Class<SAMLAssertionInfo>(
  "effect-sts/alibaba/SAMLAssertionInfo"
)({
  subjectType: Schema.optional(Schema.String),
  subject: Schema.optional(Schema.String),
  issuer: Schema.optional(Schema.String),
  recipient: Schema.optional(Schema.String)
}) {}

/**
 * {@link SAMLAssertionInfo} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const SAMLAssertionInfoFromWire = renamed(SAMLAssertionInfo, {
  subjectType: "SubjectType",
  subject: "Subject",
  issuer: "Issuer",
  recipient: "Recipient"
})

/**
 * What AssumeRoleWithSAML answers.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithSAMLResponse extends Schema.Class<AssumeRoleWithSAMLResponse>(
  "effect-sts/alibaba/AssumeRoleWithSAMLResponse"
)({
  requestId: Schema.optional(Schema.String),
  credentials: TemporaryCredentials,
  assumedRoleUser: AssumedRoleUserFromWire,
  samlAssertionInfo: Schema.optional(SAMLAssertionInfoFromWire),
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * {@link AssumeRoleWithSAMLResponse} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssumeRoleWithSAMLResponseFromWire = renamed(AssumeRoleWithSAMLResponse, {
  requestId: "RequestId",
  credentials: "Credentials",
  assumedRoleUser: "AssumedRoleUser",
  samlAssertionInfo: "SAMLAssertionInfo",
  sourceIdentity: "SourceIdentity"
})

/**
 * AssumeRoleWithSAML as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRoleWithSAML = Operation.make({
  name: "AssumeRoleWithSAML",
  authentication: "anonymous",
  request: AssumeRoleWithSAMLRequest,
  parameters: {
    samlProviderArn: "SAMLProviderArn",
    roleArn: "RoleArn",
    samlAssertion: "SAMLAssertion",
    policy: "Policy",
    durationSeconds: "DurationSeconds"
  },
  response: AssumeRoleWithSAMLResponseFromWire,
  codes: [
    "AuthenticationFail.IDPMetadata.Invalid",
    "AuthenticationFail.NoPermission",
    "AuthenticationFail.SAMLAssertion.Expired",
    "AuthenticationFail.SAMLAssertion.Invalid",
    "EntityNotExist.Role",
    "EntityNotExist.RoleArn",
    "EntityNotExist.SAMLProvider",
    "InvalidParameter.DurationSeconds",
    "InvalidParameter.PolicyGrammar",
    "InvalidParameter.PolicySize",
    "InvalidParameter.SAMLAssertion"
  ]
})
