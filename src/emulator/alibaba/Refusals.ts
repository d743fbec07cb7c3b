/**
 * What Alibaba Cloud refuses, in its own words: first the gateway, then its STS.
 *
 * Source: the API gateway's common error codes, and "Error codes", Security Token Service 2015-04-01.
 */
import { type Refusal, refusal } from "../Service.js"

/** No such action. */
export const invalidAction = refusal(
  404,
  "InvalidAction.NotFound",
  "Specified api is not found, please check your url and method."
)

/** No such version. */
export const invalidVersion = refusal(400, "InvalidVersion", "Specified parameter Version is not valid.")

/** A reply format other than JSON and XML. */
export const invalidFormat = refusal(
  400,
  "InvalidParameter.Format",
  "Specified parameter Format is not valid."
)

/** A body of a type that holds no parameters. */
export const contentType = refusal(
  400,
  "InvalidParameter.ContentType",
  'The ContentType request header must be either "application/json" or "application/x-www-form-urlencoded".'
)

/** A time more than 15 minutes off. */
export const timestampExpired = refusal(
  400,
  "InvalidTimeStamp.Expired",
  "Specified time stamp or date value is expired."
)

/** A time that is not written as `2026-01-31T12:00:00Z`. */
export const timestampFormat = refusal(
  400,
  "InvalidTimeStamp.Format",
  "Specified time stamp or date value is not well formatted."
)

/** A nonce that came before within 15 minutes. */
export const nonceUsed = refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")

/** No such access key. */
export const keyNotFound = refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")

/** A disabled access key. */
export const keyInactive = refusal(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")

/** A signature of an unknown scheme, or one that leaves out what it must cover. */
export const incompleteSignature = refusal(
  400,
  "IncompleteSignature",
  "The request signature does not conform to Aliyun standards."
)

/** Temporary credentials without their security token. */
export const tokenMissing = refusal(
  400,
  "MissingSecurityToken",
  "SecurityToken is mandatory for this action."
)

/** A security token whose time is over. */
export const tokenExpired = refusal(
  400,
  "InvalidSecurityToken.Expired",
  "Specified SecurityToken is expired."
)

/** A security token that was never issued. */
export const tokenMalformed = refusal(
  400,
  "InvalidSecurityToken.Malformed",
  "Specified SecurityToken is malformed."
)

/** A security token of another access key. */
export const tokenMismatch = refusal(
  400,
  "InvalidSecurityToken.MismatchWithAccessKey",
  "Specified SecurityToken mismatches with the AccessKey."
)

/** A common parameter that is missing. */
export const missingCommon = (name: string): Refusal =>
  refusal(400, `Missing${name}`, `${name} is mandatory for this action.`)

/** A signature that does not verify. The service tells the text that it signed. */
export const signatureDoesNotMatch = (stringToSign: string): Refusal =>
  refusal(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`
  )

/** A duration below 900 seconds or above the role's maximum. */
export const durationSeconds = refusal(
  400,
  "InvalidParameter.DurationSeconds",
  "The Min/Max value of DurationSeconds is 15min/1hr."
)

/** A policy that is not a policy document. */
export const policyGrammar = refusal(
  400,
  "InvalidParameter.PolicyGrammar",
  "The parameter Policy has not passed grammar check."
)

/** A policy that is too long. */
export const policySize = refusal(
  400,
  "InvalidParameter.PolicySize",
  "The size of Policy must be smaller than 2048 bytes."
)

/** A caller that may not assume roles, or that the role does not trust. */
export const noPermission = refusal(
  403,
  "NoPermission",
  "You are not authorized to do this action. You should be authorized by RAM."
)

/** No such role. */
export const roleNotFound = refusal(404, "EntityNotExist.Role", "The specified Role not exists .")

/** No such OIDC provider. */
export const oidcProviderNotFound = refusal(
  404,
  "EntityNotExist.OIDCProvider",
  "The specified OIDCProvider not exists ."
)

/** No such SAML provider. */
export const samlProviderNotFound = refusal(
  404,
  "EntityNotExist.SAMLProvider",
  "The specified SAMLProvider not exists ."
)

/** A role that does not trust the provider, or not under these conditions. */
export const federationNoPermission = refusal(
  403,
  "AuthenticationFail.NoPermission",
  "This role does not trust the identity provider, or a condition of its trust policy is not met."
)

/** An OIDC token whose time is over. */
export const oidcExpired = refusal(
  401,
  "AuthenticationFail.OIDCToken.Expired",
  "This JWT Token has been expired."
)

/** A SAML assertion outside its time. */
export const samlExpired = refusal(
  401,
  "AuthenticationFail.SAMLAssertion.Expired",
  "The SAML Assertion is expired."
)

/** A SAML provider registered with an unusable key. */
export const idpMetadata = refusal(
  401,
  "AuthenticationFail.IDPMetadata.Invalid",
  "The IdP Metadata of your SAML Provider is invalid."
)

/** A parameter of the operation that is missing. */
export const missing = (name: string): Refusal =>
  refusal(400, `MissingParameter.${name}`, `Parameter ${name} is required.`)

/** A parameter that breaks its form. */
export const wronglyFormed = (name: string): Refusal =>
  refusal(400, `InvalidParameter.${name}`, `The parameter ${name} is wrongly formed.`)

/** An OIDC token that proves nothing. */
export const oidcInvalid = (detail: string): Refusal =>
  refusal(401, "AuthenticationFail.OIDCToken.Invalid", `This JWT Token is invalid: ${detail}.`)

/** A SAML response that proves nothing. */
export const samlInvalid = (detail: string): Refusal =>
  refusal(401, "AuthenticationFail.SAMLAssertion.Invalid", `The SAML Assertion is invalid: ${detail}.`)
