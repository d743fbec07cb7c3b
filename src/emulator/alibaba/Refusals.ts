/**
 * What Alibaba Cloud refuses, in its own words: first the gateway, then its STS.
 *
 * Source: the API gateway's common error codes, and "Error codes", Security Token Service 2015-04-01.
 */
import { type Refusal, refusal } from "../Service.js"

export const invalidAction = refusal(
  404,
  "InvalidAction.NotFound",
  "Specified api is not found, please check your url and method."
)
export const invalidVersion = refusal(400, "InvalidVersion", "Specified parameter Version is not valid.")
export const invalidFormat = refusal(
  400,
  "InvalidParameter.Format",
  "Specified parameter Format is not valid."
)
export const contentType = refusal(
  400,
  "InvalidParameter.ContentType",
  'The ContentType request header must be either "application/json" or "application/x-www-form-urlencoded".'
)
export const timestampExpired = refusal(
  400,
  "InvalidTimeStamp.Expired",
  "Specified time stamp or date value is expired."
)
export const timestampFormat = refusal(
  400,
  "InvalidTimeStamp.Format",
  "Specified time stamp or date value is not well formatted."
)
export const nonceUsed = refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
export const keyNotFound = refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
export const keyInactive = refusal(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")
export const incompleteSignature = refusal(
  400,
  "IncompleteSignature",
  "The request signature does not conform to Aliyun standards."
)
export const tokenMissing = refusal(
  400,
  "MissingSecurityToken",
  "SecurityToken is mandatory for this action."
)
export const tokenExpired = refusal(
  400,
  "InvalidSecurityToken.Expired",
  "Specified SecurityToken is expired."
)
export const tokenMalformed = refusal(
  400,
  "InvalidSecurityToken.Malformed",
  "Specified SecurityToken is malformed."
)
export const tokenMismatch = refusal(
  400,
  "InvalidSecurityToken.MismatchWithAccessKey",
  "Specified SecurityToken mismatches with the AccessKey."
)
/** A common parameter, by its own code. */
export const missingCommon = (name: string): Refusal =>
  refusal(400, `Missing${name}`, `${name} is mandatory for this action.`)
/** The message includes the text that the service signed. */
export const signatureDoesNotMatch = (stringToSign: string): Refusal =>
  refusal(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`
  )
export const durationSeconds = refusal(
  400,
  "InvalidParameter.DurationSeconds",
  "The Min/Max value of DurationSeconds is 15min/1hr."
)
export const policyGrammar = refusal(
  400,
  "InvalidParameter.PolicyGrammar",
  "The parameter Policy has not passed grammar check."
)
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
export const roleNotFound = refusal(404, "EntityNotExist.Role", "The specified Role not exists .")
export const oidcProviderNotFound = refusal(
  404,
  "EntityNotExist.OIDCProvider",
  "The specified OIDCProvider not exists ."
)
export const samlProviderNotFound = refusal(
  404,
  "EntityNotExist.SAMLProvider",
  "The specified SAMLProvider not exists ."
)
export const federationNoPermission = refusal(
  403,
  "AuthenticationFail.NoPermission",
  "This role does not trust the identity provider, or a condition of its trust policy is not met."
)
export const oidcExpired = refusal(
  401,
  "AuthenticationFail.OIDCToken.Expired",
  "This JWT Token has been expired."
)
export const samlExpired = refusal(
  401,
  "AuthenticationFail.SAMLAssertion.Expired",
  "The SAML Assertion is expired."
)
export const idpMetadata = refusal(
  401,
  "AuthenticationFail.IDPMetadata.Invalid",
  "The IdP Metadata of your SAML Provider is invalid."
)
export const missing = (name: string): Refusal =>
  refusal(400, `MissingParameter.${name}`, `Parameter ${name} is required.`)
export const wronglyFormed = (name: string): Refusal =>
  refusal(400, `InvalidParameter.${name}`, `The parameter ${name} is wrongly formed.`)
export const oidcInvalid = (detail: string): Refusal =>
  refusal(401, "AuthenticationFail.OIDCToken.Invalid", `This JWT Token is invalid: ${detail}.`)
export const samlInvalid = (detail: string): Refusal =>
  refusal(401, "AuthenticationFail.SAMLAssertion.Invalid", `The SAML Assertion is invalid: ${detail}.`)
