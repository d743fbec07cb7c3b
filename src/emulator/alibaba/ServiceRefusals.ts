/**
 * What Alibaba Cloud STS refuses, in its own words.
 *
 * Source: "Error codes", Security Token Service 2015-04-01.
 */
import { type Refusal, refusal } from "../Refusal.js"

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
