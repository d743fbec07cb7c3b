/**
 * AssumeRoleWithOIDC: temporary credentials for who an OpenID Connect provider vouches for in a token. Anonymous:
 * the token is the proof.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { renamed } from "../Codec.js"
import { Request } from "../Request.js"
import { IdentityToken } from "../Secret.js"
import { AssumedRoleUserFromWire } from "./AssumedRoleUser.js"
import { TemporaryCredentials } from "./Credentials.js"
import { DurationSeconds, OidcProviderArn, Policy, RoleArn, RoleSessionName } from "./Fields.js"
import * as Operation from "./Operation.js"

/**
 * What AssumeRoleWithOIDC is asked.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithOIDCRequest extends Request<AssumeRoleWithOIDCRequest>(
  "alibaba",
  "AssumeRoleWithOIDC"
)({
  oidcProviderArn: OidcProviderArn,
  roleArn: RoleArn,
  /** The provider's JWT as it is, not wrapped in base64 once more: 4 to 20 000 characters. */
  oidcToken: IdentityToken,
  /** The service wants one; where it is left out the operation makes one, `effect-sts-` and a part of a nonce. */
  roleSessionName: Schema.optional(RoleSessionName),
  policy: Schema.optional(Policy),
  durationSeconds: Schema.optional(DurationSeconds)
}) {}

/**
 * What the service read in the token.
 *
 * @category models
 * @since 0.1.0
 */
export class OIDCTokenInfo extends Schema.Class<OIDCTokenInfo>("effect-sts/alibaba/OIDCTokenInfo")({
  subject: Schema.optional(Schema.String),
  issuer: Schema.optional(Schema.String),
  /** The audiences, one string with commas between them. */
  clientIds: Schema.optional(Schema.String),
  expirationTime: Schema.optional(Schema.String),
  issuanceTime: Schema.optional(Schema.String),
  verificationInfo: Schema.optional(Schema.String)
}) {}

/**
 * {@link OIDCTokenInfo} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const OIDCTokenInfoFromWire = renamed(OIDCTokenInfo, {
  subject: "Subject",
  issuer: "Issuer",
  clientIds: "ClientIds",
  expirationTime: "ExpirationTime",
  issuanceTime: "IssuanceTime",
  verificationInfo: "VerificationInfo"
})

/**
 * What AssumeRoleWithOIDC answers.
 *
 * @category models
 * @since 0.1.0
 */
export class AssumeRoleWithOIDCResponse extends Schema.Class<AssumeRoleWithOIDCResponse>(
  "effect-sts/alibaba/AssumeRoleWithOIDCResponse"
)({
  requestId: Schema.optional(Schema.String),
  credentials: TemporaryCredentials,
  assumedRoleUser: AssumedRoleUserFromWire,
  oidcTokenInfo: Schema.optional(OIDCTokenInfoFromWire),
  sourceIdentity: Schema.optional(Schema.String)
}) {}

/**
 * {@link AssumeRoleWithOIDCResponse} as the service writes it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const AssumeRoleWithOIDCResponseFromWire = renamed(AssumeRoleWithOIDCResponse, {
  requestId: "RequestId",
  credentials: "Credentials",
  assumedRoleUser: "AssumedRoleUser",
  oidcTokenInfo: "OIDCTokenInfo",
  sourceIdentity: "SourceIdentity"
})

/**
 * AssumeRoleWithOIDC as a value.
 *
 * @category operations
 * @since 0.1.0
 */
export const AssumeRoleWithOIDC = Operation.make({
  name: "AssumeRoleWithOIDC",
  authentication: "anonymous",
  request: AssumeRoleWithOIDCRequest,
  parameters: {
    oidcProviderArn: "OIDCProviderArn",
    roleArn: "RoleArn",
    oidcToken: "OIDCToken",
    roleSessionName: "RoleSessionName",
    policy: "Policy",
    durationSeconds: "DurationSeconds"
  },
  response: AssumeRoleWithOIDCResponseFromWire,
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
