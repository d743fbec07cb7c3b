/**
 * What AWS STS refuses, in its own words.
 *
 * Source: "AWS Security Token Service API Reference", version 2011-06-15.
 *
 * @since 0.1.0
 */
import { type Refusal, refusal } from "../Refusal.js"

/**
 * No such operation.
 *
 * @category refusals
 * @since 0.1.0
 */
export const invalidAction = (action: string, version: string | undefined): Refusal =>
  refusal(
    400,
    "InvalidAction",
    `Could not find operation ${action} for version ${version ?? "NO_VERSION_SPECIFIED"}`
  )

/**
 * No operation at all.
 *
 * @category refusals
 * @since 0.1.0
 */
export const missingAction = refusal(400, "MissingAction", "The request must contain the parameter Action.")

/**
 * A parameter that cannot be what it is.
 *
 * @category refusals
 * @since 0.1.0
 */
export const validation = (message: string): Refusal => refusal(400, "ValidationError", message)

/**
 * A caller that may not do what it asks.
 *
 * @category refusals
 * @since 0.1.0
 */
export const accessDenied = (message: string): Refusal => refusal(403, "AccessDenied", message)

/**
 * A caller that no policy allows an action.
 *
 * @category refusals
 * @since 0.1.0
 */
export const notAuthorized = (who: string, action: string, resource: string): Refusal =>
  accessDenied(`User: ${who} is not authorized to perform: ${action} on resource: ${resource}`)

/**
 * The root user, who has no roles.
 *
 * @category refusals
 * @since 0.1.0
 */
export const noRolesForRoot = accessDenied("Roles may not be assumed by root accounts.")

/**
 * An operation that wants a long-term key.
 *
 * @category refusals
 * @since 0.1.0
 */
export const noSessionCredentials = (action: string): Refusal =>
  accessDenied(`Cannot call ${action} with session credentials`)

/**
 * A duration above the role's maximum.
 *
 * @category refusals
 * @since 0.1.0
 */
export const durationTooLong = validation(
  "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
)

/**
 * A duration above an hour, asked for with a role's session.
 *
 * @category refusals
 * @since 0.1.0
 */
export const chainedDurationTooLong = validation(
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
)

/**
 * A policy that is not a policy document.
 *
 * @category refusals
 * @since 0.1.0
 */
export const malformedPolicy = (message: string): Refusal => refusal(400, "MalformedPolicyDocument", message)

/**
 * Policies and tags that need more room than there is.
 *
 * @category refusals
 * @since 0.1.0
 */
export const packedPolicyTooLarge = (percent: number): Refusal =>
  refusal(
    400,
    "PackedPolicyTooLarge",
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
  )

/**
 * A token that proves nothing.
 *
 * @category refusals
 * @since 0.1.0
 */
export const invalidIdentityToken = (message: string): Refusal =>
  refusal(400, "InvalidIdentityToken", message)

/**
 * A token whose time is over.
 *
 * @category refusals
 * @since 0.1.0
 */
export const expiredIdentityToken = (message: string): Refusal =>
  refusal(400, "ExpiredTokenException", message)

/**
 * An identity provider that says no.
 *
 * @category refusals
 * @since 0.1.0
 */
export const idpRejectedClaim = (message: string): Refusal => refusal(403, "IDPRejectedClaim", message)

/**
 * Somebody whom a provider vouches for, but whom the role does not trust.
 *
 * @category refusals
 * @since 0.1.0
 */
export const federationNotAuthorized = (action: string): Refusal =>
  accessDenied(`Not authorized to perform ${action}`)

/**
 * A message that this service never encoded.
 *
 * @category refusals
 * @since 0.1.0
 */
export const invalidAuthorizationMessage = refusal(
  400,
  "InvalidAuthorizationMessageException",
  "The provided message is not a valid encoded authorization message."
)

/**
 * A trade-in token whose time is over.
 *
 * @category refusals
 * @since 0.1.0
 */
export const expiredTradeInToken = refusal(
  400,
  "ExpiredTradeInTokenException",
  "The trade-in token provided in the request has expired."
)

/**
 * An account that issues no web identity tokens.
 *
 * @category refusals
 * @since 0.1.0
 */
export const outboundFederationDisabled = refusal(
  403,
  "OutboundWebIdentityFederationDisabledException",
  "The outbound web identity federation feature is not enabled for this account."
)

/**
 * A token that would outlive the session it is asked for with.
 *
 * @category refusals
 * @since 0.1.0
 */
export const sessionDurationEscalation = refusal(
  403,
  "SessionDurationEscalationException",
  "The requested token duration would extend the session beyond its original expiration time."
)

/**
 * A token that says too much.
 *
 * @category refusals
 * @since 0.1.0
 */
export const jwtPayloadSizeExceeded = refusal(
  400,
  "JWTPayloadSizeExceededException",
  "The requested token payload size exceeds the maximum allowed size."
)
