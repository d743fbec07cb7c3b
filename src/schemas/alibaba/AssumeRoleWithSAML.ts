/**
 * AssumeRoleWithSAML: temporary credentials for someone an identity provider vouches for in a SAML response. Anonymous:
 * the assertion is the proof.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Operation from "../Operation.js"
import { type InputOf, onWire, schemasOf, secret } from "../Operation.js"
import { Request, requestId } from "../Request.js"
import { assumed } from "./Credentials.js"
import { RoleArn, SamlProviderArn, session } from "./Fields.js"

const input = {
  /** The provider's ARN in RAM, such as `acs:ram::123456789012:saml-provider/idp`. */
  samlProviderArn: SamlProviderArn,
  /** The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. */
  roleArn: RoleArn,
  /** The whole SAML response of the identity provider, in base64: 4 to 100 000 characters. */
  samlAssertion: secret(4, 100_000),
  ...session
}

/**
 * The input of AssumeRoleWithSAML.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssumeRoleWithSAMLInput extends InputOf<typeof input> {}

/**
 * The request of AssumeRoleWithSAML.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithSAMLRequest extends Request<AssumeRoleWithSAMLRequest, AssumeRoleWithSAMLInput>(
  "alibaba",
  "AssumeRoleWithSAML"
)(schemasOf(input)) {}

/**
 * What the service read in the assertion.
 *
 * @category models
 * @since 0.1.0
 */
export class SAMLAssertionInfo extends Schema.Class<SAMLAssertionInfo>(
  "effect-sts/alibaba/SAMLAssertionInfo"
)({
  /** The format of the `NameID`, such as `persistent` or `transient`. */
  subjectType: Schema.optional(Schema.String),
  /** The assertion's `NameID`: whom it vouches for. */
  subject: Schema.optional(Schema.String),
  /** The assertion's `Issuer`: the provider. */
  issuer: Schema.optional(Schema.String),
  /** The `Recipient` that the assertion is meant for. */
  recipient: Schema.optional(Schema.String)
}) {}

/**
 * The response of AssumeRoleWithSAML.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithSAMLResponse extends Schema.Class<AssumeRoleWithSAMLResponse>(
  "effect-sts/alibaba/AssumeRoleWithSAMLResponse"
)({
  ...requestId,
  ...assumed,
  /** What the service read in the assertion. */
  samlAssertionInfo: Schema.optional(onWire(SAMLAssertionInfo)),
  /** The source identity of the session, if the assertion has one. */
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * The operation AssumeRoleWithSAML.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRoleWithSAMLOperation = Operation.alibaba({
  name: "AssumeRoleWithSAML",
  authentication: "anonymous",
  request: AssumeRoleWithSAMLRequest,
  input,
  response: onWire(AssumeRoleWithSAMLResponse),
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
