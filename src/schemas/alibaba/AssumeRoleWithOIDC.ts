/**
 * AssumeRoleWithOIDC: temporary credentials for someone an OpenID Connect provider vouches for in a token. Anonymous:
 * the token is the proof.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Operation from "../Operation.js"
import { type InputOf, identityToken, onWire, optional, schemasOf } from "../Operation.js"
import { Request, requestId } from "../Request.js"
import { assumed } from "./Credentials.js"
import { OidcProviderArn, RoleArn, RoleSessionName, session } from "./Fields.js"

const input = {
  /** The provider's ARN in RAM, such as `acs:ram::123456789012:oidc-provider/idp`. */
  oidcProviderArn: OidcProviderArn,
  /** The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. */
  roleArn: RoleArn,
  /** The provider's JWT as it is, not wrapped in base64 once more: 4 to 20 000 characters. */
  oidcToken: identityToken,
  /**
   * The session's name, which shows in audit logs: 2 to 64 letters, digits and `. @ - _`. The service wants one; where it
   * is left out the operation makes one, `effect-sts-` and a part of a nonce.
   */
  roleSessionName: { ...optional(RoleSessionName), required: true },
  ...session
}

/**
 * The input of AssumeRoleWithOIDC.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssumeRoleWithOIDCInput extends InputOf<typeof input> {}

/**
 * The request of AssumeRoleWithOIDC.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithOIDCRequest extends Request<AssumeRoleWithOIDCRequest, AssumeRoleWithOIDCInput>(
  "alibaba",
  "AssumeRoleWithOIDC"
)(schemasOf(input)) {}

/**
 * What the service read in the token.
 *
 * @category models
 * @since 0.1.0
 */
export class OIDCTokenInfo extends Schema.Class<OIDCTokenInfo>("effect-sts/alibaba/OIDCTokenInfo")({
  /** The token's `sub`: whom it vouches for. */
  subject: Schema.optional(Schema.String),
  /** The token's `iss`: the provider. */
  issuer: Schema.optional(Schema.String),
  /** The audiences, one string with commas between them. */
  clientIds: Schema.optional(Schema.String),
  /** When the token ends, as the service writes it. */
  expirationTime: Schema.optional(Schema.String),
  /** When it was issued, as the service writes it. */
  issuanceTime: Schema.optional(Schema.String),
  /** What came of looking at its signature, such as `Success`. */
  verificationInfo: Schema.optional(Schema.String)
}) {}

/**
 * The response of AssumeRoleWithOIDC.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithOIDCResponse extends Schema.Class<AssumeRoleWithOIDCResponse>(
  "effect-sts/alibaba/AssumeRoleWithOIDCResponse"
)({
  ...requestId,
  ...assumed,
  /** What the service read in the token. */
  oidcTokenInfo: Schema.optional(onWire(OIDCTokenInfo)),
  /** The source identity of the session, if the token has one. */
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * The operation AssumeRoleWithOIDC.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRoleWithOIDCOperation = Operation.alibaba({
  name: "AssumeRoleWithOIDC",
  authentication: "anonymous",
  request: AssumeRoleWithOIDCRequest,
  input,
  response: onWire(AssumeRoleWithOIDCResponse),
  codes: [
    "AuthenticationFail.NoPermission",
    "AuthenticationFail.OIDCToken.Expired",
    "AuthenticationFail.OIDCToken.Invalid",
    "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch",
    "EntityNotExist.OIDCProvider",
    "EntityNotExist.Role",
    "InvalidParameter.DurationSeconds",
    "InvalidParameter.PolicyGrammar",
    "InvalidParameter.PolicySize",
    "InvalidParameter.RoleArn",
    "InvalidParameter.RoleSessionName"
  ]
})
